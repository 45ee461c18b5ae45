using System.Text.Json.Nodes;
using Stackelberg.Experiments.Plots;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Plots;

/// <summary>What a page is told of its plots, without a browser.</summary>
public sealed class PlotRecordTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Panels_keep_their_order_titles_ranges_and_axes()
    {
        JsonNode record = Record(new PlotSheet("T", "N",
        [
            new("first", "x", "y", []) { XRange = (-1, 2.5), IsLogarithmic = true },
            new("second", "steps", "return", []) { YRange = (0.001, 1e6) },
        ]));

        ((string)record["title"]!).ShouldBe("T");
        ((string)record["note"]!).ShouldBe("N");
        JsonArray panels = record["panels"]!.AsArray();
        panels.Select(p => (string)p!["title"]!).ShouldBe(["first", "second"]);
        panels.Select(p => (string)p!["x_title"]!).ShouldBe(["x", "steps"]);
        panels.Select(p => (string)p!["y_title"]!).ShouldBe(["y", "return"]);
        panels.Select(p => (bool)p!["log"]!).ShouldBe([true, false]);
        Numbers(panels[0]!["x_range"]!).ShouldBe([-1, 2.5]);
        panels[0]!["y_range"].ShouldBeNull();
        panels[1]!["x_range"].ShouldBeNull();
        Numbers(panels[1]!["y_range"]!).ShouldBe([0.001, 1e6]);
    }

    [Theory]
    [InlineData(LineStyle.Line, "line", 0)]
    [InlineData(LineStyle.Dashed, "dashed", 3)]
    [InlineData(LineStyle.Start, "start", -1)]
    [InlineData(LineStyle.Optimum, "optimum", 7)]
    public void A_line_has_its_kind_colour_and_points(LineStyle style, string kind, int colour)
    {
        JsonNode trace = Trace(new LineTrace("name", [1, 2, 3], [0.5, double.NaN, double.NegativeInfinity], style, colour));

        ((string)trace["kind"]!).ShouldBe(kind);
        ((string)trace["name"]!).ShouldBe("name");
        ((int)trace["colour"]!).ShouldBe(colour);
        Numbers(trace["x"]!).ShouldBe([1, 2, 3]);
        trace["y"]!.AsArray().Select(v => (double?)v).ShouldBe([0.5, null, null]);
    }

    [Fact]
    public void Heights_of_a_contour_stand_in_a_row_per_y()
    {
        JsonNode trace = Trace(new ContourTrace("height", [0, 1, 2], [10, 20], (x, y) => x == 2 && y == 20 ? double.NaN : (100 * x) + y));

        ((string)trace["kind"]!).ShouldBe("contour");
        trace["z"]!.AsArray().Select(r => string.Join(' ', r!.AsArray().Select(v => v?.ToJsonString() ?? "none"))).ShouldBe(["10 110 210", "20 120 none"]);
        Numbers(trace["x"]!).ShouldBe([0, 1, 2]);
        Numbers(trace["y"]!).ShouldBe([10, 20]);
    }

    [Theory]
    [InlineData(1.0 / 3)]
    [InlineData(-2.0 / 3e-20)]
    [InlineData(123456789.0)]
    [InlineData(1e300)]
    [InlineData(-0.0)]
    [InlineData(5e-324)]
    public void Numbers_keep_seven_digits(double value)
    {
        double read = Numbers(Trace(new LineTrace("t", [value], [value]))["x"]!).Single();
        Math.Abs(read - value).ShouldBeLessThanOrEqualTo(5e-7 * Math.Abs(value));
        double.IsNegative(read).ShouldBe(double.IsNegative(value));
    }

    [Fact]
    public void Names_with_marks_of_html_and_json_arrive_as_they_were()
    {
        const string Name = "</script> \"a\" & 'b' <!-- \\ \u2028 → {{note}}";
        PlotSheet sheet = new(Name, Name, [new PlotPanel(Name, Name, Name, [new LineTrace(Name, [], [])])]);
        JsonNode record = Record(sheet);

        JsonNode panel = record["panels"]![0]!;
        new[] { record["title"], record["note"], panel["title"], panel["x_title"], panel["y_title"], panel["traces"]![0]!["name"] }
            .ShouldAllBe(n => (string)n! == Name);
    }

    [Fact]
    public void A_line_of_unequal_lengths_writes_no_page()
    {
        string path = folder.Below("page.html");
        PlotSheet sheet = new("t", "n", [new PlotPanel("p", "x", "y", [new LineTrace("good", [1], [1]), new LineTrace("bad", [1, 2], [1])])]);
        Should.Throw<ArgumentException>(() => PlotPage.Write(sheet, path)).Message.ShouldContain("'bad' has 2 X and 1 Y");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_page_is_written_whole_over_an_older_one_and_equal_sheets_give_equal_pages()
    {
        string path = folder.Below("page.html");
        File.WriteAllText(path, "old");
        PlotSheet sheet = new("t", "n", [new PlotPanel("p", "x", "y", [new LineTrace("a", [1], [2])])]);
        PlotPage.Write(sheet, path);
        File.ReadAllText(path).ShouldBe(PlotPage.Compose(sheet));
        Directory.GetFileSystemEntries(folder.Path).ShouldBe([path]);
    }

    private static JsonNode Trace(PlotTrace trace) => Record(new PlotSheet("t", "n", [new PlotPanel("p", "x", "y", [trace])]))["panels"]![0]!["traces"]![0]!;

    private static JsonNode Record(PlotSheet sheet) => JsonNode.Parse(PlotPage.Compose(sheet).Split("type=\"application/json\">")[1].Split("</script>")[0])!;

    private static double[] Numbers(JsonNode array) => [.. array.AsArray().Select(v => (double)v!)];
}
