using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>The texts an option may take, where they are known only once plug-ins are loaded. Has a public constructor without parameters.</summary>
public interface IOptionChoices
{
    /// <summary>The allowed texts, in the order they are shown.</summary>
    /// <param name="solvers">The linear solvers of the session.</param>
    IEnumerable<string> In(SolverCatalogue solvers);
}

/// <summary>The names of the linear solvers.</summary>
public sealed class SolverNames : IOptionChoices
{
    /// <inheritdoc/>
    public IEnumerable<string> In(SolverCatalogue solvers) => solvers.All.Select(solver => solver.Name);
}
