namespace Stackelberg.Statistics;

/// <summary>Outcome of a two-sided test.</summary>
/// <param name="Statistic">What the test compares; NaN where it cannot be computed.</param>
/// <param name="DegreesOfFreedom">Of the statistic's distribution; NaN where the test needs none.</param>
/// <param name="PValue">
/// Probability, if there is no difference, of a statistic at least as far from 0. In [0, 1]; NaN where the samples allow no test, never 0 or 1 instead.
/// </param>
/// <param name="Reason">Why <paramref name="PValue"/> is NaN, in one sentence; null where it is not.</param>
public readonly record struct TestResult(double Statistic, double DegreesOfFreedom, double PValue, string? Reason = null);
