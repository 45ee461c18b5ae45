using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>A sheet as the bytes of a file.</summary>
internal static partial class FigureFormats
{
    private const float PointsPerInch = 72;

    /// <summary>Vectors, with texts that can be searched.</summary>
    public static byte[] Svg(FigureSheet sheet)
    {
        using MemoryStream stream = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, sheet.Width, sheet.Height), stream))
        {
            sheet.Draw(canvas);
        }

        string text = FontFamily().Replace(Encoding.UTF8.GetString(stream.ToArray()), $"font-family=\"{FigureFonts.SvgFamilies}\"");
        return Encoding.UTF8.GetBytes(Numbered(text));
    }

    // The library counts its clips over the whole life of the process; here they count from 1, so that equal figures are equal files.
    private static string Numbered(string text)
    {
        Dictionary<string, string> names = [];
        foreach (Match match in ClipName().Matches(text))
        {
            names.TryAdd(match.Groups[1].Value, string.Create(CultureInfo.InvariantCulture, $"clip{names.Count + 1}"));
        }

        return ClipUse().Replace(text, match => match.Groups[1].Value + names[match.Groups[2].Value] + match.Groups[3].Value);
    }

    /// <summary>Pixels, with their density in the file.</summary>
    public static byte[] Png(FigureSheet sheet, int dpi)
    {
        float scale = dpi / FigureSheet.UnitsPerInch;
        SKImageInfo size = new((int)MathF.Ceiling(sheet.Width * scale), (int)MathF.Ceiling(sheet.Height * scale));
        using SKSurface surface = SKSurface.Create(size) ?? throw new ArgumentException($"A picture of {size.Width} × {size.Height} pixels is too large; give a smaller figure or fewer dots per inch.");
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        sheet.Draw(surface.Canvas);
        using SKImage image = surface.Snapshot();
        using SKData data = image.Encode(SKEncodedImageFormat.Png, 100);
        return PngDensity.With(data.ToArray(), dpi);
    }

    /// <summary>Vectors on one page of the figure's size, the font within.</summary>
    public static byte[] Pdf(FigureSheet sheet)
    {
        float scale = PointsPerInch / FigureSheet.UnitsPerInch;
        using MemoryStream stream = new();
        using (SKDocument document = SKDocument.CreatePdf(stream))
        {
            SKCanvas canvas = document.BeginPage(sheet.Width * scale, sheet.Height * scale);
            canvas.Scale(scale);
            sheet.Draw(canvas);
            document.EndPage();
            document.Close();
        }

        return stream.ToArray();
    }

    [GeneratedRegex("<clipPath id=\"([^\"]*)\"")]
    private static partial Regex ClipName();

    // only where a clip is meant: a text may hold the same characters
    [GeneratedRegex("(<clipPath id=\"|clip-path=\"url\\(#)([^\")]*)(\"|\\)\")")]
    private static partial Regex ClipUse();

    [GeneratedRegex("font-family=\"[^\"]*\"")]
    private static partial Regex FontFamily();
}
