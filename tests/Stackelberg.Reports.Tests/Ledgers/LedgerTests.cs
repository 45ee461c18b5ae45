using Stackelberg.Reports.Ledgers;
using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Ledgers;

/// <summary>Pages and the summaries their numbers come from.</summary>
public sealed class LedgerTests : IDisposable
{
    private const string Page = """
        # By hand

        Before.

        <!-- generated: claims fsddpg-lemma-5 -->
        <!-- end -->

        Between.

        <!-- generated: scores stac-damping -->
        <!-- end -->
        <!-- generated: origin stac-damping -->
        <!-- end -->

        After.

        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Parts_are_made_from_the_summary_and_the_rest_of_the_page_stays()
    {
        Write(Page);
        Summary().Write(folder["data", "summary.json"]);

        Ledger.Update(folder.Path, isCheck: false).ShouldBe([folder["page.md"]]);

        string text = File.ReadAllText(folder["page.md"]);
        text.ShouldStartWith("# By hand\n\nBefore.\n\n<!-- generated: claims fsddpg-lemma-5 -->\n");
        text.ShouldContain("<!-- end -->\n\nBetween.\n\n<!-- generated: scores stac-damping -->");
        text.ShouldEndWith("<!-- end -->\n\nAfter.\n");
        // √(1+1+4+1+1+9+1+1+16+25+25+36) = 11
        text.ShouldContain("| 11.0 at o = 1 (Lemma 5, App. F) | 11.0 | 11 [11, 11] computed: inside the published range | 1 | **reproduced** |");
        // 0 0 1 10 20 30
        text.ShouldContain("| ac | 7.75 [");
        text.ShouldContain("(n = 6) |");
        text.ShouldContain("| stac-0 | 5 (n = 1) |");
        text.ShouldContain("| stac-500 | – |");
        text.ShouldContain("./stackelberg reproduce run stac-damping\n");
        text.ShouldContain("2026-11-30; two cores; version 0.1.0.");
    }

    [Fact]
    public void A_second_time_nothing_is_written()
    {
        Write(Page);
        Summary().Write(folder["summary.json"]);
        Ledger.Update(folder.Path, isCheck: false);
        File.SetLastWriteTimeUtc(folder["page.md"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Ledger.Update(folder.Path, isCheck: false).ShouldBeEmpty();
        Ledger.Update(folder.Path, isCheck: true).ShouldBeEmpty();

        File.GetLastWriteTimeUtc(folder["page.md"]).Year.ShouldBe(2020);
    }

    [Theory]
    [InlineData("7.75", "7.76")]
    [InlineData("reproduced", "not reproduced")]
    [InlineData("2026-11-30", "2026-12-01")]
    public void A_number_changed_by_hand_is_found_by_the_check_and_left_as_it_is(string made, string changed)
    {
        Write(Page);
        Summary().Write(folder["summary.json"]);
        Ledger.Update(folder.Path, isCheck: false);
        string text = File.ReadAllText(folder["page.md"]).Replace(made, changed, StringComparison.Ordinal);
        Write(text);

        Ledger.Update(folder.Path, isCheck: true).ShouldBe([folder["page.md"]]);

        File.ReadAllText(folder["page.md"]).ShouldBe(text);
    }

    [Fact]
    public void A_changed_summary_is_found_by_the_check()
    {
        Write(Page);
        Summary().Write(folder["summary.json"]);
        Ledger.Update(folder.Path, isCheck: false);

        Summary(31).Write(folder["summary.json"]);

        Ledger.Update(folder.Path, isCheck: true).ShouldBe([folder["page.md"]]);
    }

    [Fact]
    public void What_was_not_run_is_said_to_be_so()
    {
        Write(Page);

        Ledger.Update(folder.Path, isCheck: false);

        string text = File.ReadAllText(folder["page.md"]);
        text.Split("Not run yet.").Length.ShouldBe(3);
        text.ShouldContain("**reproduced**");
    }

    [Theory]
    [InlineData("<!-- generated: claims stac-toy -->\n", "has no end")]
    [InlineData("<!-- generated: claims stac-toy", "has no end")]
    [InlineData("<!-- generated: claims stac-toy -->\nBy hand.\n<!-- generated: origin stac-toy -->\n<!-- end -->\n", "has no end")]
    [InlineData("<!-- generated: claims stac-toi -->\n<!-- end -->\n", "'stac-toi' is no entry")]
    [InlineData("<!-- generated: claim stac-toy -->\n<!-- end -->\n", "asks for the part 'claim stac-toy'")]
    [InlineData("<!-- generated: claims -->\n<!-- end -->\n", "asks for the part 'claims'")]
    [InlineData("<!-- generated:  -->\n<!-- end -->\n", "asks for the part ''")]
    public void A_page_that_asks_for_what_cannot_be_made_is_refused_and_stays(string text, string message)
    {
        Write(text);

        Should.Throw<ReproductionException>(() => Ledger.Update(folder.Path, isCheck: false)).Message.ShouldContain(message);

        File.ReadAllText(folder["page.md"]).ShouldBe(text);
    }

    [Fact]
    public void Names_that_would_break_a_table_are_escaped()
    {
        EntrySummary summary = Summary();
        Write("<!-- generated: scores stac-damping -->\n<!-- end -->\n");
        (summary with { Scores = [summary.Scores[0] with { Environment = "a|b\nc" }] }).Write(folder["summary.json"]);

        Ledger.Update(folder.Path, isCheck: false);

        File.ReadAllText(folder["page.md"]).ShouldContain("| arm | a\\|b c |\n|---|--:|\n| ac | 7.75");
    }

    [Fact]
    public void A_folder_that_is_none_and_a_second_summary_are_refused()
    {
        Should.Throw<ReproductionException>(() => Ledger.Update(folder["none"], isCheck: true)).Message.ShouldContain("there is no folder");
        Summary().Write(folder["one.json"]);
        Summary().Write(folder["two.json"]);
        Should.Throw<ReproductionException>(() => Ledger.Update(folder.Path, isCheck: true)).Message.ShouldContain("second summary of 'stac-damping'");
    }

    private static EntrySummary Summary(double last = 30) => new()
    {
        Id = "stac-damping", Scale = "standard", Command = "stackelberg reproduce run stac-damping", Date = "2026-11-30", Machines = ["two cores"], Versions = ["0.1.0"],
        Scores =
        [
            new ScoreList("return training-last100 200000", "ac", "CartPole-v0", [0, 1, 2, 3, 4, 5], [0, 0, 1, 10, 20, last]),
            new ScoreList("return training-last100 200000", "stac-0", "CartPole-v0", [0], [5]),
        ],
    };

    private void Write(string text) => File.WriteAllText(folder["page.md"], text);
}
