using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Scores of the groups, and of every two of them.</summary>
internal static class ScoreTables
{
    /// <summary>One row a group.</summary>
    public static TableSection Groups(Comparison comparison)
    {
        Dictionary<string, (double, double)> scales = PageText.ByEnvironment(comparison).ToDictionary(e => e.Key, e => ScaleOf([.. e]));
        string confidence = PageText.Confidence(comparison);
        return new TableSection(
            "Scores",
            $"{PageText.Capital(comparison.Quantity)}.{PageText.Seeds(comparison.Groups)} IQM: interquartile mean over seeds with its {confidence} bootstrap interval"
                + $" ({PageText.Number(comparison.Options.Resamples)} resamples), drawn on one scale per environment. Deviation: sample standard deviation over seeds (n − 1).",
            [
                new("environment"), new("group"), new("n", CellFormat.Whole, "seeds"),
                new($"IQM [{confidence} interval]", CellFormat.Number, "interquartile mean over seeds; sorted by it"),
                new("mean", CellFormat.Number), new("deviation", CellFormat.Number, "sample standard deviation over seeds, n − 1; none for one seed"),
                new("median", CellFormat.Number), new("min", CellFormat.Number), new("max", CellFormat.Number),
            ],
            [.. comparison.Groups.Select(g => Row(g, scales[g.Environment]))])
        {
            Empty = "No group: there is nothing to compare.",
        };
    }

    /// <summary>One row for every two groups of an environment.</summary>
    public static TableSection? Pairs(Comparison comparison) => comparison.Pairs.Count == 0 ? null : new TableSection(
        "Pairs",
        $"P(A > B): probability that a run of A scores above one of B, ties counting half, with its {PageText.Confidence(comparison)} bootstrap interval; the line marks one half."
            + $" p-values are two-sided and not corrected for the number of pairs ({comparison.Pairs.Count}). With fewer than {Comparison.FewestSeedsForVerdict} seeds in either group nothing is called better."
            + PageText.Seeds(comparison.Groups),
        [
            new("environment"), new("A"), new("B"), new("n of A", CellFormat.Whole), new("n of B", CellFormat.Whole),
            new("P(A > B)", CellFormat.Probability, "probability of improvement"),
            new("p, Welch", CellFormat.Probability, "Welch's t-test of the means"), new("p, permutation", CellFormat.Probability, "permutation test of the means"), new("verdict"),
        ],
        [.. comparison.Pairs.Select(Row)]);

    private static Cell[] Row(RunGroup group, (double, double) scale)
    {
        ScoreSummary s = group.Summary;
        return
        [
            group.Environment, group.Label, (long)s.Count, Cell.Interval(s.InterquartileMean, s.Low, s.High, scale),
            s.Mean, s.Deviation, s.Median, s.Minimum, s.Maximum,
        ];
    }

    private static Cell[] Row(GroupPair pair) =>
    [
        pair.Environment, pair.A, pair.B, (long)pair.CountA, (long)pair.CountB, Cell.Interval(pair.ProbabilityOfImprovement, pair.Low, pair.High, (0, 1), mark: 0.5),
        pair.WelchP, pair.PermutationP, pair.Verdict,
    ];

    // Everything finite that the cells of an environment show; a scale of no width would have no place for a value.
    private static (double Low, double High) ScaleOf(IReadOnlyList<RunGroup> groups)
    {
        double[] ends = [.. groups.SelectMany(g => new[] { g.Summary.Low, g.Summary.InterquartileMean, g.Summary.High }).Where(double.IsFinite)];
        return ends.Length == 0 ? (0, 1)
            : ends.Min() < ends.Max() ? (ends.Min(), ends.Max())
            : (ends[0] - 1, ends[0] + 1);
    }
}
