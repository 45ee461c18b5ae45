namespace Stackelberg.Statistics;

/// <summary>What one run reached over its steps.</summary>
/// <param name="Steps">Environment steps, ascending; of two equal ones the later counts.</param>
/// <param name="Values">The quantity at each of them; NaN where it is not known.</param>
public sealed record LearningCurve(IReadOnlyList<double> Steps, IReadOnlyList<double> Values);
