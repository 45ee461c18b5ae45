namespace Stackelberg.Bilevel;

/// <summary>Chooses and parameterises a linear solver. Options a solver does not know are ignored by it; <see cref="SolverCatalogue"/>
/// lists which it reads.</summary>
public readonly record struct SolverOptions
{
    /// <summary>Conjugate gradients with all defaults.</summary>
    public SolverOptions()
    {
    }

    /// <summary>A name of the <see cref="SolverCatalogue"/> that makes the solver.</summary>
    public string Name { get; init; } = "cg";

    /// <summary>Iteration budget, at least 1; null: 4 per coordinate, at least 20 and at most 1000.</summary>
    public int? Iterations { get; init; }

    /// <summary>Relative residual to stop at, ≥ 0; null: 1e-5 in single, 1e-10 in double precision. 0 uses up the budget.</summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// <c>cg</c> only: go on through pᵀAp &lt; 0 instead of stopping with <see cref="SolveStatus.NonPositiveCurvature"/>. The published
    /// STAC code does so, with 10 iterations and tolerance 1e-5.
    /// </summary>
    public bool ContinueThroughNegativeCurvature { get; init; }

    /// <summary>
    /// <c>cg</c> only: keep every residual orthogonal to all before, as it is in exact arithmetic, at the price of one vector and two inner products
    /// per iteration and residual. Without it rounding errors grow by a factor of 10 to 100 per iteration where one eigenvalue stands out.
    /// </summary>
    public bool Reorthogonalise { get; init; }

    /// <summary><c>neumann</c> only: step size α &gt; 0; null: 1/‖A + λI‖, estimated by power iteration from the first residual.</summary>
    public double? StepSize { get; init; }

    /// <summary><c>nystrom</c>, <c>nystrom-pcg</c>, <c>nystrom-released</c>: number of sampled columns q ≥ 1, at most the number of coordinates.</summary>
    public int Rank { get; init; } = 5;

    /// <summary><c>nystrom</c>, <c>nystrom-pcg</c>, <c>nystrom-released</c>: ρ &gt; 0 of the low-rank inverse; null: the damping of the solve.</summary>
    public double? Rho { get; init; }

    /// <summary><c>nystrom</c>, <c>nystrom-pcg</c>, <c>nystrom-released</c>: how the sampled columns are drawn.</summary>
    public NystromColumns Columns { get; init; }

    /// <summary><c>block-diagonal</c> only: side o ≥ 1 of the diagonal blocks; 1 keeps the diagonal alone.</summary>
    public int Degree { get; init; } = 1;
}
