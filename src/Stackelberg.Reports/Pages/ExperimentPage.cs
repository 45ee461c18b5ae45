using Stackelberg.Experiments.Internals;
using Stackelberg.Reports.Pages.Internals;

namespace Stackelberg.Reports.Pages;

/// <summary>Turns an experiment into one HTML file that needs nothing else, of the same parts as <see cref="ComparisonPage"/>.</summary>
public static class ExperimentPage
{
    /// <summary>Writes the page; the file appears under its name when it is complete.</summary>
    /// <param name="links">Replays and folders it leads to; null: folders of the runs alone.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static void Write(Experiment experiment, string path, PageLinks? links = null) =>
        WholeFile.Write(path, Compose(experiment, (links ?? new PageLinks()).From(path)));

    /// <summary>The page's text.</summary>
    public static string Compose(Experiment experiment, PageLinks? links = null) =>
        PageComposer.Compose(experiment.Title, "", [.. ExperimentSections.Of(experiment, links ?? new PageLinks())]);
}
