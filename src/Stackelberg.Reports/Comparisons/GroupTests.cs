using System.Globalization;
using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Is one of two groups better?</summary>
internal static class GroupTests
{
    /// <summary>What the scores say; nothing is called better by fewer than five seeds on either side.</summary>
    public static GroupPair Compare(RunGroup a, RunGroup b, ComparisonOptions options)
    {
        double[] x = [.. a.Runs.Select(r => r.Score)], y = [.. b.Runs.Select(r => r.Score)];
        RandomStream random = RandomStream.FromSeed(options.Seed).Split($"{NameOf(a.Runs)}/{NameOf(b.Runs)}");
        int fewest = Math.Min(Seeds(a), Seeds(b));
        PairResult result = Compare(x, y, fewest, random, options);
        string word = options.Metric == "return" ? "better" : "higher";
        string verdict = result.Outcome switch
        {
            Outcome.Yes => $"{a.Label} is {word}",
            Outcome.No => $"{b.Label} is {word}",
            _ when fewest < Comparison.FewestSeedsForVerdict => $"too few seeds to tell ({fewest}; {Comparison.FewestSeedsForVerdict} are needed)",
            _ => "cannot be told apart",
        };
        return new GroupPair(
            a.Environment, a.Label, b.Label, x.Length, y.Length, result.Probability, result.Interval.Low, result.Interval.High, TwoSampleTests.Welch(x, y).PValue, result.PermutationP, verdict);
    }

    /// <summary>Whether scores of one sample are above those of another: the rule of every table and verdict.</summary>
    /// <param name="seeds">Different seeds in the smaller sample.</param>
    /// <param name="random">The resamples, and nothing else, are drawn from it.</param>
    public static PairResult Compare(double[] x, double[] y, int seeds, RandomStream random, ComparisonOptions options)
    {
        Interval interval = ProbabilityOfImprovement.Interval([(x, y)], random.Split("improvement"), options.Resamples, options.Confidence);
        double p = TwoSampleTests.Permutation(x, y, random.Split("permutation"), options.Resamples).PValue;
        // both: the interval alone is too narrow for few seeds, the test of means alone is blind to one lucky seed
        Outcome outcome = seeds < Comparison.FewestSeedsForVerdict || !(p <= 1 - options.Confidence) ? Outcome.Open
            : interval.Low > 0.5 ? Outcome.Yes
            : interval.High < 0.5 ? Outcome.No
            : Outcome.Open;
        return new PairResult(ProbabilityOfImprovement.Of(x, y), interval, p, outcome);
    }

    /// <summary>A group for the name of a stream: its environment and scores, whatever else it is compared with.</summary>
    public static string NameOf(IReadOnlyList<ComparedRun> runs) => $"{runs[0].Environment}/{string.Join(' ', runs.Select(r => r.Score.ToString("R", CultureInfo.InvariantCulture)))}";

    // runs of one seed are not independent of each other, however many there are
    private static int Seeds(RunGroup group) => group.Runs.Select(r => r.Seed).Distinct().Count();
}

/// <summary>What two samples of scores say of each other.</summary>
/// <param name="Probability">That a score of the first is above one of the second; ties count half.</param>
/// <param name="Interval">Its bootstrap interval.</param>
/// <param name="PermutationP">Two-sided p-value of the permutation test of the means; NaN where it has none.</param>
/// <param name="Outcome">What follows.</param>
internal readonly record struct PairResult(double Probability, Interval Interval, double PermutationP, Outcome Outcome);

/// <summary>Whether one is above the other.</summary>
internal enum Outcome
{
    /// <summary>Neither can be said.</summary>
    Open,

    /// <summary>The first is.</summary>
    Yes,

    /// <summary>The second is.</summary>
    No,
}
