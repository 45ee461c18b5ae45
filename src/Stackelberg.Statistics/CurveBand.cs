using Stackelberg.Primitives;

namespace Stackelberg.Statistics;

/// <summary>Curves of several runs drawn together: a centre and an interval at each step of a common grid.</summary>
/// <param name="Steps">The grid.</param>
/// <param name="Centre">The statistic over the runs that have a value there; NaN where none has.</param>
/// <param name="Low">Lower ends of its intervals.</param>
/// <param name="High">Upper ends.</param>
/// <param name="Counts">How many runs have a value at each step: curves of unequal length never become one of equal ones.</param>
public sealed record CurveBand(IReadOnlyList<double> Steps, IReadOnlyList<double> Centre, IReadOnlyList<double> Low, IReadOnlyList<double> High, IReadOnlyList<int> Counts)
{
    /// <summary>
    /// The band of some curves, at each step from the values of <see cref="StepGrid.ValuesAt"/>, with percentile bootstrap intervals over the runs that have one.
    /// </summary>
    /// <remarks>
    /// Every step is resampled with the same random numbers: a band is no rougher than its curves, and the interval at a step does not depend on what other
    /// steps are on the grid. Where one run alone has a value, the interval has width 0; <see cref="Counts"/> tells.
    /// </remarks>
    /// <param name="curves">One of each run; may be of unequal length, or empty.</param>
    /// <param name="grid">Such as that of <see cref="StepGrid.Common"/>.</param>
    /// <param name="statistic">Such as <see cref="SampleStatistics.InterquartileMean"/>.</param>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">A curve has not one value for each step, or its steps do not ascend.</exception>
    public static CurveBand Of(
        IReadOnlyList<LearningCurve> curves,
        IReadOnlyList<double> grid,
        SampleStatistic statistic,
        RandomStream random,
        int resamples = 1000,
        double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(curves);
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentNullException.ThrowIfNull(random);
        Internals.Checks.Resampling(resamples, confidence);
        double[][] values = [.. curves.Select(c => StepGrid.ValuesAt(c, grid))];
        ulong seed = random.NextUInt64();
        double[] centre = new double[grid.Count];
        Interval[] intervals = new Interval[grid.Count];
        int[] counts = new int[grid.Count];
        for (int i = 0; i < grid.Count; i++)
        {
            double[] known = [.. values.Select(v => v[i]).Where(v => !double.IsNaN(v))];
            counts[i] = known.Length;
            (centre[i], intervals[i]) = known.Length == 0
                ? (double.NaN, new Interval(double.NaN, double.NaN))
                : (statistic(known), Bootstrap.Interval([known], statistic, RandomStream.FromSeed(seed), resamples, confidence));
        }

        return new CurveBand([.. grid], centre, [.. intervals.Select(x => x.Low)], [.. intervals.Select(x => x.High)], counts);
    }
}
