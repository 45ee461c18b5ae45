using System.Text;
using Stackelberg.Primitives;
using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Reproductions.Claims;
using Stackelberg.Reports.Tables;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Ledgers;

/// <summary>The parts of a page that are made from summaries.</summary>
internal static class LedgerParts
{
    /// <summary>Makes the part a page asks for: <c>claims ENTRY…</c>, <c>scores ENTRY [QUANTITY]</c> or <c>origin ENTRY</c>.</summary>
    /// <exception cref="ReproductionException">There is no such part or entry.</exception>
    public static string Make(string request, string page, IReadOnlyDictionary<string, EntrySummary> summaries)
    {
        string[] words = request.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            ["claims", _, ..] => Claims([.. words.Skip(1).Select(id => (ReproductionCatalogue.Find(id), Summary(id)))]),
            ["scores", var id, ..] => Scores(ReproductionCatalogue.Find(id), Summary(id), words.Length > 2 ? string.Join(' ', words.Skip(2)) : null),
            ["origin", var id] => Origin(Summary(id)),
            _ => throw new ReproductionException($"'{page}' asks for the part '{request}'", "claims ENTRY…, scores ENTRY [QUANTITY], origin ENTRY", "mend the line in the page"),
        };

        // claims that are computed need no run; the others say that they were not run
        EntrySummary Summary(string id) => summaries.GetValueOrDefault(id) ?? new EntrySummary { Id = id, Scale = "", Command = "", Date = "", Machines = [], Versions = [], Scores = [] };
    }

    private static string Claims(IReadOnlyList<(ReproductionEntry Entry, EntrySummary Summary)> entries)
    {
        StringBuilder text = new("| claim | published | measured | n | verdict |\n|---|---|---|--:|---|\n");
        foreach ((ReproductionEntry entry, EntrySummary summary) in entries)
        {
            foreach (ClaimResult claim in ClaimJudge.Judge(entry, summary))
            {
                string measured = double.IsNaN(claim.Measured) ? "–" : $"{NumberTexts.Short(claim.Measured)} {NumberTexts.Interval(claim.Low, claim.High)} {claim.Unit}";
                text.Append($"| {Cell(claim.Claim)} ({Cell(entry.Source)}) | {Cell(claim.Published)} | {Cell(measured)}: {Cell(claim.Detail)} | {claim.Count} | **{claim.VerdictText}** |\n");
            }
        }

        return text.ToString();
    }

    private static string Scores(ReproductionEntry entry, EntrySummary summary, string? quantity)
    {
        string name = quantity ?? entry.Quantity.Name;
        string[] environments = [.. summary.Scores.Where(s => s.Quantity == name).Select(s => s.Environment).Distinct()];
        if (environments.Length == 0)
        {
            return "Not run yet.\n";
        }

        StringBuilder text = new($"{name}: interquartile mean over seeds, [95 % bootstrap interval], number of seeds.\n\n| arm | {string.Join(" | ", environments.Select(Cell))} |\n|---|{string.Concat(environments.Select(_ => "--:|"))}\n");
        foreach (Arm arm in entry.Arms)
        {
            text.Append($"| {arm.Id} | {string.Join(" | ", environments.Select(e => Score(summary, name, arm.Id, e)))} |\n");
        }

        return text.ToString();
    }

    private static string Score(EntrySummary summary, string quantity, string arm, string environment)
    {
        double[] scores = summary.Find(quantity, arm, environment);
        if (scores.Length < 2)
        {
            return scores.Length == 0 ? "–" : $"{NumberTexts.Short(scores[0])} (n = 1)";
        }

        Interval interval = Bootstrap.Interval([scores], SampleStatistics.InterquartileMean, RandomStream.FromSeed(0).Split($"{summary.Id}/{quantity}/{environment}/{arm}"), 10_000);
        return $"{NumberTexts.Short(SampleStatistics.InterquartileMean(scores))} {NumberTexts.Interval(interval.Low, interval.High)} (n = {scores.Length})";
    }

    private static string Origin(EntrySummary summary) => summary.Command.Length == 0
        ? "Not run yet.\n"
        : $"```\n./{summary.Command}\n```\n\n{summary.Date}; {string.Join("; ", summary.Machines)}; version {string.Join(", ", summary.Versions)}.{string.Concat(summary.Notes.Select(n => $" {n}"))}\n";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
