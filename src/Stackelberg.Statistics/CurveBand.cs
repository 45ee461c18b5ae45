namespace Stackelberg.Statistics;

/// <summary>Curves of several runs drawn together: a centre and an interval at each step of a common grid.</summary>
/// <param name="Steps">The grid.</param>
/// <param name="Centre">The statistic over the runs that have a value there.</param>
/// <param name="Low">Lower ends of its intervals.</param>
/// <param name="High">Upper ends.</param>
/// <param name="Counts">How many runs have a value at each step: curves of unequal length never become one of equal ones.</param>
public sealed record CurveBand(IReadOnlyList<double> Steps, IReadOnlyList<double> Centre, IReadOnlyList<double> Low, IReadOnlyList<double> High, IReadOnlyList<int> Counts);
