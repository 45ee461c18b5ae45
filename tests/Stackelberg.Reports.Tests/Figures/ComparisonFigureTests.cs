using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SkiaSharp;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Figures;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Figures;

public sealed class ComparisonFigureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Svg_has_the_texts_and_lines_of_every_panel()
    {
        FigureOptions options = new() { References = [new("Hopper-v4", "published", 1800), new("Hopper-v4", "lost", double.NaN)] };
        XDocument drawing = Svg(MadeComparison.Usual(), options);
        string[] texts = Texts(drawing);
        foreach (string text in new[]
        {
            "CartPole-v1", "Hopper-v4", "ac (n = 5)", "stac (n = 5)", "stac (n = 3)", "published", "not drawn, no value: lost", "environment steps (thousands)", "episode return", "(IQM, 95 % interval)",
        })
        {
            texts.ShouldContain(text);
        }

        drawing.Root!.Attribute("width")!.Value.ShouldBe("653");
        // two panels, two bands each, drawn once
        drawing.Descendants().Count(e => (string?)e.Attribute("fill-opacity") == "0.2").ShouldBe(4);
        drawing.ToString().ShouldContain("font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\"");
        // a rectangle without a colour would be black
        drawing.Descendants().Where(e => e.Name.LocalName == "rect" && e.Parent!.Name.LocalName != "clipPath").ShouldAllBe(e => (string?)e.Attribute("fill") != null);
    }

    [Theory]
    [InlineData(".svg")]
    [InlineData(".png")]
    [InlineData(".pdf")]
    public void Same_input_gives_the_same_bytes(string ending) =>
        ComparisonFigure.Compose(MadeComparison.Usual(), ending).AsSpan().SequenceEqual(ComparisonFigure.Compose(MadeComparison.Usual(), ending)).ShouldBeTrue();

    [Theory]
    [InlineData(300, 2, 2041, 840)]
    [InlineData(96, 1, 327, 538)]
    public void Png_has_its_size_and_density_and_is_not_blank(int dpi, int columns, int width, int height)
    {
        string file = folder.Below("figure.png");
        ComparisonFigure.Write(MadeComparison.Usual(), file, new FigureOptions { Dpi = dpi, Columns = columns });
        byte[] bytes = File.ReadAllBytes(file);
        using SKBitmap picture = SKBitmap.Decode(bytes);
        (picture.Width, picture.Height).ShouldBe((width, height));
        // both panels are drawn: each has pixels of both groups' colours
        SKColor[] pixels = picture.Pixels;
        SKColor blue = SKColor.Parse("#0072b2"), orange = SKColor.Parse("#d55e00");
        foreach (int half in new[] { 0, 1 })
        {
            SKColor[] part = [.. pixels.Where((_, i) => (columns == 2 ? 2 * (i % width) / width : 2 * (i / width) / height) == half)];
            part.ShouldContain(blue);
            part.ShouldContain(orange);
            part.Distinct().Count().ShouldBeGreaterThan(20);
        }

        int at = bytes.AsSpan().IndexOf("pHYs"u8);
        BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 4)).ShouldBe((uint)Math.Round(dpi / 0.0254));
    }

    [Fact]
    public void Pdf_is_one_page_of_the_figures_size_with_its_font()
    {
        string file = folder.Below("figure.PDF");
        ComparisonFigure.Write(MadeComparison.Usual(), file, new FigureOptions { PanelWidth = 3, PanelHeight = 2.5 });
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        text.ShouldStartWith("%PDF");
        Regex.Count(text, @"/Type\s*/Page\b").ShouldBe(1);
        double[] box = [.. Regex.Match(text, @"/MediaBox\s*\[([^\]]*)\]").Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        box.ShouldBe([0, 0, 2 * 3 * 72, 2.5 * 72], 0.1);
        text.ShouldContain("DejaVuSans");
        text.ShouldContain("/FontFile2");
        // vectors: no picture in it
        text.ShouldNotContain("/Subtype /Image");
    }

    [Theory]
    [InlineData(".svg")]
    [InlineData(".png")]
    [InlineData(".pdf")]
    public void Curves_without_a_value_are_left_out_and_named(string ending)
    {
        RunGroup gone = MadeComparison.Group("A", "gone", 3, 40, 5), holed = MadeComparison.Group("A", "holed", 2, 9, 5);
        double[] holes = [.. holed.Band.Centre.Select((c, i) => i % 2 == 0 ? c : double.NaN)];
        Comparison comparison = MadeComparison.Of(
            gone with { Band = MadeComparison.Unknown(40) }, holed with { Band = holed.Band with { Centre = holes } }, MadeComparison.Group("A", "single", 1, 1, 5),
            MadeComparison.Group("B", "empty", 2, 0, 1));
        ComparisonFigure.Compose(comparison, ending).Length.ShouldBeGreaterThan(1000);
        string[] texts = Texts(Svg(comparison));
        texts.ShouldContain("not drawn, no value: gone (n = 3)");
        texts.ShouldContain("not drawn, no value: empty (n = 2)");
        texts.ShouldContain("no curve to draw");
        texts.ShouldContain("holed (n = 2)");
        Texts(Svg(MadeComparison.Of())).ShouldBe(["There is no run to compare."]);
    }

    [Fact]
    public void Labels_are_texts_whatever_is_in_them() =>
        Texts(Svg(MadeComparison.Of(MadeComparison.Group("A", MadeComparison.Hostile, 2, 9, 5)), new FigureOptions { PanelWidth = 6 })).ShouldContain($"{MadeComparison.Hostile} (n = 2)");

    [Theory]
    [InlineData("figure.jpg", "'.jpg'")]
    [InlineData("figure", "''")]
    public void Other_endings_are_refused_by_the_allowed_ones(string name, string quoted)
    {
        string message = Should.Throw<ArgumentException>(() => ComparisonFigure.Write(MadeComparison.Usual(), folder.Below(name))).Message;
        message.ShouldContain(".svg, .png, .pdf");
        message.ShouldContain(quoted);
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Sizes_that_are_none_are_refused()
    {
        foreach (FigureOptions options in new FigureOptions[] { new() { PanelWidth = 0 }, new() { PanelHeight = double.NaN }, new() { Columns = 0 }, new() { Dpi = 0 } })
        {
            Should.Throw<ArgumentException>(() => ComparisonFigure.Compose(MadeComparison.Usual(), ".svg", options));
        }
    }

    private static XDocument Svg(Comparison comparison, FigureOptions? options = null)
    {
        using MemoryStream stream = new(ComparisonFigure.Compose(comparison, ".svg", options));
        return XDocument.Load(stream);
    }

    private static string[] Texts(XDocument drawing) => [.. drawing.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim())];
}
