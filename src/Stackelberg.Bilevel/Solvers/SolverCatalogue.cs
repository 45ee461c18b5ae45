using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>One linear solver as users choose it.</summary>
/// <param name="Name">In configuration and reports.</param>
/// <param name="Summary">One line.</param>
/// <param name="Requires">What an operator must declare.</param>
/// <param name="NeedsTransposed">Whether it needs transposed products.</param>
/// <param name="Options">The members of <see cref="SolverOptions"/> it reads.</param>
/// <param name="Needs">Anything else it needs, such as damping above zero; empty when nothing.</param>
public sealed record SolverDescriptor(
    string Name, string Summary, OperatorProperties Requires, bool NeedsTransposed, IReadOnlyList<string> Options, string Needs);

/// <summary>All linear solvers by name.</summary>
public static class SolverCatalogue
{
    private const string Iterations = nameof(SolverOptions.Iterations);
    private const string Tolerance = nameof(SolverOptions.Tolerance);

    /// <summary>The solvers, cheapest ideas first.</summary>
    public static IReadOnlyList<SolverDescriptor> All { get; } =
    [
        new("cg", "conjugate gradients with a curvature guard", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance, nameof(SolverOptions.ContinueThroughNegativeCurvature)], string.Empty),
    ];

    /// <summary>Names of the solvers that accept operators of these properties.</summary>
    public static IEnumerable<string> NamesFor(OperatorProperties properties, bool hasTransposed) =>
        from solver in All
        where (properties & solver.Requires) == solver.Requires && (hasTransposed || !solver.NeedsTransposed)
        select solver.Name;

    /// <summary>Builds a solver.</summary>
    /// <param name="options">Its name and parameters.</param>
    /// <param name="random">Where sampling solvers (<c>nystrom</c>, <c>nystrom-pcg</c>) draw from; others ignore it.</param>
    /// <exception cref="ArgumentException">The name is unknown, an option is out of range, or a sampling solver got no stream.</exception>
    public static ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => options.Name switch
        {
            "cg" => new ConjugateGradient<T>(options),
            _ => throw new ArgumentException(
                $"No linear solver '{options.Name}'; there are: {string.Join(", ", All.Select(solver => solver.Name))}."),
        };
}
