namespace Stackelberg.Bilevel;

/// <summary>What one hypergradient did.</summary>
/// <param name="Method">The solver's name, or <c>unrolled</c>, <c>finite-difference</c>, <c>darts</c>, <c>none</c>.</param>
/// <param name="DirectNorm">‖∂₁f₁‖</param>
/// <param name="ImplicitNorm">‖(∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁‖, before any bound.</param>
/// <param name="Cosine">Cosine between the direct gradient and minus the implicit term; NaN when one of them is zero.</param>
/// <param name="Scale">Factor applied to the implicit term by its bound; 1 when it was not bounded.</param>
/// <param name="Solve">The linear solve; <see cref="LinearSolution.None"/> for methods without one.</param>
/// <param name="Guarded">Whether a guard replaced or dropped the implicit term.</param>
/// <param name="Seconds">Wall time of the whole computation.</param>
public readonly record struct HypergradientReport(
    string Method, double DirectNorm, double ImplicitNorm, double Cosine, double Scale, LinearSolution Solve, bool Guarded, double Seconds)
{
    private const double ParallelCosine = 1 - 1e-3;
    private const double CancelledLength = 0.1;

    /// <summary>Which leader update this is, counted from 0; methods of training set it.</summary>
    public long Update { get; init; }

    /// <summary>
    /// f₁ where ∂₁f₁ was taken: at the point, or with <c>unrolled</c> and <c>darts</c> where the follower's steps led. NaN where the method or the problem
    /// does not tell.
    /// </summary>
    public double LeaderLoss { get; init; } = double.NaN;

    /// <summary>Whether the implicit term was dropped: the result is the direct gradient, or a multiple of it.</summary>
    public bool Dropped { get; init; }

    /// <summary>Of <see cref="Seconds"/>, those for ∂₁f₁ and ∂₂f₁; 0 where a method does not tell.</summary>
    public double GradientSeconds { get; init; }

    /// <summary>Of <see cref="Seconds"/>, those for the linear solve.</summary>
    public double SolveSeconds { get; init; }

    /// <summary>Of <see cref="Seconds"/>, those for the mixed product.</summary>
    public double MixedSeconds { get; init; }

    /// <summary>Length of the total derivative along the direct gradient, in units of the direct gradient; NaN when either term is zero.</summary>
    public double Multiplier => 1 + (Cosine * Scale * ImplicitNorm / DirectNorm);

    /// <summary>Whether the implicit term has a direction of its own: |cosine| above 0.999 says it has not.</summary>
    public Degeneracy Degeneracy => Math.Abs(Cosine) <= ParallelCosine || double.IsNaN(Cosine) || Guarded ? Degeneracy.None
        : Math.Abs(Multiplier) <= CancelledLength ? Degeneracy.Cancels
        : Multiplier < 0 ? Degeneracy.Reverses
        : Degeneracy.Rescales;
}
