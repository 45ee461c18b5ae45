using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Groups of runs, side by side.</summary>
public sealed record Comparison
{
    /// <summary>Fewest seeds in each of two groups for a table to say that one is better.</summary>
    public const int FewestSeedsForVerdict = 5;

    /// <summary>How they were compared.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>The compared quantity in words, with its kind, such as "episode return, evaluation, at the end".</summary>
    public required string Quantity { get; init; }

    /// <summary>Configuration keys that tell the groups apart, <c>algo</c> and <c>env</c> included where they do.</summary>
    public required IReadOnlyList<string> GroupedBy { get; init; }

    /// <summary>The groups, by environment and label.</summary>
    public required IReadOnlyList<RunGroup> Groups { get; init; }

    /// <summary>Every two groups of the same environment.</summary>
    public required IReadOnlyList<GroupPair> Pairs { get; init; }

    /// <summary>What was found and not used.</summary>
    public required IReadOnlyList<LeftOut> LeftOut { get; init; }

    /// <summary>What a reader must know of the numbers, one sentence each: unequal lengths, settings that differ within a group, few seeds.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Runs that differ in their seed alone, as far as the comparison's keys tell.</summary>
public sealed record RunGroup
{
    /// <summary>Short name, distinct within its environment, such as <c>stac</c> or <c>fsddpg degree=2</c>.</summary>
    public required string Label { get; init; }

    /// <summary>Environment id.</summary>
    public required string Environment { get; init; }

    /// <summary>Algorithm id.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Values of the keys that tell groups apart.</summary>
    public required IReadOnlyDictionary<string, string> Keys { get; init; }

    /// <summary>By seed.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>Of the runs' scores.</summary>
    public required ScoreSummary Summary { get; init; }

    /// <summary>Interquartile mean of the curves, with bootstrap intervals.</summary>
    public required CurveBand Band { get; init; }

    /// <summary>How the leader's solves went; null for algorithms without a leader.</summary>
    public SolverHealth? Health { get; init; }

    /// <summary>Seconds by part, means over the runs.</summary>
    public required IReadOnlyList<(string Part, double Seconds)> Times { get; init; }
}

/// <summary>Scores of a group.</summary>
/// <param name="Count">Seeds.</param>
/// <param name="Deviation">Sample standard deviation over seeds, divided by n − 1; NaN for one.</param>
/// <param name="Low">Lower end of the interquartile mean's bootstrap interval.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ScoreSummary(int Count, double Mean, double Deviation, double Median, double InterquartileMean, double Low, double High, double Minimum, double Maximum)
{
    /// <summary>Of some scores; the interval is drawn from the stream alone.</summary>
    public static ScoreSummary Of(double[] scores, RandomStream random, ComparisonOptions options)
    {
        Interval interval = Bootstrap.Interval([scores], SampleStatistics.InterquartileMean, random, options.Resamples, options.Confidence);
        return new ScoreSummary(
            scores.Length, SampleStatistics.Mean(scores), SampleStatistics.SampleDeviation(scores), SampleStatistics.Median(scores), SampleStatistics.InterquartileMean(scores),
            interval.Low, interval.High, scores.Min(), scores.Max());
    }
}

/// <summary>Two groups of one environment.</summary>
/// <param name="A">Label of the first.</param>
/// <param name="B">Label of the second.</param>
/// <param name="ProbabilityOfImprovement">That a run of A scores above one of B; ties count half.</param>
/// <param name="Low">Lower end of its bootstrap interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="WelchP">Two-sided p-value of Welch's test; NaN where it has none.</param>
/// <param name="PermutationP">Two-sided p-value of the permutation test of the means; NaN where it has none.</param>
/// <param name="Verdict">In words; never "better" below <see cref="Comparison.FewestSeedsForVerdict"/> seeds.</param>
public sealed record GroupPair(
    string Environment, string A, string B, int CountA, int CountB, double ProbabilityOfImprovement, double Low, double High, double WelchP, double PermutationP, string Verdict);

/// <summary>A folder that was found and not used.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record LeftOut(string Directory, string Reason);

/// <summary>The leader's linear solves over a group's runs, from their <c>hypergradient.csv</c>.</summary>
/// <param name="Updates">Rows read.</param>
/// <param name="Guarded">Share of rows in which the guard put another solve in place of the chosen one.</param>
/// <param name="Dropped">Share of rows without an implicit term.</param>
/// <param name="Statuses">How often each status of the solver came up.</param>
/// <param name="Residual">Median relative residual over the runs, at steps of a grid.</param>
/// <param name="Curvature">Median of the smallest curvature met.</param>
/// <param name="Cosine">Median cosine of the direct gradient and minus the implicit term.</param>
public sealed record SolverHealth(
    long Updates, double Guarded, double Dropped, IReadOnlyList<(string Status, long Count)> Statuses, LearningCurve Residual, LearningCurve Curvature, LearningCurve Cosine);
