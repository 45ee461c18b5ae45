namespace Stackelberg.Bilevel;

/// <summary>What a guard sees before the implicit term is applied.</summary>
/// <param name="Solve">The linear solve.</param>
/// <param name="DirectNorm">‖∂₁f₁‖</param>
/// <param name="ImplicitNorm">Norm of the implicit term.</param>
/// <param name="Cosine">Cosine between the direct gradient and minus the implicit term; NaN when one is zero.</param>
public readonly record struct GuardedTerm(LinearSolution Solve, double DirectNorm, double ImplicitNorm, double Cosine)
{
    /// <summary>
    /// Length of the total derivative along the direct gradient, in units of the direct gradient: 1 without an implicit term, the step
    /// multiplier when both are collinear. 1 when the direct gradient is zero.
    /// </summary>
    public double Multiplier => double.IsNaN(Cosine) ? 1 : 1 + (Cosine * ImplicitNorm / DirectNorm);
}

/// <summary>Decides whether an implicit term may be used.</summary>
public interface IHypergradientGuard
{
    /// <summary>NaN to use the term as it is; otherwise the result becomes this multiple of the direct gradient (1 drops the
    /// term).</summary>
    double Replace(in GuardedTerm term);
}

/// <summary>
/// Acts when the linear solve is bad or the step multiplier is out of range.
/// </summary>
/// <remarks>
/// Measured for STAC on CartPole: while the true relative residual is at most 1, the multiplier of a truncated CG on the full Hessian lies
/// in [0, 5] in 99.98 % of updates; beyond, it reaches hundreds. The exact multiplier there is 2 without damping.
/// </remarks>
/// <param name="MaximumResidual">Largest true relative residual accepted; a residual of NaN is not.</param>
/// <param name="MinimumMultiplier">Smallest <see cref="GuardedTerm.Multiplier"/> accepted.</param>
/// <param name="MaximumMultiplier">Largest one accepted.</param>
/// <param name="Replacement">The multiple of the direct gradient used instead; 1 drops the implicit term.</param>
public sealed record MultiplierGuard(
    double MaximumResidual = 1, double MinimumMultiplier = 0, double MaximumMultiplier = 5, double Replacement = 1) : IHypergradientGuard
{
    /// <inheritdoc/>
    public double Replace(in GuardedTerm term)
    {
        bool accepted = term.Solve.RelativeResidual <= MaximumResidual
            && term.Multiplier >= MinimumMultiplier
            && term.Multiplier <= MaximumMultiplier;
        return accepted ? double.NaN : Replacement;
    }
}
