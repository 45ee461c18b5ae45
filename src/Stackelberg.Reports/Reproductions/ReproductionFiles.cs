using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Figures;
using Stackelberg.Reports.Pages;

namespace Stackelberg.Reports.Reproductions;

/// <summary>What a run of an entry leaves behind beside its runs.</summary>
public static class ReproductionFiles
{
    /// <summary>Writes <c>summary.json</c>, <c>report.html</c> and <c>figure.svg</c> into the entry's folder, and returns their paths.</summary>
    /// <exception cref="IOException">One cannot be written.</exception>
    public static IReadOnlyList<string> Write(ReproductionEntry entry, ReproductionResult result, string folder)
    {
        string summary = Path.Combine(folder, EntrySummary.FileName), page = Path.Combine(folder, "report.html"), figure = Path.Combine(folder, "figure.svg");
        result.Summary.Write(summary);
        ExperimentPage.Write(Page(entry, result), page);
        if (result.Comparison is null)
        {
            return [summary, page];
        }

        ComparisonFigure.Write(result.Comparison, figure, new FigureOptions { References = References(entry) });
        return [summary, page, figure];
    }

    /// <summary>Published numbers of the quantity that is drawn: the middle of each claimed range with two ends.</summary>
    internal static IReadOnlyList<FigureReference> References(ReproductionEntry entry) =>
    [
        .. entry.Claims.Where(c => c is { Kind: "range", Quantity: null, Low: not null, High: not null })
            .SelectMany(c => c.Environments.Select(e => new FigureReference(EnvironmentFile.NameOf(e), $"{c.A}, published", (c.Low!.Value + c.High!.Value) / 2))),
    ];

    private static Experiment Page(ReproductionEntry entry, ReproductionResult result) => new(
        entry.Title, $"{entry.Question.Trim()}\n{entry.Source}",
        [new ExperimentSection("Measurements", $"{result.Summary.Command}", result.Comparison)])
    {
        Arms = [.. entry.Arms.Select(a => new ExperimentArm(a.Id, Describe(a)))],
        Claims = result.Claims,
        Notes = result.Summary.Notes,
    };

    private static string Describe(Arm arm)
    {
        string settings = string.Join(", ", arm.Settings.Select(s => $"{s.Key} = {s.Value}"));
        return string.Join("; ", new[] { arm.Text, arm.Algo, settings }.Where(t => t.Length > 0));
    }
}
