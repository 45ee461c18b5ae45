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
        page.Count(".chart .scatterlayer path.js-line").ShouldBeGreaterThan(9);
        page.Count(".chart").ShouldBe(2 + (2 * 3));
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
        page.Text("report.layout(report.record.sections[2].panels[0], { hidden: new Set() }).yaxis.title.text").ShouldBe("episode return (IQM, 95 % interval)");
        page.Texts("table th button").ShouldContain("n");
        page.Complaints.ShouldBeEmpty();
    }

    private BrowserPage Open(Comparison comparison, bool dark = false, int width = 1200)
    {
        string file = folder.Below("comparison.html");
        ComparisonPage.Write(comparison, file);
        return OpenPage.Open(file, dark, width);
    }
}
