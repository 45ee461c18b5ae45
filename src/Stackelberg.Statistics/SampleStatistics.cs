using Stackelberg.Primitives;

namespace Stackelberg.Statistics;

/// <summary>An interval estimate.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>A statistic of a sample.</summary>
public delegate double SampleStatistic(ReadOnlySpan<double> sample);

/// <summary>Summaries of scores over seeds, after Agarwal et al. 2021 ("Deep RL at the edge of the statistical precipice").</summary>
public static class SampleStatistics
{
    /// <summary>Arithmetic mean; NaN for an empty sample.</summary>
    public static double Mean(ReadOnlySpan<double> sample)
    {
        double sum = 0;
        foreach (double value in sample)
        {
            sum += value;
        }

        return sum / sample.Length;
    }

    /// <summary>Population standard deviation √(Σ(x − x̄)²/n), as NumPy's <c>std</c>; 0 for one value, NaN for an empty sample.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> sample)
    {
        double mean = Mean(sample);
        double sum = 0;
        foreach (double value in sample)
        {
            sum += (value - mean) * (value - mean);
        }

        return Math.Sqrt(sum / sample.Length);
    }

    /// <summary>
    /// Interquartile mean: ⌊n/4⌋ of the smallest and as many of the largest values are left out, the rest is averaged. This is
    /// <c>scipy.stats.trim_mean(x, 0.25)</c>, as in rliable; no value is weighted in part. NaN for an empty sample.
    /// </summary>
    public static double InterquartileMean(ReadOnlySpan<double> sample)
    {
        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        int cut = sorted.Length / 4;
        return Mean(sorted.AsSpan(cut, sorted.Length - (2 * cut)));
    }

    /// <summary>
    /// The <paramref name="fraction"/>-quantile with linear interpolation between order statistics (NumPy's default, type 7 of Hyndman and Fan).
    /// </summary>
    /// <param name="fraction">In [0, 1].</param>
    /// <exception cref="ArgumentException">The sample is empty.</exception>
    public static double Quantile(ReadOnlySpan<double> sample, double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fraction, 0.0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1.0);
        if (sample.IsEmpty)
        {
            throw new ArgumentException("A quantile needs at least one value; got none.", nameof(sample));
        }

        double[] sorted = sample.ToArray();
        Array.Sort(sorted);
        double position = fraction * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>
    /// Percentile bootstrap interval of a statistic of the pooled scores, stratified: each resample draws, with replacement, from every
    /// stratum (the seeds of one task) as many values as it has.
    /// </summary>
    /// <param name="strata">Scores by task; none empty.</param>
    /// <param name="random">The resamples are a function of this stream alone.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <exception cref="ArgumentException">There is no stratum, or one is empty.</exception>
    public static Interval BootstrapInterval(
        IReadOnlyList<double[]> strata, SampleStatistic statistic, RandomStream random, int resamples = 2000, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1, both excluded.");
        }

        if (strata.Count == 0 || strata.Any(s => s.Length == 0))
        {
            throw new ArgumentException("A bootstrap needs at least one stratum and at least one score in each.", nameof(strata));
        }

        double[] sample = new double[strata.Sum(s => s.Length)];
        double[] values = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            int filled = 0;
            foreach (double[] stratum in strata)
            {
                for (int j = 0; j < stratum.Length; j++)
                {
                    sample[filled++] = stratum[random.NextInt32(stratum.Length)];
                }
            }

            values[i] = statistic(sample);
        }

        double tail = (1 - confidence) / 2;
        return new Interval(Quantile(values, tail), Quantile(values, 1 - tail));
    }
}
