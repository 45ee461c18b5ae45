using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>The verb <c>report</c> on runs that were trained for a moment.</summary>
public sealed class ReportTests(TrainedRuns trained) : IClassFixture<TrainedRuns>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> BadInputs => new()
    {
        { "report", "folder" },
        { "report nowhere", "no folder" },
        { "report runs --html /proc/x.html", "/proc/x.html" },
        { "report runs --by gama", "did you mean 'gamma'?" },
        { "report runs --metric returns", "no column 'returns'" },
        { "report runs --html runs", "it is a folder" },
        { "report runs --title", "--title" },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_report_lies_in_the_folder_and_asks_what_the_folder_asks()
    {
        trained.CopyTo(folder["my <experiment>"]);
        File.WriteAllText(folder["my <experiment>", "question.md"], "Is <b>STAC</b> faster?\n");

        CommandResult result = Command.Run(folder.Path, "report", "my <experiment>", "--title", "A \"title\" & more").ShouldSucceed();

        result.Output.ShouldContain("2 groups, 4 runs");
        string page = File.ReadAllText(folder["my <experiment>", "report.html"]);
        page.ShouldContain("faster?");
        page.ShouldNotContain("<b>STAC</b>");
        page.ShouldContain("&amp; more");
    }

    [Fact]
    public void A_report_prints_the_numbers_of_a_comparison()
    {
        trained.CopyTo(folder["runs"]);

        JsonElement report = Command.Run(folder.Path, "report", "runs", "--json").ShouldSucceed().Json, compared = Command.Run(folder.Path, "compare", "runs", "--json").Json;

        report.GetProperty("groups").GetRawText().ShouldBe(compared.GetProperty("groups").GetRawText());
        report.GetProperty("pairs").GetRawText().ShouldBe(compared.GetProperty("pairs").GetRawText());
    }

    [Fact]
    public void A_damaged_run_is_told_and_the_page_is_made_of_the_others()
    {
        trained.CopyTo(folder["runs"]);
        string table = folder["runs", "CartPole-v1", "stac", "seed-0", "hypergradient.csv"];
        File.WriteAllText(table, File.ReadAllText(table) + "1,2\n");

        CommandResult result = Command.Run(folder.Path, "report", "runs", "--html", "deep/er/page.html").ShouldSucceed();

        result.Output.ShouldContain("2 groups, 3 runs");
        result.Error.ShouldContain("hypergradient.csv' was altered: row");
        File.ReadAllText(folder["deep", "er", "page.html"]).ShouldContain("was altered");
    }

    [Fact]
    public void Replays_of_the_median_runs_are_recorded_and_linked()
    {
        trained.CopyTo(folder["runs"]);

        Command.Run(folder.Path, "report", "runs", "--replays").ShouldSucceed().Output.ShouldContain("2 replays");

        string[] replays = Directory.GetFiles(folder["runs"], "replay.html", SearchOption.AllDirectories);
        replays.Length.ShouldBe(2);
        string page = File.ReadAllText(folder["runs", "report.html"]);
        replays.ShouldAllBe(r => page.Contains(Path.GetRelativePath(folder["runs"], r), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void What_is_wrong_is_told_in_three_lines(string arguments, string words) =>
        Command.Run(trained.Folder.Path, arguments.Split(' ')).ShouldRefuse(2, words).Output.ShouldBeEmpty();
}
