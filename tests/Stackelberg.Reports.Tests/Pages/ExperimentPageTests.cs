using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Fakes;

namespace Stackelberg.Reports.Tests.Pages;

public sealed class ExperimentPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Page_has_question_verdicts_arms_and_the_parts_of_its_comparisons()
    {
        string file = folder.Below("experiment.html");
        ExperimentPage.Write(Made(), file);
        using BrowserPage page = OpenPage.Open(file);
        page.DrawAll();
        page.Text("document.title").ShouldBe("Who leads?");
        page.Texts("h2").ShouldBe(["Question", "Verdicts", "What to know of these numbers", "Arms", "CartPole and Hopper", "Later"]);
        page.Texts("h3").ShouldContain("Learning curves");
        page.Texts("#contents a").ShouldBe(["Question", "Verdicts", "Notes", "Arms", "CartPole and Hopper", "Later"]);
        page.Texts("#part-0 p").ShouldBe(["First line.", "Second line."]);
        page.Texts(".badge").ShouldBe(["reproduced", "not reproduced", "cannot be decided"]);
        page.Text("document.querySelector('#part-1 .caption').textContent").ShouldStartWith("3 claims: 1 reproduced, 1 not reproduced, 1 cannot be decided.");
        page.Texts("#part-1 tbody tr")[2].ShouldContain("no interval");
        page.Text("document.body.innerText").ShouldContain("There is no run of this part yet.");
        page.Count(".scatterlayer path.js-line").ShouldBe((2 * 4) + (2 * 3));
        page.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public void Experiment_of_nothing_is_a_page_that_says_so()
    {
        string file = folder.Below("nothing.html");
        ExperimentPage.Write(new Experiment("Nothing", "", []), file);
        using BrowserPage page = OpenPage.Open(file, dark: true, width: 400);
        page.Text("document.body.innerText").ShouldContain("No claim is judged.");
        page.Text("document.body.innerText").ShouldContain("No arm is described.");
        page.Overflows().ShouldBeFalse();
        page.Complaints.ShouldBeEmpty();
    }

    private static Experiment Made() => new("Who leads?", "First line.\nSecond line.", [new("CartPole and Hopper", "", MadeComparison.Usual()), new("Later", "Not run.")])
    {
        Arms = [new("ac", "No leader."), new("stac", "The actor leads.")],
        Claims =
        [
            new("Higher return.", "480", 450, 420, 490, "IQM", 5, Verdict.Reproduced, "The interval holds it.") { Source = "Table 2" },
            new("Fewer steps.", "30000", 52_000, 41_000, 63_000, "steps", 5, Verdict.NotReproduced, "It is apart."),
            new("More stable.", "above", double.NaN, double.NaN, double.NaN, "P(A > B)", 2, Verdict.CannotBeDecided, "Too few seeds."),
        ],
        Notes = ["The budget is a tenth."],
    };
}
