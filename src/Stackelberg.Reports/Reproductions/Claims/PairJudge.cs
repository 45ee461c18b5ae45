using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Reproductions.Claims;

/// <summary>Whether one sample of scores is above another: the rule of <c>compare</c>, for verdicts.</summary>
internal static class PairJudge
{
    private const int Resamples = 10_000;
    private const double Confidence = 0.95;

    /// <summary>Probability that a run of A is better than one of B, its interval, and what follows.</summary>
    /// <param name="name">Names the stream of resamples: the same pair, the same interval.</param>
    public static (double P, Interval Interval, Outcome Outcome) Compare(double[] a, double[] b, bool isLowerBetter, string name)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return (double.NaN, new Interval(double.NaN, double.NaN), Outcome.Open);
        }

        (double[] x, double[] y) = isLowerBetter ? (b, a) : (a, b);
        RandomStream random = RandomStream.FromSeed(0).Split(name);
        Interval interval = ProbabilityOfImprovement.Interval([(x, y)], random.Split("improvement"), Resamples, Confidence);
        double p = TwoSampleTests.Permutation(x, y, random.Split("permutation"), Resamples).PValue;
        Outcome outcome = Math.Min(a.Length, b.Length) < Comparison.FewestSeedsForVerdict || !(p <= 1 - Confidence) ? Outcome.Open
            : interval.Low > 0.5 ? Outcome.Yes
            : interval.High < 0.5 ? Outcome.No
            : Outcome.Open;
        return (ProbabilityOfImprovement.Of(x, y), interval, outcome);
    }
}

/// <summary>An answer on one environment.</summary>
internal enum Outcome
{
    /// <summary>Neither can be said.</summary>
    Open,

    /// <summary>It holds.</summary>
    Yes,

    /// <summary>The opposite holds.</summary>
    No,
}
