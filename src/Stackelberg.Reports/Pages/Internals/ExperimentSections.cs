using Stackelberg.Reports.Reproductions;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>An experiment as sections: the question, the answer, and then what it rests on.</summary>
internal static class ExperimentSections
{
    /// <summary>All sections of an experiment.</summary>
    public static IEnumerable<PageSection> Of(Experiment experiment, PageLinks links)
    {
        yield return new TextSection("Question", Lines(experiment.Question));
        yield return Claims(experiment.Claims);
        if (experiment.Notes.Count > 0)
        {
            yield return new TextSection("What to know of these numbers", experiment.Notes, IsList: true) { Entry = "Notes" };
        }

        yield return new TableSection("Arms", "", [new("arm"), new("what it is")], [.. experiment.Arms.Select(a => new Cell[] { a.Label, a.Description })]) { Empty = "No arm is described." };
        foreach (ExperimentSection section in experiment.Sections)
        {
            string[] text = Lines(section.Text);
            yield return new TextSection(section.Title, section.Comparison is null ? [.. text, "There is no run of this part yet."] : text);
            foreach (PageSection part in section.Comparison is { } comparison ? ComparisonSections.Of(comparison, links, level: 3) : [])
            {
                yield return part;
            }
        }
    }

    private static TableSection Claims(IReadOnlyList<ClaimResult> claims)
    {
        string[] counts =
        [
            .. claims.GroupBy(c => c.Verdict).OrderBy(v => v.Key).Select(v => $"{v.Count()} {v.First().VerdictText}"),
        ];
        return new TableSection(
            "Verdicts", counts.Length == 0 ? "" : $"{PageText.Count(claims.Count, "claim")}: {string.Join(", ", counts)}. n is the number of seeds a number rests on; intervals are drawn with the published number as a line.",
            [
                new("claim"), new("published"), new("measured [interval]", CellFormat.Number), new("of"), new("n", CellFormat.Whole, "seeds"), new("verdict"), new("why"), new("claimed in"),
            ],
            [.. claims.Select(Row)])
        {
            Empty = "No claim is judged.",
        };
    }

    private static Cell[] Row(ClaimResult claim)
    {
        double[] ends = [.. new[] { claim.PublishedNumber, claim.Measured, claim.Low, claim.High }.Where(double.IsFinite)];
        (double, double) scale = ends.Length == 0 || ends.Min() == ends.Max() ? (ends.FirstOrDefault() - 1, ends.FirstOrDefault() + 1) : (ends.Min(), ends.Max());
        return
        [
            claim.Claim, claim.Published, Cell.Interval(claim.Measured, claim.Low, claim.High, scale, claim.PublishedNumber), claim.Unit, (long)claim.Count,
            Cell.Mood(claim.VerdictText, Mood(claim.Verdict)), claim.Detail, claim.Source.Length == 0 ? "–" : claim.Source,
        ];
    }

    private static string Mood(Verdict verdict) => verdict switch { Verdict.Reproduced => "good", Verdict.NotReproduced => "bad", _ => "open" };

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
