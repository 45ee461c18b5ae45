using System.Text.Json.Nodes;
using Stackelberg.Experiments.Plots;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Plots;

/// <summary>Pages in a real browser. Without Chromium these tests fail and say how to get it.</summary>
public sealed class PlotPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Page_draws_every_trace_of_every_panel_offline(bool dark)
    {
        using BrowserPage page = Open(Sheet(), dark);

        ((string)page.Evaluate("document.title")!).ShouldBe("Title");
        ((string)page.Evaluate("document.getElementById('note').textContent")!).ShouldBe("Note");
        Texts(page, "figcaption").ShouldBe(["plane", "curve"]);
        // what the library drew, not what it was told
        Count(page, "figure:nth-of-type(1) .contourlevel").ShouldBeGreaterThan(3);
        Count(page, "figure:nth-of-type(1) .scatterlayer path.js-line").ShouldBe(2);
        Count(page, "figure:nth-of-type(1) .scatterlayer path.point").ShouldBe(2);
        Count(page, "figure:nth-of-type(2) .scatterlayer path.js-line").ShouldBe(1);
        string ink = (string)page.Evaluate("getComputedStyle(document.querySelector('.xtick text')).fill")!;
        ink.ShouldBe(dark ? "rgb(231, 234, 240)" : "rgb(29, 35, 48)");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Line_lies_where_its_numbers_say()
    {
        using BrowserPage page = Open(Sheet(), dark: false);
        // the axis maps numbers to pixels; the path's first and last points are in pixels
        double[] ends = Numbers(page, """
            (() => {
              const path = document.querySelector('figure:nth-of-type(1) .scatterlayer .trace path.js-line'), box = plots.charts[0]._fullLayout;
              const last = path.getPointAtLength(path.getTotalLength()), first = path.getPointAtLength(0);
              return [first, last].flatMap(p => [box.xaxis.p2d(p.x), box.yaxis.p2d(p.y)]);
            })()
            """);
        ends.ShouldBe([-1, 1, 2, 4], 0.02);
        Numbers(page, "plots.charts[0]._fullLayout.xaxis.range").ShouldBe([-2, 3]);
        ((string)page.Evaluate("plots.charts[1]._fullLayout.yaxis.type")!).ShouldBe("log");
        Numbers(page, "plots.charts[0].data[0].z.flat()").ShouldBe([-4, -2, 0, 1, 3, 5, 6, 8, 10]);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Legend_names_each_trace_once_and_hides_it_everywhere()
    {
        using BrowserPage page = Open(Sheet(), dark: false);
        Texts(page, "#legend button").Select(t => t.TrimStart('○', '★')).ShouldBe(["way", "other", "start", "optimum"]);
        page.Evaluate("document.querySelector('#legend button').click()");
        page.Evaluate("new Promise(r => setTimeout(r, 300))");
        Count(page, ".scatterlayer path.js-line").ShouldBe(1);
        ((string)page.Evaluate("document.querySelector('#legend button').getAttribute('aria-pressed')")!).ShouldBe("false");
        page.Evaluate("document.querySelector('#legend button').click()");
        page.Evaluate("new Promise(r => setTimeout(r, 300))");
        Count(page, ".scatterlayer path.js-line").ShouldBe(3);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Page_is_one_file_and_names_cannot_break_out_of_it()
    {
        PlotSheet sheet = new("</script><b>&", "</script><script>alert(1)</script>", []);
        string text = PlotPage.Compose(sheet);
        text.ShouldNotContain("<b>");
        text.ShouldNotContain("alert(1)</script>");
        text.ShouldNotContain("<script src=");
        text.ShouldContain("Permission is hereby granted");
        ((string)JsonNode.Parse(text.Split("type=\"application/json\">")[1].Split("</script>")[0])!["note"]!).ShouldBe(sheet.Note);
    }

    [Fact]
    public void Gap_stays_a_gap_and_unequal_lengths_are_refused()
    {
        PlotSheet Of(double[] y) => new("t", "n", [new("p", "x", "y", [new LineTrace("line", [1, 2, 3], y)])]);
        PlotPage.Compose(Of([1, double.NaN, double.PositiveInfinity])).ShouldContain("\"y\":[1,null,null]");
        Should.Throw<ArgumentException>(() => PlotPage.Compose(Of([1, 2]))).Message.ShouldContain("'line' has 3 X and 2 Y");
    }

    [Fact]
    public void Folder_in_place_of_the_file_is_refused() => Should.Throw<IOException>(() => PlotPage.Write(Sheet(), folder.Path));

    private static PlotSheet Sheet() => new("Title", "Note",
    [
        new("plane", "x", "y",
        [
            new ContourTrace("height", [-2, 0, 2], [-1, 1.5, 4], (x, y) => x + (2 * y)),
            new LineTrace("way", [-1, 0, 2], [1, 2, 4]),
            new LineTrace("other", [0, 1], [0, 1], LineStyle.Dashed, 1),
            new LineTrace("start", [-1], [1], LineStyle.Start, -1),
            new LineTrace("optimum", [2], [3], LineStyle.Optimum, -1),
        ])
        { XRange = (-2, 3) },
        new("curve", "step", "distance", [new LineTrace("way", [0, 1, 2, 3], [5, 0.1, 1e-3, 0])]) { IsLogarithmic = true },
    ]);

    private BrowserPage Open(PlotSheet sheet, bool dark)
    {
        string file = folder.Below("plots.html");
        PlotPage.Write(sheet, file);
        return BrowserPage.Open(
            Programs.Chromium ?? throw new InvalidOperationException("This test needs Chromium: sudo apt-get install -y chromium (./test does it as root)."),
            file, 1200, 800, dark, ready: "plots");
    }

    private static int Count(BrowserPage page, string selector) => (int)page.Evaluate($"document.querySelectorAll('{selector}').length")!;

    private static string[] Texts(BrowserPage page, string selector) =>
        [.. page.Evaluate($"[...document.querySelectorAll('{selector}')].map(e => e.textContent)")!.AsArray().Select(t => (string)t!)];

    private static double[] Numbers(BrowserPage page, string expression) => [.. page.Evaluate(expression)!.AsArray().Select(v => (double)v!)];
}
