using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>The learning curves, a panel for each environment.</summary>
internal static class CurveCharts
{
    /// <summary>The section; with remarks in place of curves where there are none.</summary>
    public static ChartSection Curves(Comparison comparison)
    {
        IReadOnlyDictionary<string, int> styles = Styles(comparison);
        int points = Thinning.PointsFor(comparison.Groups.Sum(g => g.Runs.Count));
        bool thinned = comparison.Groups.Any(g => Thinning.Thins(g.Band.Steps.Count, points) || g.Runs.Any(r => Thinning.Thins(r.Curve.Steps.Count, points)));
        return new ChartSection(
            "Learning curves",
            $"Line: interquartile mean over the seeds of a group; band: its {PageText.Confidence(comparison)} bootstrap interval at each step, none for one seed."
                + PageText.Seeds(comparison.Groups)
                + (thinned ? $" Curves of more than {points} points are drawn with every second, third, … of them, the last always; none is averaged away." : ""),
            [.. PageText.ByEnvironment(comparison).Select(e => Panel(e.Key, [.. e], styles, comparison, points))]);
    }

    /// <summary>Number of the style of each label: the same in all environments.</summary>
    public static IReadOnlyDictionary<string, int> Styles(Comparison comparison) =>
        comparison.Groups.Select(g => g.Label).Distinct().Select((label, i) => (label, i)).ToDictionary(p => p.label, p => p.i);

    /// <summary>Title of the vertical axis.</summary>
    public static string YTitle(Comparison comparison) => $"{comparison.Quantity.Split(',')[0]} (IQM, {PageText.Confidence(comparison)} interval)";

    private static ChartPanel Panel(string environment, RunGroup[] groups, IReadOnlyDictionary<string, int> styles, Comparison comparison, int points) => new(
        environment,
        YTitle(comparison),
        IsLogarithmic: false,
        [.. groups.Where(HasCurve).Select(g => Series(g, styles[g.Label], points))],
        [.. groups.Select(Remark).OfType<string>()]);

    private static ChartSeries Series(RunGroup group, int style, int points) => new(
        group.Label, PageText.Seeds(group), style, Thinning.Thin(group.Band, points),
        [.. group.Runs.Where(r => r.Curve.Values.Any(double.IsFinite)).Select(r => ($"seed {r.Seed}", Thinning.Thin(r.Curve, points)))]);

    private static bool HasCurve(RunGroup group) => group.Band.Centre.Any(double.IsFinite);

    private static string? Remark(RunGroup group)
    {
        CurveBand band = group.Band;
        string who = $"{group.Label} ({PageText.Seeds(group)})";
        if (band.Steps.Count == 0)
        {
            return $"{who} has no curve: none of its runs has a value at any step.";
        }

        if (!HasCurve(group))
        {
            return $"{who} has no curve: none of its {PageText.Count(band.Steps.Count, "point")} is a finite number.";
        }

        int most = band.Counts.DefaultIfEmpty(group.Runs.Count).Max(), least = band.Counts.DefaultIfEmpty(group.Runs.Count).Min();
        return least == most && most == group.Runs.Count ? null
            : $"{who}: between {least} and {most} seeds have a value at a step; pointing at the curve says how many.";
    }
}
