using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>How the leader's linear solves went.</summary>
internal static class HealthSections
{
    private static readonly (string Title, bool IsLogarithmic, Func<SolverHealth, LearningCurve> Curve)[] Curves =
    [
        ("relative residual", true, h => h.Residual),
        ("smallest curvature", false, h => h.Curvature),
        ("cosine", false, h => h.Cosine),
    ];

    /// <summary>Residuals, curvatures and cosines over the steps; null where no group has a leader.</summary>
    public static ChartSection? Charts(Comparison comparison)
    {
        IReadOnlyDictionary<string, int> styles = CurveCharts.Styles(comparison);
        bool single = comparison.Groups.Select(g => g.Environment).Distinct().Count() == 1;
        IEnumerable<ChartPanel> panels =
            from environment in PageText.ByEnvironment(comparison)
            let groups = environment.Where(g => g.Health is not null).ToArray()
            where groups.Length > 0
            from curve in Curves
            select Panel(single ? null : environment.Key, groups, curve.Title, curve.IsLogarithmic, curve.Curve, styles);
        ChartPanel[] all = [.. panels];
        return all.Length == 0 ? null : new ChartSection(
            "Solver health",
            "Of the leader's linear solves: medians over the runs of a group. A residual of 1 is that of no solve at all; a curvature below 0 means that the follower's problem was not convex there;"
                + " the cosine is that of the direct gradient and minus the implicit term, and near 1 the latter changes the direction little."
                + PageText.Seeds(comparison.Groups.Where(g => g.Health is not null)),
            all) { IsCompact = true };
    }

    /// <summary>Shares and statuses; null where no group has a leader.</summary>
    public static TableSection? Table(Comparison comparison)
    {
        RunGroup[] groups = [.. comparison.Groups.Where(g => g.Health is not null)];
        return groups.Length == 0 ? null : new TableSection(
            "Solves",
            "Guarded: another solve was put in place of the chosen one. Dropped: no implicit term was applied. Statuses are counted over all recorded updates of all seeds." + PageText.Seeds(groups),
            [
                new("environment"), new("group"), new("n", CellFormat.Whole, "seeds"), new("updates", CellFormat.Whole, "recorded leader updates of all seeds"),
                new("guarded", CellFormat.Share), new("dropped", CellFormat.Share), new("statuses"),
            ],
            [.. groups.Select(g => Row(g, g.Health!))]);
    }

    private static Cell[] Row(RunGroup group, SolverHealth health) =>
    [
        group.Environment, group.Label, (long)group.Runs.Count, health.Updates, health.Guarded, health.Dropped,
        health.Statuses.Count == 0 ? "none recorded" : string.Join(", ", health.Statuses.Select(s => $"{s.Status} {PageText.Number(s.Count)}")),
    ];

    private static ChartPanel Panel(
        string? environment, RunGroup[] groups, string title, bool log, Func<SolverHealth, LearningCurve> curve, IReadOnlyDictionary<string, int> styles)
    {
        ILookup<bool, RunGroup> known = groups.ToLookup(g => curve(g.Health!).Values.Any(double.IsFinite));
        return new ChartPanel(
            environment is null ? PageText.Capital(title) : $"{environment}: {title}", $"{title} (median)", log,
            [.. known[true].Select(g => new ChartSeries(g.Label, PageText.Seeds(g), styles[g.Label], Band(curve(g.Health!)), []))],
            [.. known[false].Select(g => $"{g.Label} ({PageText.Seeds(g)}) has no curve: no {title} was recorded.")]);
    }

    // a median without an interval
    private static CurveBand Band(LearningCurve curve)
    {
        LearningCurve thin = Thinning.Thin(curve, Thinning.PointsFor(1));
        return new CurveBand(thin.Steps, thin.Values, [], [], []);
    }
}
