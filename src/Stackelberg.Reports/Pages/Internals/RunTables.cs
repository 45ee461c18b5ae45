using System.Globalization;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>The runs, what was left out, and the programs and machines they came from.</summary>
internal static class RunTables
{
    /// <summary>One row a run; folded where there are many.</summary>
    public static TableSection Runs(Comparison comparison, PageLinks links)
    {
        Cell[][] rows = [.. comparison.Groups.SelectMany(g => g.Runs.Select(r => Row(g, r, links)))];
        bool replays = comparison.Groups.Any(g => g.Runs.Any(r => links.Replay(r.Directory) is not null));
        return new TableSection(
            "Runs",
            replays ? "A replay plays episodes of the run's policy." : "",
            [
                new("environment"), new("group"), new("seed", CellFormat.Whole), new("score", CellFormat.Number), new("steps", CellFormat.Whole), new("ended"),
                new("took", CellFormat.Duration, "from start to end, evaluations included"), new("started (UTC)"), new("replay"), new("folder"),
            ],
            rows) { Folded = rows.Length > 12, Empty = "No run." };
    }

    /// <summary>Folders that were found and not used.</summary>
    public static TableSection LeftOut(Comparison comparison) => new(
        "Left out", "", [new("folder"), new("reason")], [.. comparison.LeftOut.Select(l => new Cell[] { l.Directory, l.Reason })])
    {
        Empty = "Nothing was left out.",
    };

    /// <summary>Versions, machines and dates.</summary>
    public static TableSection Origins(Comparison comparison) => new(
        "Versions, machines and dates", "A commit, where it is known, follows the version.",
        [new("version"), new("machine"), new("runs", CellFormat.Whole), new("first start (UTC)"), new("last start (UTC)"), new("groups")],
        [.. comparison.Groups.SelectMany(g => g.Runs.Select(r => (g, r))).GroupBy(p => (p.r.Version, p.r.Machine)).Select(o => new Cell[]
        {
            o.Key.Version, o.Key.Machine, (long)o.Count(), Date(o.Min(p => p.r.Started)), Date(o.Max(p => p.r.Started)),
            string.Join(", ", o.Select(p => p.g.Label).Distinct()),
        })])
    {
        Empty = "No run.",
        Entry = "Versions",
    };

    private static Cell[] Row(RunGroup group, ComparedRun run, PageLinks links) =>
    [
        group.Environment, group.Label, Seed(run.Seed), run.Score, run.Result.Steps, run.Result.Status.ToString().ToLowerInvariant(),
        run.Result.Times.WallSeconds > 0 ? run.Result.Times.WallSeconds : double.NaN, Date(run.Started),
        links.Replay(run.Directory) is { } replay ? Cell.Link("play", replay) : "–", Cell.Link(run.Directory, links.Folder(run.Directory)),
    ];

    // beyond that a browser's numbers lose digits
    private static Cell Seed(ulong seed) => seed < 1_000_000_000_000_000 ? (long)seed : seed.ToString(CultureInfo.InvariantCulture);

    private static string Date(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
