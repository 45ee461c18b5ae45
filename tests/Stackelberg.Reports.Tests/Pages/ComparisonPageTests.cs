using System.Text.Json.Nodes;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Pages;

public sealed class ComparisonPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false, 1200)]
    [InlineData(true, 1200)]
    [InlineData(false, 400)]
    public void Page_shows_every_part_offline(bool dark, int width)
    {
        using BrowserPage page = Open(MadeComparison.Usual(), dark, width);
        page.DrawAll();

        page.Text("document.title").ShouldBe("Comparison of 4 groups, 18 runs");
        page.Texts("h2").ShouldBe(
        [
            "What to know of these numbers", "Scores", "Learning curves", "Pairs", "Solver health", "Solves", "Where the time went", "Settings that differ in CartPole-v1",
            "Settings shared in CartPole-v1", "Settings that differ in Hopper-v4", "Settings shared in Hopper-v4", "Runs", "Left out", "Versions, machines and dates",
        ]);
        // what the library drew, not what it was told: a band and a line for each group, and twice three curves of health
        page.Count(".chart .scatterlayer path.js-line").ShouldBe((2 * 4) + (2 * 3));
        page.Text("getComputedStyle(document.querySelector('.xtick text')).fill").ShouldBe(dark ? "rgb(231, 234, 240)" : "rgb(29, 35, 48)");
        page.Overflows().ShouldBeFalse();
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Number_of_seeds_stands_beside_every_name()
    {
        using BrowserPage page = Open(MadeComparison.Usual());
        page.Texts(".legend button").Take(4).ShouldBe(["ac (n = 5)", "stac (n = 5)", "ac (n = 5)", "stac (n = 3)"]);
        page.Texts(".bars > span:first-of-type")[0].ShouldBe("ac, n = 5");
        page.Texts("p.caption").Count(t => t.Contains(" n = ", StringComparison.Ordinal)).ShouldBeGreaterThan(6);
        page.Text("report.record.sections[2].panels[0].y_title").ShouldBe("episode return (IQM, 95 % interval)");
        page.Text("report.traces(report.record.sections[2].panels[0], { hidden: new Set(), window: 1 }).at(-1).customdata[3].join(';')").ShouldMatch(@"^ \[[\d.]+, [\d.]+\];n = 5$");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_absent_is_named()
    {
        RunGroup known = MadeComparison.Group("Pendulum-v1", "known", 3, 40, 5), gone = MadeComparison.Group("Pendulum-v1", "gone", 3, 40, 5, MadeComparison.Health(40));
        Comparison comparison = MadeComparison.Of(
            known, gone with { Band = MadeComparison.Unknown(40), Health = gone.Health! with { Cosine = MadeComparison.Curve(40, _ => double.NaN) } },
            MadeComparison.Group("Pendulum-v1", "never evaluated", 2, 0, 1), MadeComparison.Group("Acrobot-v1", "single", 1, 1, 5));
        using BrowserPage page = Open(comparison);
        page.DrawAll();
        string[] remarks = page.Texts(".remarks li");
        remarks.ShouldContain("gone (n = 3) has no curve: none of its 40 points is a finite number.");
        remarks.ShouldContain("never evaluated (n = 2) has no curve: none of its runs has a value at any step.");
        remarks.ShouldContain("gone (n = 3) has no curve: no cosine was recorded.");
        page.Count("#part-2 .scatterlayer path.point").ShouldBeGreaterThan(0, "a curve of one point is a dot");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void No_group_at_all_is_a_page_that_says_so()
    {
        using BrowserPage page = Open(MadeComparison.Of() with { LeftOut = [] });
        page.Text("document.querySelector('#part-0').textContent").ShouldContain("There is no run to compare");
        page.Text("document.body.innerText").ShouldContain("Nothing was left out.");
        page.Count(".chart").ShouldBe(0);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Names_cannot_break_out_of_the_page()
    {
        Comparison comparison = MadeComparison.Of(MadeComparison.Group("A</script><b>", MadeComparison.Hostile, 2, 9, 20)) with { Notes = [MadeComparison.Hostile], Quantity = MadeComparison.Hostile };
        string text = ComparisonPage.Compose(comparison);
        text.ShouldNotContain("alert(1)</script>");
        text.ShouldNotContain("<script src=");
        text.ShouldContain("Permission is hereby granted");
        ((string)JsonNode.Parse(text.Split("type=\"application/json\">")[1].Split("</script>")[0])!["sections"]![0]!["sentences"]![0]!).ShouldBe(MadeComparison.Hostile);

        using BrowserPage page = Open(comparison);
        page.DrawAll();
        page.Texts(".legend button").ShouldBe([$"{MadeComparison.Hostile} (n = 2)"]);
        page.Count("main b").ShouldBe(0);
        // axis titles go through the library's own markup
        page.Text("document.querySelector('.ytitle').textContent").ShouldContain("</script><script>alert(1)</script><b>&%{x}");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Five_hundred_runs_are_a_few_megabytes_and_open()
    {
        Comparison comparison = MadeComparison.Of([.. Enumerable.Range(0, 10).Select(i => MadeComparison.Group($"Task{i % 2}", $"group {i}", 50, 500, 100 + i))]);
        string text = ComparisonPage.Compose(comparison);
        text.Split("type=\"application/json\">")[1].Split("</script>")[0].Length.ShouldBeLessThan(3_000_000);
        using BrowserPage page = Open(comparison);
        page.Evaluate("document.querySelector('.seeds').click()");
        page.DrawAll();
        page.Count("#part-2 .scatterlayer path.js-line").ShouldBe((10 * 2) + 500);
        page.Text("document.querySelector('#part-2 .caption').textContent").ShouldContain("more than 240 points");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Folder_in_place_of_the_file_is_refused() => Should.Throw<IOException>(() => ComparisonPage.Write(MadeComparison.Usual(), folder.Path));

    private BrowserPage Open(Comparison comparison, bool dark = false, int width = 1200)
    {
        string file = folder.Below("comparison.html");
        ComparisonPage.Write(comparison, file);
        return OpenPage.Open(file, dark, width);
    }
}
