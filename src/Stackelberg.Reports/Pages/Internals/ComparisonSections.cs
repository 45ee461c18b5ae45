using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>A comparison as sections, in the order in which one asks: what is known, how it came about, whether to trust it, what it was made from.</summary>
internal static class ComparisonSections
{
    /// <summary>All sections of a comparison.</summary>
    /// <param name="level">Level of their headings.</param>
    public static IEnumerable<PageSection> Of(Comparison comparison, PageLinks links, int level = 2)
    {
        IEnumerable<PageSection?> sections =
        [
            Notes(comparison),
            ScoreTables.Groups(comparison),
            CurveCharts.Curves(comparison),
            ScoreTables.Pairs(comparison),
            HealthSections.Charts(comparison),
            HealthSections.Table(comparison),
            TimeBars.Of(comparison),
            .. SettingTables.Of(comparison),
            RunTables.Runs(comparison, links),
            RunTables.LeftOut(comparison),
            RunTables.Origins(comparison),
        ];
        return sections.OfType<PageSection>().Select(s => s with { Level = level });
    }

    private static TextSection? Notes(Comparison comparison)
    {
        List<string> notes = [.. comparison.Notes];
        if (comparison.Groups.Count == 0)
        {
            notes.Insert(0, "There is no run to compare: no group was formed.");
        }

        if (comparison.LeftOut.Count > 0)
        {
            notes.Add($"{PageText.Capital(PageText.Count(comparison.LeftOut.Count, "folder"))} {(comparison.LeftOut.Count == 1 ? "was" : "were")} found and left out; see “Left out”.");
        }

        return notes.Count == 0 ? null : new TextSection("What to know of these numbers", notes, IsList: true) { Entry = "Notes" };
    }
}
