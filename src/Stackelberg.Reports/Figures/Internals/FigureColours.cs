using SkiaSharp;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Colours and dashes on white paper. The colours are those of Okabe and Ito, the faint ones a little darker; dashes change with them, so that a print without colour can be read.</summary>
internal static class FigureColours
{
    /// <summary>Of texts and axes.</summary>
    public static readonly SKColor Ink = new(0x1d, 0x23, 0x30);

    // as in the pages
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#b8568f", "#1d2330", "#b57a00", "#2f93cf"];
    private static readonly float[][] Dashes = [[], [7, 3.5f], [1.8f, 2.6f], [7, 2.6f, 1.8f, 2.6f], [12, 3.5f], [12, 2.6f, 1.8f, 2.6f]];

    /// <summary>Colour of a group.</summary>
    public static string Colour(int style) => Colours[style % Colours.Length];

    /// <summary>Lengths of its dashes and the gaps between them; none for a whole line.</summary>
    public static float[] Dash(int style) => Dashes[style % Dashes.Length];
}
