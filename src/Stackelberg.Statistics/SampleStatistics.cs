using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>A statistic of a sample, such as <see cref="SampleStatistics.InterquartileMean"/>.</summary>
/// <param name="sample">Lent for the call only.</param>
public delegate double SampleStatistic(ReadOnlySpan<double> sample);

/// <summary>Summaries of scores over seeds, after Agarwal et al. 2021 ("Deep RL at the edge of the statistical precipice").</summary>
/// <remarks>
/// A mean and a deviation of a sample with NaN are NaN. The statistics that order their values refuse it: sorted to one end it would pass for the
/// smallest score and be cut off.
/// </remarks>
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
    public static double StandardDeviation(ReadOnlySpan<double> sample) => Math.Sqrt(SquaredDeviations(sample) / sample.Length);

    /// <summary>Sample standard deviation √(Σ(x − x̄)²/(n − 1)), as NumPy's <c>std</c> with <c>ddof=1</c>; NaN for fewer than two values.</summary>
    public static double SampleDeviation(ReadOnlySpan<double> sample) =>
        sample.Length < 2 ? double.NaN : Math.Sqrt(SquaredDeviations(sample) / (sample.Length - 1));

    /// <summary>The middle value, or the mean of the two in the middle; NaN for an empty sample.</summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static double Median(ReadOnlySpan<double> sample)
    {
        double[] sorted = Sorted.Of(sample, nameof(sample));
        int half = sorted.Length / 2;
        return sorted.Length == 0 ? double.NaN : sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// <summary>
    /// Interquartile mean: ⌊n/4⌋ of the smallest and as many of the largest values are left out, the rest is averaged. This is
    /// <c>scipy.stats.trim_mean(x, 0.25)</c>, as in rliable; no value is weighted in part. NaN for an empty sample.
    /// </summary>
    /// <exception cref="ArgumentException">A value is NaN.</exception>
    public static double InterquartileMean(ReadOnlySpan<double> sample)
    {
        double[] sorted = Sorted.Of(sample, nameof(sample));
        int cut = sorted.Length / 4;
        return Mean(sorted.AsSpan(cut, sorted.Length - (2 * cut)));
    }

    /// <summary>
    /// The <paramref name="fraction"/>-quantile with linear interpolation between order statistics (NumPy's default, type 7 of Hyndman and Fan).
    /// </summary>
    /// <param name="fraction">In [0, 1].</param>
    /// <exception cref="ArgumentException">The sample is empty, or a value is NaN.</exception>
    public static double Quantile(ReadOnlySpan<double> sample, double fraction)
    {
        if (!(fraction is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "A quantile's fraction lies between 0 and 1.");
        }

        if (sample.IsEmpty)
        {
            throw new ArgumentException("A quantile needs at least one value; got none.", nameof(sample));
        }

        return Sorted.Quantile(Sorted.Of(sample, nameof(sample)), fraction);
    }

    /// <summary>
    /// Optimality gap of Agarwal et al. 2021: <paramref name="target"/> − mean(min(x, <paramref name="target"/>)), how far the scores fall short of
    /// the target when what exceeds it does not count. At least 0, lower is better; NaN for an empty sample.
    /// </summary>
    /// <param name="target">γ: the score that is good enough, 1 for scores normalised by a reference.</param>
    /// <exception cref="ArgumentException">A value or the target is NaN.</exception>
    public static double OptimalityGap(ReadOnlySpan<double> sample, double target = 1)
    {
        Checks.NoNaN(sample, nameof(sample), nameof(sample));
        if (double.IsNaN(target))
        {
            throw new ArgumentException("target is NaN; a gap needs a score to fall short of.", nameof(target));
        }

        double sum = 0;
        foreach (double value in sample)
        {
            sum += Math.Min(value, target);
        }

        return target - (sum / sample.Length);
    }

    private static double SquaredDeviations(ReadOnlySpan<double> sample)
    {
        double mean = Mean(sample);
        double sum = 0;
        foreach (double value in sample)
        {
            sum += (value - mean) * (value - mean);
        }

        return sum;
    }
}
