using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>The solvers of this library.</summary>
internal sealed class BuiltInSolvers : ILinearSolverFactory
{
    private const string Iterations = nameof(SolverOptions.Iterations);
    private const string Tolerance = nameof(SolverOptions.Tolerance);
    private static readonly BuiltInSolvers Factory = new();

    /// <summary>Cheapest ideas first.</summary>
    public static IReadOnlyList<SolverDescriptor> All { get; } =
    [
        new("identity", "puts I in place of A: x = b / (1 + λ)", OperatorProperties.None, false, [Tolerance], string.Empty, Factory),
        new("block-diagonal", "exact on diagonal blocks of side Degree; 1 is the diagonal", OperatorProperties.None, false,
            [nameof(SolverOptions.Degree), Tolerance], string.Empty, Factory),
        new("neumann", "truncated Neumann series with a step size", OperatorProperties.None, false,
            [Iterations, Tolerance, nameof(SolverOptions.StepSize)], "positive definite symmetric part to converge", Factory),
        new("cg", "conjugate gradients with a curvature guard", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance, nameof(SolverOptions.ContinueThroughNegativeCurvature), nameof(SolverOptions.Reorthogonalise)], "positive definite A + λI to converge", Factory),
        new("pcg", "conjugate gradients with a Jacobi preconditioner", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance], "positive definite A + λI to converge", Factory),
        new("nystrom-pcg", "conjugate gradients with a Nyström preconditioner", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance, nameof(SolverOptions.Rank), nameof(SolverOptions.Rho), nameof(SolverOptions.Columns)], "positive definite A + λI to converge", Factory),
        new("minres", "minimal residuals; indefinite and singular systems too", OperatorProperties.Symmetric, false,
            [Iterations, Tolerance], string.Empty, Factory),
        new("cgnr", "conjugate gradients on the normal equations; any operator with transposed products", OperatorProperties.None, true,
            [Iterations, Tolerance], string.Empty, Factory),
        new("nystrom", "rank-q Nyström approximation plus ρI, inverted by Woodbury", OperatorProperties.Symmetric, false,
            [nameof(SolverOptions.Rank), nameof(SolverOptions.Rho), nameof(SolverOptions.Columns), Tolerance], "Rho or damping above 0", Factory),
        new("nystrom-released", "for reproduction only: nystrom as BLPO's released code computes it, scrambled and with a stray identity", OperatorProperties.Symmetric, false,
            [nameof(SolverOptions.Rank), nameof(SolverOptions.Rho), nameof(SolverOptions.Columns), Tolerance],
            "Rho or damping above 0, and an operator that implements IKnownTensors", Factory),
        new("gauss-newton", "exact for c JᵀJ + λI, by a Cholesky factorisation in sample space", OperatorProperties.PositiveSemidefinite, false,
            [], "an operator that implements ISampleSpaceOperator", Factory),
        new("cholesky", "exact for positive definite matrices", OperatorProperties.Symmetric, false, [], "at most 8192 coordinates", Factory),
        new("exact", "exact for any matrix, by LU with partial pivoting", OperatorProperties.None, false, [], "at most 8192 coordinates", Factory),
    ];

    /// <inheritdoc/>
    public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
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
            "nystrom-released" => new ReleasedNystromSolver<T>(options, Stream(options, random)),
            "gauss-newton" => new GaussNewtonSolver<T>(options),
            "cholesky" => new CholeskySolver<T>(),
            "exact" => new ExactSolver<T>(),
            _ => throw new ArgumentException($"'{options.Name}' is no solver of this library."),
        };

    private static RandomStream Stream(SolverOptions options, RandomStream? random) => random
        ?? throw new ArgumentException($"'{options.Name}' samples coordinates and needs a random stream; pass one to {nameof(SolverCatalogue.Create)}.");
}
