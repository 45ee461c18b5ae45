using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Pages;

/// <summary>Tables of a page, in a browser.</summary>
public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tables_sort_by_every_column_and_leave_the_unknown_below()
    {
        Comparison comparison = MadeComparison.Of(
            MadeComparison.Group("A", "middle", 5, 9, 20), MadeComparison.Group("A", "one", 1, 9, 10), MadeComparison.Group("A", "high", 5, 9, 100));
        using BrowserPage page = Open(comparison);
        string[] Sorted(int column)
        {
            page.Evaluate($"document.querySelectorAll('#part-1 th button')[{column}].click()");
            return page.Texts("#part-1 tbody td:nth-child(2)");
        }

        Sorted(3).ShouldBe(["one", "middle", "high"]);
        Sorted(3).ShouldBe(["high", "middle", "one"]);
        page.Text("document.querySelectorAll('#part-1 thead th')[3].getAttribute('aria-sort')").ShouldBe("descending");
        // one seed has no deviation
        Sorted(5)[^1].ShouldBe("one");
        Sorted(5)[^1].ShouldBe("one");
        Sorted(1).ShouldBe(["high", "middle", "one"]);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Runs_lead_to_their_replays_and_folders()
    {
        Comparison comparison = MadeComparison.Of(MadeComparison.Group("CartPole-v1", "ac", 2, 9, 20));
        string run = comparison.Groups[0].Runs[1].Directory, file = folder.Below("pages", "page.html");
        ComparisonPage.Write(comparison, file, new PageLinks { Replays = new Dictionary<string, string> { [run] = "replays/ac 1.html" } });
        using BrowserPage page = OpenPage.Open(file);
        page.Text("[...document.querySelectorAll('td a')].map(a => a.getAttribute('href')).join('|')")
            .ShouldBe("../../runs/CartPole-v1/ac/seed-0/|replays/ac 1.html|../../runs/CartPole-v1/ac/seed-1/");
        // what a browser makes of it
        page.Text("document.querySelector('td a').href").ShouldBe(new Uri(Path.GetFullPath(comparison.Groups[0].Runs[0].Directory)).AbsoluteUri + "/");
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Long_tables_are_folded_and_can_be_filtered()
    {
        using BrowserPage page = Open(MadeComparison.Of(MadeComparison.Group("CartPole-v1", "ac", 15, 9, 20)));
        const string Runs = "[...document.querySelectorAll('section')].find(s => s.querySelector('h2').textContent === 'Runs')";
        ((bool)page.Evaluate($"{Runs}.querySelector('details').open")!).ShouldBeFalse();
        page.Evaluate($"(() => {{ const s = {Runs}.querySelector('.filter'); s.value = 'AC seed-1'; s.dispatchEvent(new Event('input')); }})()");
        // 1 and 10 to 14
        ((int)page.Evaluate($"[...{Runs}.querySelectorAll('tbody tr')].filter(r => !r.hidden).length")!).ShouldBe(6);
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Settings_that_differ_stand_apart_from_those_that_do_not()
    {
        using BrowserPage page = Open(MadeComparison.Of(MadeComparison.Group("A", "ac", 2, 9, 20), MadeComparison.Group("A", "stac", 3, 9, 20)));
        string[] Rows(string title) =>
            [.. page.Evaluate($"[...[...document.querySelectorAll('section')].find(s => s.querySelector('h2').textContent === '{title}').querySelectorAll('tbody tr')].map(r => [...r.children].map(c => c.textContent).join('|'))")!
                .AsArray().Select(r => (string)r!)];
        Rows("Settings that differ in A").ShouldBe(["gamma|0.99|0.95", "hypergradient.damping|–|0.1 (1 run); 0.01 (2 runs)", "hypergradient.solver|–|cg"]);
        Rows("Settings shared in A").ShouldBe(["precision|single", "total_timesteps|120000"]);
        Rows("Left out").ShouldBe(["runs/CartPole-v1/stac/seed-9|The run was interrupted after step 14000."]);
        Rows("Versions, machines and dates").ShouldBe(["0.1.0+83b8928|Xeon, 2 cores, Linux, .NET 10, 512 bits|5|2026-11-28 09:00|2026-11-28 09:02|ac, stac"]);
        page.Complaints.ShouldBeEmpty();
    }

    private BrowserPage Open(Comparison comparison)
    {
        string file = folder.Below("comparison.html");
        ComparisonPage.Write(comparison, file);
        return OpenPage.Open(file);
    }
}
