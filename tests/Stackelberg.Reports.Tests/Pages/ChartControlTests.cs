using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Pages;

/// <summary>What the switches beside curves do.</summary>
public sealed class ChartControlTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Axes_change_to_logarithmic_and_name_what_has_no_place_there()
    {
        using BrowserPage page = Open(MadeComparison.Of(Falling("crossing", 5, -2)));
        Axis(page, "y").ShouldBe("linear");
        Press(page, "document.querySelectorAll('.toggles button')[1]");
        Axis(page, "y").ShouldBe("log");
        Axis(page, "x").ShouldBe("linear");
        page.Texts(".remarks li").ShouldContain(t => t.StartsWith("crossing (n = 2): ", StringComparison.Ordinal) && t.EndsWith("are not above 0 and have no place on a logarithmic axis.", StringComparison.Ordinal));
        Press(page, "document.querySelectorAll('.toggles button')[0]");
        Axis(page, "x").ShouldBe("log");
        page.Text("document.querySelectorAll('.toggles button')[0].getAttribute('aria-pressed')").ShouldBe("true");
        Press(page, "document.querySelectorAll('.toggles button')[1]");
        Axis(page, "y").ShouldBe("linear");
        page.Count(".remarks li").ShouldBe(0);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Smoothing_is_the_mean_of_what_came_before_and_says_so()
    {
        using BrowserPage page = Open(MadeComparison.Usual());
        page.Text("JSON.stringify(report.trailingMean([0, 1, 2, 3, 4, 5], 3))").ShouldBe("[null,null,1,2,3,4]");
        page.Text("JSON.stringify(report.trailingMean([0, null, 2, 4, 6], 2))").ShouldBe("[null,null,null,3,5]");
        page.Text("document.querySelector('output').textContent").ShouldBe("No smoothing: every point as it was recorded.");

        string before = page.Text("JSON.stringify(report.charts[0].place.data.at(-1).y)");
        Slide(page, 5);
        page.Text("document.querySelector('output').textContent").ShouldStartWith("Trailing mean of 5 points: each point is the mean of itself and the 4 before it, never of later ones; nothing is drawn where 5 points are not there yet.");
        string after = page.Text("JSON.stringify(report.charts[0].place.data.at(-1).y)");
        after.ShouldStartWith("[null,null,null,null,");
        after.ShouldNotBe(before);
        after.ShouldBe(page.Text("JSON.stringify(report.trailingMean(report.record.sections[2].panels[0].series[1].y, 5))"));
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Window_longer_than_the_curve_leaves_nothing_and_names_it()
    {
        using BrowserPage page = Open(MadeComparison.Of(MadeComparison.Group("A", "short", 2, 5, 20), MadeComparison.Group("A", "long", 2, 60, 20)));
        Slide(page, 50);
        page.Texts(".remarks li").ShouldBe(["short (n = 2): nothing is drawn, since no 50 points in a row are known."]);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Legend_hides_a_group_and_single_seeds_can_be_shown()
    {
        using BrowserPage page = Open(MadeComparison.Usual());
        int Lines() => page.Count("#part-2 figure:first-of-type .scatterlayer path.js-line");
        Lines().ShouldBe(4);
        Press(page, "document.querySelector('.seeds')");
        Lines().ShouldBe(4 + (2 * 5));
        page.Text("report.charts[0].place._fullLayout.hovermode").ShouldBe("closest");
        Press(page, "document.querySelector('.legend button')");
        Lines().ShouldBe(2 + 5);
        page.Text("document.querySelector('.legend button').getAttribute('aria-pressed')").ShouldBe("false");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Groups_differ_in_dashes_as_well_as_in_colour()
    {
        using BrowserPage page = Open(MadeComparison.Of([.. Enumerable.Range(0, 12).Select(i => MadeComparison.Group("A", $"group {i}", 2, 9, 10 + i))]));
        page.DrawAll();
        int looks = (int)page.Evaluate("new Set(report.charts[0].place.data.slice(12).map(t => t.line.color + t.line.dash)).size")!;
        looks.ShouldBe(12);
        ((int)page.Evaluate("new Set(report.charts[0].place.data.slice(12, 18).map(t => t.line.dash)).size")!).ShouldBe(6);
        page.Complaints.ShouldBeEmpty();
    }

    private static RunGroup Falling(string label, double from, double to)
    {
        RunGroup group = MadeComparison.Group("A", label, 2, 20, 1);
        double[] centre = [.. Enumerable.Range(0, 20).Select(i => from + ((to - from) * i / 19))];
        return group with { Band = group.Band with { Centre = centre, Low = [.. centre.Select(c => c - 1)], High = [.. centre.Select(c => c + 1)] } };
    }

    private static string Axis(BrowserPage page, string which) => page.Text($"report.charts[0].place._fullLayout.{which}axis.type");

    private static void Press(BrowserPage page, string element)
    {
        page.Evaluate($"{element}.click()");
        page.DrawAll();
    }

    private static void Slide(BrowserPage page, int points)
    {
        page.Evaluate($"(() => {{ const s = document.querySelector('.smoothing'); s.value = {points}; s.dispatchEvent(new Event('input')); }})()");
        page.DrawAll();
    }

    private BrowserPage Open(Comparison comparison)
    {
        string file = folder.Below("page.html");
        ComparisonPage.Write(comparison, file);
        BrowserPage page = OpenPage.Open(file);
        page.DrawAll();
        return page;
    }
}
