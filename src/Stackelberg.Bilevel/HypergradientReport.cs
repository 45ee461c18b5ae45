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
    string Method, double DirectNorm, double ImplicitNorm, double Cosine, double Scale, LinearSolution Solve, bool Guarded, double Seconds);
