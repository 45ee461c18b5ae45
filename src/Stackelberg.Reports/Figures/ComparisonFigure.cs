using Stackelberg.Experiments.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Figures.Internals;

namespace Stackelberg.Reports.Figures;

/// <summary>Turns the curves of a comparison into a figure for a paper: a small panel for each environment, on white. The same input gives the same SVG, byte for byte.</summary>
public static class ComparisonFigure
{
    /// <summary>Endings of the files that can be written.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".svg", ".png", ".pdf"];

    /// <summary>Writes the figure in the format that the path's ending names; the file appears under its name when it is complete.</summary>
    /// <exception cref="ArgumentException">The path has another ending, or a size is not above 0.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public static void Write(Comparison comparison, string path, FigureOptions? options = null) =>
        WholeFile.Write(path, Compose(comparison, Path.GetExtension(path), options));

    /// <summary>The figure's bytes.</summary>
    /// <param name="ending">One of <see cref="Endings"/>, in upper or lower case.</param>
    /// <exception cref="ArgumentException">It is none of them, or a size is not above 0.</exception>
    public static byte[] Compose(Comparison comparison, string ending, FigureOptions? options = null)
    {
        options ??= new FigureOptions();
        Check(options);
        FigureSheet sheet = new(comparison, options);
        return ending.ToLowerInvariant() switch
        {
            ".svg" => FigureFormats.Svg(sheet),
            ".png" => FigureFormats.Png(sheet, options.Dpi),
            ".pdf" => FigureFormats.Pdf(sheet),
            _ => throw new ArgumentException($"A figure ends in {string.Join(", ", Endings)}, and that says its format; got '{ending}'.", nameof(ending)),
        };
    }

    private static void Check(FigureOptions options)
    {
        if (!(options.PanelWidth is > 0 and <= 100 && options.PanelHeight is > 0 and <= 100))
        {
            throw new ArgumentException($"A panel is more than 0 and at most 100 inches wide and high; got {options.PanelWidth} and {options.PanelHeight}.", nameof(options));
        }

        if (options.Columns < 1 || options.Dpi is < 1 or > 2400)
        {
            throw new ArgumentException($"A figure has at least 1 column, and 1 to 2400 dots per inch; got {options.Columns} and {options.Dpi}.", nameof(options));
        }
    }
}
