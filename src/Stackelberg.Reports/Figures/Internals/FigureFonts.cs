using ScottPlot;
using SkiaSharp;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>The font of figures. It is in this assembly, so that a figure looks the same everywhere, also where no font is installed.</summary>
internal sealed class FigureFonts : IFontResolver
{
    /// <summary>Name that texts in a figure ask for, and that no installed font has.</summary>
    public const string Name = "Stackelberg figure";

    /// <summary>What SVG files ask for: the same font where the reader has it, then others of its kind.</summary>
    public const string SvgFamilies = "DejaVu Sans, Verdana, Arial, sans-serif";

    private static readonly SKTypeface Plain = Load("DejaVuSans.ttf");
    private static readonly Lock Gate = new();
    private static bool isKnown;

    /// <summary>Makes the font known to the library that draws.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!isKnown)
            {
                Fonts.FontResolvers.Insert(0, new FigureFonts());
                isKnown = true;
            }
        }
    }

    /// <summary>The font in a size, for texts that are drawn without the library of plots.</summary>
    public static SKFont Of(float size) => new(Plain, size) { Subpixel = true, LinearMetrics = true, Hinting = SKFontHinting.None, Edging = SKFontEdging.Antialias };

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        fontName == Name ? Plain : null;

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => CreateTypeface(fontName, FontWeight.Normal, FontSlant.Upright, FontSpacing.Normal);

    private static SKTypeface Load(string name)
    {
        using Stream stream = typeof(FigureFonts).Assembly.GetManifestResourceStream($"Figures/{name}")!;
        return SKTypeface.FromStream(stream);
    }
}
