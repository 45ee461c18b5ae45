using Stackelberg.Statistics;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Panels of curves with common controls.</summary>
internal sealed record ChartSection(string Title, string Caption, IReadOnlyList<ChartPanel> Panels) : PageSection("charts", Title, Caption)
{
    /// <summary>Whether three panels share a row of a wide screen.</summary>
    public bool IsCompact { get; init; }

    protected override void WriteBody(RecordWriter writer)
    {
        writer.Flag("compact", IsCompact);
        writer.Array("panels", Panels, panel => writer.Object(() => panel.Write(writer)));
    }
}

/// <summary>One pair of axes.</summary>
/// <param name="Title">Above it.</param>
/// <param name="YTitle">Of the vertical axis; the horizontal one has environment steps.</param>
/// <param name="IsLogarithmic">Whether the vertical axis is so at first.</param>
/// <param name="Remarks">What a reader would miss: curves that are absent, and why.</param>
internal sealed record ChartPanel(string Title, string YTitle, bool IsLogarithmic, IReadOnlyList<ChartSeries> Series, IReadOnlyList<string> Remarks)
{
    public void Write(RecordWriter writer)
    {
        writer.Text("title", Title);
        writer.Text("y_title", YTitle);
        writer.Flag("log", IsLogarithmic);
        writer.Array("remarks", Remarks, writer.Text);
        writer.Array("series", Series, s => writer.Object(() => s.Write(writer)));
    }
}

/// <summary>What a group has in a panel.</summary>
/// <param name="Seeds">Number of seeds, in words.</param>
/// <param name="Style">Number of its colour and dashes, the same wherever its label comes up.</param>
/// <param name="Band">What is drawn, thinned already.</param>
/// <param name="Runs">Curves of the single seeds, thinned already.</param>
internal sealed record ChartSeries(string Label, string Seeds, int Style, CurveBand Band, IReadOnlyList<(string Name, LearningCurve Curve)> Runs)
{
    public void Write(RecordWriter writer)
    {
        writer.Text("label", Label);
        writer.Text("seeds", Seeds);
        writer.Whole("style", Style);
        writer.Grid("x", Band.Steps);
        writer.Numbers("y", Band.Centre);
        writer.Numbers("low", Band.Low);
        writer.Numbers("high", Band.High);
        writer.Numbers("counts", Band.Counts.Select(c => (double)c));
        writer.Array("runs", Runs, run => writer.Object(() =>
        {
            writer.Text("name", run.Name);
            writer.Grid("x", run.Curve.Steps);
            writer.Numbers("y", run.Curve.Values);
        }));
    }
}
