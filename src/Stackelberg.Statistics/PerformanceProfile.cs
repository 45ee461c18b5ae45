using Stackelberg.Primitives;
using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>Score distributions: which share of the runs scores above each threshold (Agarwal et al. 2021, after Dolan and Moré 2002).</summary>
public static class PerformanceProfile
{
    /// <summary>The share of the scores, over all runs of all tasks, that is above each threshold; equal to it does not count.</summary>
    /// <param name="strata">Scores by task. Where tasks have unequal numbers of runs, one with more of them weighs more.</param>
    /// <param name="thresholds">τ, in any order.</param>
    /// <returns>A share in [0, 1] for each threshold, the lower the higher it is.</returns>
    /// <exception cref="ArgumentException">There is no stratum, one is empty, or a score or threshold is NaN.</exception>
    public static double[] Of(IReadOnlyList<double[]> strata, IReadOnlyList<double> thresholds)
    {
        Checks.Strata(strata, nameof(strata));
        double[] taus = Checked(thresholds);
        double[] sorted = Sorted.Of(strata.SelectMany(s => s).ToArray(), nameof(strata));
        return [.. taus.Select(tau => ShareAbove(sorted, tau))];
    }

    /// <summary>Percentile bootstrap intervals of a profile, for each threshold by itself; runs are resampled within their task.</summary>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The ends of the intervals, by threshold.</returns>
    /// <inheritdoc cref="Of" path="/param"/>
    /// <inheritdoc cref="Of" path="/exception"/>
    public static (double[] Low, double[] High) Band(
        IReadOnlyList<double[]> strata, IReadOnlyList<double> thresholds, RandomStream random, int resamples = 2000, double confidence = 0.95)
    {
        Checks.Resampling(resamples, confidence);
        ArgumentNullException.ThrowIfNull(random);
        StratifiedSampler sampler = new(strata, nameof(strata));
        double[] taus = Checked(thresholds);
        double[][] shares = [.. taus.Select(_ => new double[resamples])];
        for (int i = 0; i < resamples; i++)
        {
            Span<double> sample = sampler.Draw(random);
            sample.Sort();
            for (int j = 0; j < taus.Length; j++)
            {
                shares[j][i] = ShareAbove(sample, taus[j]);
            }
        }

        Interval[] intervals = [.. shares.Select(s => Bootstrap.Percentiles(s, confidence))];
        return ([.. intervals.Select(i => i.Low)], [.. intervals.Select(i => i.High)]);
    }

    private static double ShareAbove(ReadOnlySpan<double> sorted, double tau) =>
        (sorted.Length - Sorted.CountUpTo(sorted, tau)) / (double)sorted.Length;

    private static double[] Checked(IReadOnlyList<double> thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        double[] taus = [.. thresholds];
        Checks.NoNaN(taus, nameof(thresholds), nameof(thresholds));
        return taus;
    }
}
