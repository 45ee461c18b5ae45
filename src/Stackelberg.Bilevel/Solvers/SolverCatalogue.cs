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
        new("identity", "puts I in place of A: x = b / (1 + λ)", OperatorProperties.None, false, [Tolerance], string.Empty),
        new("block-diagonal", "exact on diagonal blocks of side Degree; 1 is the diagonal", OperatorProperties.None, false,
            [nameof(SolverOptions.Degree), Tolerance], string.Empty),
        new("neumann", "truncated Neumann series with a step size", OperatorProperties.None, false,
            [Iterations, Tolerance, nameof(SolverOptions.StepSize)], "positive definite symmetric part to converge"),
        new("cg", "conjugate gradients with a curvature guard", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance, nameof(SolverOptions.ContinueThroughNegativeCurvature), nameof(SolverOptions.Reorthogonalise)], "positive definite A + λI to converge"),
        new("pcg", "conjugate gradients with a Jacobi preconditioner", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance], "positive definite A + λI to converge"),
        new("nystrom-pcg", "conjugate gradients with a Nyström preconditioner", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance, nameof(SolverOptions.Rank), nameof(SolverOptions.Rho)], "positive definite A + λI to converge"),
        new("minres", "minimal residuals; indefinite and singular systems too", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance], string.Empty),
        new("cgnr", "conjugate gradients on the normal equations; any operator with transposed products", OperatorProperties.None, true,
            [Iterations, Tolerance], string.Empty),
        new("nystrom", "rank-q Nyström approximation plus ρI, inverted by Woodbury", OperatorProperties.Symmetric, false,
            [nameof(SolverOptions.Rank), nameof(SolverOptions.Rho), Tolerance], "Rho or damping above 0"),
        new("gauss-newton", "exact for c JᵀJ + λI, by a Cholesky factorisation in sample space", OperatorProperties.PositiveSemidefinite, false,
            [Tolerance], "an operator that implements ISampleSpaceOperator"),
        new("cholesky", "exact for positive definite matrices", OperatorProperties.Symmetric, false, [], "at most 8192 coordinates"),
        new("exact", "exact for any matrix, by LU with partial pivoting", OperatorProperties.None, false, [], "at most 8192 coordinates"),
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
            "identity" => new IdentitySolver<T>(options),
            "block-diagonal" => new BlockDiagonalSolver<T>(options),
            "neumann" => new NeumannSeries<T>(options),
            "cg" => new ConjugateGradient<T>(options),
            "pcg" => new PreconditionedConjugateGradient<T>("pcg", options, new JacobiPreconditioner<T>()),
            "nystrom-pcg" => new PreconditionedConjugateGradient<T>(
                "nystrom-pcg", options, new NystromPreconditioner<T>(options, Stream(options, random))),
            "minres" => new Minres<T>(options),
            "cgnr" => new NormalEquations<T>(options),
            "nystrom" => new NystromSolver<T>(options, Stream(options, random)),
            "gauss-newton" => new GaussNewtonSolver<T>(options),
            "cholesky" => new CholeskySolver<T>(),
            "exact" => new ExactSolver<T>(),
            _ => throw new ArgumentException(
                $"No linear solver '{options.Name}'; there are: {string.Join(", ", All.Select(solver => solver.Name))}."),
        };

    private static RandomStream Stream(SolverOptions options, RandomStream? random) => random
        ?? throw new ArgumentException($"'{options.Name}' samples coordinates and needs a random stream; pass one to {nameof(Create)}.");
}
