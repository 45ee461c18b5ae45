using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Internals;

/// <summary>The ways to split the scores of two samples into samples of the same sizes.</summary>
internal sealed class Splits
{
    // sums of the same scores in another order differ by rounding, and a tie lost to it would halve a small p
    private const double Rounding = 1e-12;

    // all scores less their mean: a split's means differ by a multiple of the sum over either part
    private readonly double[] scores;

    // of the smaller sample
    private readonly int size;
    private readonly double threshold;

    public Splits(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        // sorted, so that neither the order of the scores nor that of the samples shows in any bit
        scores = [.. x, .. y];
        Array.Sort(scores);
        double mean = SampleStatistics.Mean(scores), scale = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            scale = Math.Max(scale, Math.Abs(scores[i]));
            scores[i] -= mean;
        }

        ReadOnlySpan<double> smaller = x.Length <= y.Length ? x : y;
        size = smaller.Length;
        double[] observed = smaller.ToArray();
        Array.Sort(observed);
        threshold = Math.Abs(observed.Sum(s => s - mean)) - (Rounding * scale * size);
    }

    /// <summary>How many there are; null if more than <paramref name="limit"/>.</summary>
    public int? CountUpTo(int limit)
    {
        double count = 1;
        for (int i = 1; i <= size; i++)
        {
            // whole after every step: the binomial coefficient of i
            count = count * (scores.Length - size + i) / i;
            if (count > limit)
            {
                return null;
            }
        }

        return (int)count;
    }

    /// <summary>How many differ at least as much as the one observed.</summary>
    public int CountExtreme() => CountExtreme(0, size, 0);

    /// <summary>How many of some random ones do.</summary>
    public int CountExtreme(RandomStream random, int draws)
    {
        int extreme = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            double sum = 0;
            for (int i = 0; i < size; i++)
            {
                int j = i + random.NextInt32(scores.Length - i);
                (scores[i], scores[j]) = (scores[j], scores[i]);
                sum += scores[i];
            }

            extreme += Math.Abs(sum) >= threshold ? 1 : 0;
        }

        return extreme;
    }

    private int CountExtreme(int start, int left, double sum)
    {
        if (left == 0)
        {
            return Math.Abs(sum) >= threshold ? 1 : 0;
        }

        int extreme = 0;
        for (int i = start; i <= scores.Length - left; i++)
        {
            extreme += CountExtreme(i + 1, left - 1, sum + scores[i]);
        }

        return extreme;
    }
}
