using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stackelberg.Faults.Framework;

/// <summary>The table at the end, and the same as JSON.</summary>
internal static class Report
{
    private static readonly (string Head, Outcome[] Outcomes)[] Columns =
    [
        ("ended as promised", [Outcome.Done]), ("refused", [Outcome.Refused]), ("resumed equal", [Outcome.Equal]), ("said so", [Outcome.Said]), ("not tried", [Outcome.Skipped]),
        ("stack traces", [Outcome.StackTrace]), ("hangs", [Outcome.Hang]), ("silent uses", [Outcome.SilentUse]), ("lost", [Outcome.Lost]),
        ("exit codes", [Outcome.ExitCode]), ("form", [Outcome.Form]), ("crashes", [Outcome.Crash]), ("debris", [Outcome.Debris]),
    ];

    /// <summary>The table in Markdown, as it stands in docs/faults.md.</summary>
    public static string Table(IReadOnlyList<KindReport> reports)
    {
        StringBuilder text = new();
        Row(text, ["kind", "tries", .. Columns.Select(c => c.Head), "seconds"]);
        Row(text, [.. Enumerable.Repeat("---", Columns.Length + 3)]);
        foreach (KindReport report in reports)
        {
            Row(text, [report.Kind, $"{report.Tries}", .. Columns.Select(c => $"{c.Outcomes.Sum(o => report[o])}"), report.Seconds.ToString("F0", CultureInfo.InvariantCulture)]);
        }

        return text.ToString();
    }

    public static void WriteJson(string file, CampaignOptions options, IReadOnlyList<KindReport> reports) => File.WriteAllText(file, JsonSerializer.Serialize(
        new
        {
            seed = options.Seed,
            kinds = reports.Select(r => new
            {
                kind = r.Kind,
                title = r.Title,
                tries = r.Tries,
                seconds = r.Seconds,
                counts = Enum.GetValues<Outcome>().ToDictionary(o => o.ToString(), o => r[o]),
                broken = r.Broken.Select(b => new { index = b.Index, outcome = b.Verdict.Outcome.ToString(), detail = b.Verdict.Detail }),
            }),
        },
        JsonSerializerOptions.Web));

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
