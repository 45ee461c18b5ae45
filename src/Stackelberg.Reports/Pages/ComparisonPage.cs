using Stackelberg.Experiments.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages.Internals;

namespace Stackelberg.Reports.Pages;

/// <summary>Turns a comparison into one HTML file that needs nothing else: no network, no other file. Numbers have six significant digits there.</summary>
public static class ComparisonPage
{
    /// <summary>Writes the page; the file appears under its name when it is complete.</summary>
    /// <param name="links">Replays and folders it leads to; null: folders of the runs alone.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static void Write(Comparison comparison, string path, PageLinks? links = null) =>
        WholeFile.Write(path, Compose(comparison, (links ?? new PageLinks()).From(path)));

    /// <summary>The page's text.</summary>
    public static string Compose(Comparison comparison, PageLinks? links = null)
    {
        int runs = comparison.Groups.Sum(g => g.Runs.Count);
        string title = $"{PageText.Count(comparison.Groups.Count, "group")}, {PageText.Count(runs, "run")}";
        return PageComposer.Compose(
            $"Comparison of {title}", PageText.Quantity(comparison), [.. ComparisonSections.Of(comparison, links ?? new PageLinks())]);
    }
}
