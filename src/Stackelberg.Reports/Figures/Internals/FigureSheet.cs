using SkiaSharp;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages.Internals;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Panels in a grid.</summary>
internal sealed class FigureSheet
{
    /// <summary>Lengths of drawings are in units of which so many are an inch, as in browsers.</summary>
    public const float UnitsPerInch = 96;

    private const int MostColumns = 3;

    private readonly FigurePanel[] panels;
    private readonly int columns;
    private readonly float panelWidth, panelHeight;

    public FigureSheet(Comparison comparison, FigureOptions options)
    {
        FigureFonts.Register();
        panelWidth = (float)options.PanelWidth * UnitsPerInch;
        IReadOnlyDictionary<string, int> styles = CurveCharts.Styles(comparison);
        panels = [.. PageText.ByEnvironment(comparison).Select(e => new FigurePanel(comparison, e.Key, [.. e], styles, [.. options.References.Where(r => r.Environment == e.Key)], panelWidth))];
        columns = options.Columns ?? Math.Clamp(panels.Length, 1, MostColumns);
        panelHeight = (float)options.PanelHeight * UnitsPerInch;
    }

    /// <summary>Width of the whole.</summary>
    public float Width => columns * panelWidth;

    /// <summary>Height of the whole.</summary>
    public float Height => Math.Max(1, (panels.Length + columns - 1) / columns) * panelHeight;

    /// <summary>Draws it with its upper left corner at 0.</summary>
    public void Draw(SKCanvas canvas)
    {
        using SKPaint white = new() { Color = SKColors.White };
        canvas.DrawRect(0, 0, Width, Height, white);
        float legendHeight = panels.Select(p => p.LegendHeight).DefaultIfEmpty(0).Max();
        for (int i = 0; i < panels.Length; i++)
        {
            float left = i % columns * panelWidth, top = i / columns * panelHeight;
            panels[i].Draw(canvas, new SKRect(left, top, left + panelWidth, top + panelHeight), legendHeight);
        }

        if (panels.Length == 0)
        {
            FigureText.Draw(canvas, "There is no run to compare.", Width / 2, Height / 2, SKTextAlign.Center);
        }
    }
}
