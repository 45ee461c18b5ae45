using SkiaSharp;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Texts beside the axes.</summary>
internal static class FigureText
{
    /// <summary>Height of a line.</summary>
    public const float LineHeight = 13;

    private const float Size = 9.5f;

    /// <summary>Draws one line on a base line.</summary>
    public static void Draw(SKCanvas canvas, string text, float x, float y, SKTextAlign align = SKTextAlign.Left)
    {
        using SKFont font = FigureFonts.Of(Size);
        using SKPaint ink = new() { Color = FigureColours.Ink, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, ink);
    }

    /// <summary>Width of a line.</summary>
    public static float Width(string text)
    {
        using SKFont font = FigureFonts.Of(Size);
        return font.MeasureText(text);
    }

    /// <summary>Lines that a text takes in a width, broken between words.</summary>
    public static IReadOnlyList<string> Lines(string text, float width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Width(longer) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }
}
