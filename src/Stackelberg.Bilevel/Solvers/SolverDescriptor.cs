using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>One linear solver as users choose it.</summary>
/// <param name="Name">In configuration and reports: lower-case letters, digits and single hyphens, such as <c>nystrom-pcg</c>.</param>
/// <param name="Summary">One line.</param>
/// <param name="Requires">What an operator must declare; the same as the solver's <see cref="ILinearSolver{T}.Requires"/>.</param>
/// <param name="NeedsTransposed">Whether it needs transposed products.</param>
/// <param name="Options">The members of <see cref="SolverOptions"/> it reads.</param>
/// <param name="Needs">Anything else it needs, such as damping above zero; empty when nothing.</param>
/// <param name="Factory">Makes it.</param>
public sealed record SolverDescriptor(
    string Name, string Summary, OperatorProperties Requires, bool NeedsTransposed, IReadOnlyList<string> Options, string Needs, ILinearSolverFactory Factory);

/// <summary>Makes a linear solver in any precision.</summary>
public interface ILinearSolverFactory
{
    /// <summary>Makes a fresh solver.</summary>
    /// <param name="options">With the name the solver is registered under, which the solver bears too.</param>
    /// <param name="random">Where a sampling solver draws from; null where the caller has no stream.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a stream is needed and missing; the message says what is allowed.</exception>
    ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>
/// The entry of an assembly that brings linear solvers of its own: <c>stackelberg train --plugin my.dll --set hypergradient.solver=mine …</c>. Implement
/// it in a public class with a public constructor without parameters; the class may be the entry for environments and algorithms too.
/// </summary>
public interface ISolverPlugin
{
    /// <summary>Adds solvers to the catalogue.</summary>
    void Register(SolverCatalogue catalogue);
}

/// <summary>A linear solver from outside this library failed or broke its contract; the message names the solver, its assembly and the fault.</summary>
public sealed class SolverException(string message, Exception? innerException = null) : Exception(message, innerException);
