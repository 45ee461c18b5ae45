using Stackelberg.Primitives;
using Stackelberg.Statistics.Internals;

namespace Stackelberg.Statistics;

/// <summary>Two-sided tests of whether two samples, such as the scores of two algorithms over seeds, have the same mean.</summary>
public static class TwoSampleTests
{
    /// <summary>
    /// Welch's t-test, for samples of unequal size and variance: t = (x̄ − ȳ)/√(s²ₓ/n + s²ᵧ/m) with the degrees of freedom of Welch and Satterthwaite
    /// (Welch 1947, "The generalization of 'Student's' problem when several different population variances are involved").
    /// </summary>
    /// <remarks>It takes the means for normally distributed, which a handful of runs with a few failures among them is not.</remarks>
    /// <returns>NaN with a reason where a sample has fewer than two scores, a score is infinite, or both samples are constant.</returns>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static TestResult Welch(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Check(x, y);
        double difference = SampleStatistics.Mean(x) - SampleStatistics.Mean(y);
        if (x.Length < 2 || y.Length < 2)
        {
            return new(double.NaN, double.NaN, double.NaN, $"Welch's test needs two scores in each sample; there are {x.Length} and {y.Length}.");
        }

        if (!double.IsFinite(difference))
        {
            return new(double.NaN, double.NaN, double.NaN, "Welch's test needs finite scores and means; one is infinite.");
        }

        double a = VarianceOfMean(x), b = VarianceOfMean(y);
        if (a + b == 0)
        {
            return new(double.NaN, double.NaN, double.NaN, "Both samples are constant: there is no variance to compare the difference with.");
        }

        // by shares of the sum, since a² would underflow long before a does
        double share = a / (a + b), rest = b / (a + b);
        double degrees = 1 / ((share * share / (x.Length - 1)) + (rest * rest / (y.Length - 1)));
        double t = difference / Math.Sqrt(a + b);
        return new(t, degrees, StudentT.TwoSided(t, degrees));
    }

    /// <summary>
    /// Permutation test of the difference of the means (Fisher 1935, Pitman 1937): the share of the ways to split all scores into samples of these sizes whose
    /// means differ at least as much. It assumes no distribution.
    /// </summary>
    /// <remarks>
    /// All splits are tried where there are no more than <paramref name="permutations"/> of them, and <paramref name="random"/> is not drawn from. Otherwise
    /// m random ones are, of which b differ as much, and p = (b + 1)/(m + 1): never 0 (Phipson and Smyth 2010). Differences that are equal
    /// but for rounding count as equal. Exchanging the samples, or reordering their scores, changes no bit of p.
    /// </remarks>
    /// <param name="random">The random splits are a function of this stream alone.</param>
    /// <param name="permutations">At least 1.</param>
    /// <returns>The difference of the means, no degrees of freedom, and p; NaN with a reason where a sample is empty or a score infinite.</returns>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static TestResult Permutation(ReadOnlySpan<double> x, ReadOnlySpan<double> y, RandomStream random, int permutations = 10_000)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        Check(x, y);
        double difference = SampleStatistics.Mean(x) - SampleStatistics.Mean(y);
        if (x.IsEmpty || y.IsEmpty)
        {
            return new(double.NaN, double.NaN, double.NaN, $"A permutation test needs a score in each sample; there are {x.Length} and {y.Length}.");
        }

        if (!double.IsFinite(difference))
        {
            return new(double.NaN, double.NaN, double.NaN, "A permutation test needs finite scores and means; one is infinite.");
        }

        Splits splits = new(x, y);
        double p = splits.CountUpTo(permutations) is int count
            ? splits.CountExtreme() / (double)count
            : (splits.CountExtreme(random, permutations) + 1) / (permutations + 1.0);
        return new(difference, double.NaN, p);
    }

    private static double VarianceOfMean(ReadOnlySpan<double> sample)
    {
        // equal scores may differ from their rounded mean, and would seem to vary
        if (!sample.ContainsAnyExcept(sample[0]))
        {
            return 0;
        }

        double deviation = SampleStatistics.SampleDeviation(sample);
        return deviation * deviation / sample.Length;
    }

    private static void Check(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Checks.NoNaN(x, nameof(x), nameof(x));
        Checks.NoNaN(y, nameof(y), nameof(y));
    }
}
