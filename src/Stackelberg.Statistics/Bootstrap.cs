using Stackelberg.Primitives;
using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>Percentile intervals by resampling (Efron 1979), stratified by task as in rliable (Agarwal et al. 2021).</summary>
public static class Bootstrap
{
    /// <summary>
    /// Percentile bootstrap interval of a statistic of the pooled scores, stratified: each resample draws, with replacement and independently of the
    /// others, from every stratum (the runs of one task) as many values as it has.
    /// </summary>
    /// <remarks>
    /// The order of the scores within a stratum does not matter to any bit of the result. One score alone, or equal ones, give an interval of width 0:
    /// there is nothing to resample. For shares of successes use <see cref="Proportion"/>, whose intervals hold at 0 and 1 too.
    /// </remarks>
    /// <param name="strata">Scores by task; none empty.</param>
    /// <param name="statistic">Sees the strata one after the other. Where it is NaN for a resample, so are both ends.</param>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="resamples">At least 1; rliable takes 50 000, and 2000 for profiles.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">There is no stratum, one is empty, or a score is NaN.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="resamples"/> or <paramref name="confidence"/> is.</exception>
    public static Interval Interval(
        IReadOnlyList<double[]> strata, SampleStatistic statistic, RandomStream random, int resamples = 2000, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        return Of(new StratifiedSampler(strata, nameof(strata)), sample => statistic(sample), random, resamples, confidence);
    }

    /// <summary>The interval of a statistic that may reorder its sample.</summary>
    internal static Interval Of(StratifiedSampler sampler, OwnedStatistic statistic, RandomStream random, int resamples, double confidence)
    {
        Checks.Resampling(resamples, confidence);
        ArgumentNullException.ThrowIfNull(random);
        double[] values = new double[resamples];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = statistic(sampler.Draw(random));
        }

        return Percentiles(values, confidence);
    }

    /// <summary>The middle <paramref name="confidence"/> of the values, which are sorted in place; NaN where one is.</summary>
    internal static Interval Percentiles(Span<double> values, double confidence)
    {
        values.Sort();
        if (double.IsNaN(values[0]))
        {
            return new Interval(double.NaN, double.NaN);
        }

        double tail = (1 - confidence) / 2;
        return new Interval(Sorted.Quantile(values, tail), Sorted.Quantile(values, 1 - tail));
    }

    /// <summary>A statistic of a sample that is its own for the call.</summary>
    internal delegate double OwnedStatistic(Span<double> sample);
}
