using ScottPlot;
using SkiaSharp;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages.Internals;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>One environment: axes, bands and lines, with the legend below.</summary>
internal sealed class FigurePanel
{
    private const float LineWidth = 1.6f, ReferenceWidth = 1, LeastHeight = 40;
    private const string ReferenceColour = "#6b7280";
    private static readonly float[] ReferenceDash = [3, 2];

    private readonly string environment, yTitle;
    private readonly IReadOnlyDictionary<string, int> styles;
    private readonly RunGroup[] drawn;
    private readonly FigureReference[] lines;
    private readonly FigureLegend legend;

    public FigurePanel(
        Comparison comparison, string environment, IReadOnlyList<RunGroup> groups, IReadOnlyDictionary<string, int> styles, IReadOnlyList<FigureReference> references, float width)
    {
        (this.environment, this.styles, yTitle) = (environment, styles, CurveCharts.YTitle(comparison));
        // a curve without any finite point is not given to the library at all: it has ended processes
        drawn = [.. groups.Where(g => FigureCurves.Stretches(g.Band.Steps, g.Band.Centre).Count > 0)];
        lines = [.. references.Where(r => double.IsFinite(r.Value))];
        legend = new FigureLegend(
            [.. drawn.Select(Entry), .. lines.Select(r => new FigureEntry(r.Label, ReferenceColour, ReferenceDash, ReferenceWidth))],
            [.. groups.Except(drawn).Select(g => $"not drawn, no value: {g.Label} ({PageText.Seeds(g)})"), .. references.Except(lines).Select(r => $"not drawn, no value: {r.Label}")],
            width);
    }

    /// <summary>What its legend needs below the axes.</summary>
    public float LegendHeight => legend.Height;

    /// <summary>Draws it into a rectangle.</summary>
    /// <param name="legendHeight">Height of the tallest legend of the figure: axes beside each other are then of one size.</param>
    public void Draw(SKCanvas canvas, SKRect area, float legendHeight)
    {
        float bottom = Math.Max(area.Top + LeastHeight, area.Bottom - legendHeight);
        using Plot plot = Axes();
        // it would wipe the panels before this one
        plot.RenderManager.Remove<ScottPlot.Rendering.RenderActions.ClearCanvas>();
        PixelRect place = new(area.Left, area.Right, bottom, area.Top);
        // its first call draws twice, the second time over the first where nothing is wiped: bands would be too dark
        using (SKNoDrawCanvas nowhere = new((int)area.Width, (int)area.Height))
        {
            plot.Render(nowhere, place);
        }

        plot.Render(canvas, place);
        legend.Draw(canvas, new SKRect(area.Left, bottom, area.Right, area.Bottom));
    }

    private FigureEntry Entry(RunGroup group) =>
        new($"{group.Label} ({PageText.Seeds(group)})", FigureColours.Colour(styles[group.Label]), FigureColours.Dash(styles[group.Label]), LineWidth);

    private Plot Axes()
    {
        Plot plot = new();
        (double unit, string name) = FigureCurves.Unit(drawn);
        foreach (RunGroup group in drawn)
        {
            FigureCurves.AddBand(plot, group.Band, unit, FigureColours.Colour(styles[group.Label]));
        }

        foreach (FigureReference line in lines)
        {
            ScottPlot.Plottables.HorizontalLine added = plot.Add.HorizontalLine(line.Value);
            (added.LineWidth, added.LineColor, added.LinePattern) = (ReferenceWidth, Color.FromHex(ReferenceColour), new LinePattern(ReferenceDash, 0, "reference"));
            added.EnableAutoscale = true;
        }

        foreach (RunGroup group in drawn)
        {
            FigureCurves.AddLine(plot, group.Band, unit, FigureColours.Colour(styles[group.Label]), FigureColours.Dash(styles[group.Label]), LineWidth);
        }

        FigureStyle.Apply(plot, environment, name, yTitle, isEmpty: drawn.Length + lines.Length == 0);
        return plot;
    }
}
