using SkiaSharp;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Entries below the axes, as many in a line as fit, and below them what is not drawn and why.</summary>
internal sealed class FigureLegend
{
    private const float SampleWidth = 26, Gap = 5, Between = 12, Margin = 10;

    private readonly List<List<FigureEntry>> rows = [];
    private readonly string[] remarks;

    public FigureLegend(IReadOnlyList<FigureEntry> entries, IReadOnlyList<string> remarks, float width)
    {
        float room = 0;
        foreach (FigureEntry entry in entries)
        {
            float needed = WidthOf(entry);
            if (rows.Count == 0 || needed > room)
            {
                rows.Add([]);
                room = width - (2 * Margin);
            }

            rows[^1].Add(entry);
            room -= needed + Between;
        }

        this.remarks = [.. remarks.SelectMany(r => FigureText.Lines(r, width - (2 * Margin)))];
    }

    /// <summary>Height of all.</summary>
    public float Height => ((rows.Count + remarks.Length) * FigureText.LineHeight) + 4;

    /// <summary>Draws it, centred.</summary>
    public void Draw(SKCanvas canvas, SKRect area)
    {
        float y = area.Top + FigureText.LineHeight - 3;
        foreach (List<FigureEntry> row in rows)
        {
            float x = area.MidX - ((row.Sum(WidthOf) + ((row.Count - 1) * Between)) / 2);
            foreach (FigureEntry entry in row)
            {
                DrawSample(canvas, entry, x, y - 3.5f);
                FigureText.Draw(canvas, entry.Label, x + SampleWidth + Gap, y);
                x += WidthOf(entry) + Between;
            }

            y += FigureText.LineHeight;
        }

        foreach (string line in remarks)
        {
            FigureText.Draw(canvas, line, area.MidX, y, SKTextAlign.Center);
            y += FigureText.LineHeight;
        }
    }

    private static float WidthOf(FigureEntry entry) => SampleWidth + Gap + FigureText.Width(entry.Label);

    private static void DrawSample(SKCanvas canvas, FigureEntry entry, float x, float y)
    {
        using SKPathEffect? dashes = entry.Dash.Length == 0 ? null : SKPathEffect.CreateDash(entry.Dash, 0);
        using SKPaint pen = new() { Color = SKColor.Parse(entry.Colour), StrokeWidth = entry.Width, IsStroke = true, IsAntialias = true, PathEffect = dashes };
        canvas.DrawLine(x, y, x + SampleWidth, y, pen);
    }
}

/// <summary>An entry, and the line it stands for.</summary>
internal sealed record FigureEntry(string Label, string Colour, float[] Dash, float Width);
