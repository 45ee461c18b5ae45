using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Where the time went.</summary>
internal static class TimeBars
{
    /// <summary>A bar for each group that has times; null where none has.</summary>
    public static BarSection? Of(Comparison comparison)
    {
        RunGroup[] groups = [.. comparison.Groups.Where(g => g.Times.Count > 0)];
        string[] parts = [.. groups.SelectMany(g => g.Times.Select(t => t.Part)).Distinct()];
        return groups.Length == 0 ? null : new BarSection(
            "Where the time went", "Seconds of one run by part, means over the seeds of a group. Runs on unlike machines, or beside others, are not comparable in this." + PageText.Seeds(groups),
            parts, [.. groups.Select(g => new Bar(g.Environment, $"{g.Label}, {PageText.Seeds(g)}", [.. parts.Select(p => Seconds(g, p))]))]);
    }

    private static double Seconds(RunGroup group, string part)
    {
        double[] of = [.. group.Times.Where(t => t.Part == part).Select(t => t.Seconds)];
        return of.Length == 0 ? double.NaN : of.Sum();
    }
}
