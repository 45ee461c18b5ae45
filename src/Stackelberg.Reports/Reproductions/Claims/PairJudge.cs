using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Reproductions.Claims;

/// <summary>Whether one sample of scores is above another: as <see cref="GroupTests"/> has it, for verdicts.</summary>
internal static class PairJudge
{
    private static readonly ComparisonOptions Rule = new();

    /// <summary>Probability that a run of A is better than one of B, its interval, and what follows.</summary>
    /// <param name="name">Names the stream of resamples: the same pair, the same interval.</param>
    public static (double P, Interval Interval, Outcome Outcome) Compare(double[] a, double[] b, bool isLowerBetter, string name)
    {
        // a score that is no number is neither above nor below another, nor the same as one
        if (a.Length == 0 || b.Length == 0 || a.Any(double.IsNaN) || b.Any(double.IsNaN))
        {
            return (double.NaN, new Interval(double.NaN, double.NaN), Outcome.Open);
        }

        (double[] x, double[] y) = isLowerBetter ? (b, a) : (a, b);
        // a summary has each seed once
        PairResult pair = GroupTests.Compare(x, y, Math.Min(a.Length, b.Length), RandomStream.FromSeed(0).Split(name), Rule);
        return (pair.Probability, pair.Interval, pair.Outcome);
    }
}
