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
        Interval interval = ProbabilityOfImprovement.Interval([(x, y)], random.Split("improvement"), options.Resamples, options.Confidence);
        double permutation = TwoSampleTests.Permutation(x, y, random.Split("permutation"), options.Resamples).PValue;
        return new GroupPair(
            a.Environment, a.Label, b.Label, x.Length, y.Length, ProbabilityOfImprovement.Of(x, y), interval.Low, interval.High,
            TwoSampleTests.Welch(x, y).PValue, permutation, Verdict(a, b, interval, permutation, options));
    }

    /// <summary>A group for the name of a stream: its environment and scores, whatever else it is compared with.</summary>
    public static string NameOf(IReadOnlyList<ComparedRun> runs) => $"{runs[0].Environment}/{string.Join(' ', runs.Select(r => r.Score.ToString("R", CultureInfo.InvariantCulture)))}";

    private static string Verdict(RunGroup a, RunGroup b, Interval improvement, double permutation, ComparisonOptions options)
    {
        int fewest = Math.Min(Seeds(a), Seeds(b));
        string word = options.Metric == "return" ? "better" : "higher";
        return fewest < Comparison.FewestSeedsForVerdict ? $"too few seeds to tell ({fewest}; {Comparison.FewestSeedsForVerdict} are needed)"
            // both: the interval alone is too narrow for few seeds, the test of means alone is blind to one lucky seed
            : !(permutation <= 1 - options.Confidence) ? "cannot be told apart"
            : improvement.Low > 0.5 ? $"{a.Label} is {word}"
            : improvement.High < 0.5 ? $"{b.Label} is {word}"
            : "cannot be told apart";
    }

    // runs of one seed are not independent of each other, however many there are
    private static int Seeds(RunGroup group) => group.Runs.Select(r => r.Seed).Distinct().Count();
}
