using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Figures;
using Stackelberg.Reports.Pages;
using Stackelberg.Reports.Tables;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>Numbers at the edge, and beyond it.</summary>
public sealed class ExtremeScoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_that_ended_without_a_number_is_named_and_no_mean_is_spoilt()
    {
        Write(WrittenRun.Seeds("ac", double.NaN, 1, 3));

        Comparison found = Compare();

        found.Groups.ShouldHaveSingleItem().Summary.Mean.ShouldBe(2);
        found.LeftOut.ShouldHaveSingleItem().Directory.ShouldEndWith("seed-0");
        found.LeftOut[0].Reason.ShouldBe("it has no return at its end");
    }

    [Theory]
    [InlineData(600)]
    [InlineData(700)]
    public void A_run_without_a_number_at_the_latest_step_is_named_and_gets_no_earlier_one(long step)
    {
        Write(new WrittenRun("ac", 0, 9) { Earlier = [(400, 1), (600, double.NaN)] }, new WrittenRun("ac", 1, 9) { Earlier = [(400, 1), (600, 5)] });

        Comparison found = Comparer.Compare([folder["runs"]], new ComparisonOptions { At = step }), before = Comparer.Compare([folder["runs"]], new ComparisonOptions { At = 599 });

        found.Groups.ShouldHaveSingleItem().Summary.ShouldSatisfyAllConditions(s => s.Count.ShouldBe(1), s => s.Mean.ShouldBe(5));
        found.LeftOut.ShouldHaveSingleItem().Reason.ShouldBe($"it has no return by step {step}");
        before.Groups.ShouldHaveSingleItem().Summary.Count.ShouldBe(2);
        before.LeftOut.ShouldBeEmpty();
    }

    [Fact]
    public void A_test_without_a_number_calls_nothing_better()
    {
        Write(WrittenRun.Seeds("ac", 1, 2, 3, 4, 5));
        Write(WrittenRun.Seeds("stac", [.. Enumerable.Repeat(double.PositiveInfinity, 5)]));

        GroupPair pair = Compare().Pairs.ShouldHaveSingleItem();

        (pair.ProbabilityOfImprovement, pair.High, pair.PermutationP, pair.Verdict).ShouldBe((0, 0, double.NaN, "cannot be told apart"));
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(5e-324)]
    public void Extreme_scores_decide_nothing_and_break_no_table_page_or_figure(double extreme)
    {
        Write(WrittenRun.Seeds("ac", extreme, extreme, extreme, extreme, extreme));
        Write(WrittenRun.Seeds("stac", extreme, 0, extreme, 0, extreme));

        Comparison found = Compare();
        ComparisonTables.WriteCsv(found, folder["t.csv"]);
        ComparisonTables.WriteLatex(found, folder["t.tex"]);
        ComparisonPage.Write(found, folder["p.html"]);
        ComparisonFigure.Write(found, folder["f.svg"]);

        found.Groups.Select(g => g.Runs.Count).ShouldBe([5, 5]);
        found.Pairs.ShouldHaveSingleItem().Verdict.ShouldBe("cannot be told apart");
        File.ReadAllLines(folder["t.csv"]).Length.ShouldBe(3);
        new FileInfo(folder["f.svg"]).Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void A_metric_that_some_runs_never_had_leaves_those_out_by_name()
    {
        Write(new WrittenRun("ac", 0, 1) { Progress = ["step,loss", "500,nan", "1000,"] }, new WrittenRun("ac", 1, 1) { Progress = ["step,loss", "1000,4"] }, new WrittenRun("ac", 2, 1));

        Comparison found = Comparer.Compare([folder["runs"]], new ComparisonOptions { Metric = "loss" });

        found.Groups.ShouldHaveSingleItem().Summary.Mean.ShouldBe(4);
        found.LeftOut.Select(l => l.Reason).ShouldBe(["it has no loss at its end", "its progress.csv has no column 'loss'; it has step, iteration, episodes, episode_return, episode_length"]);
    }

    [Fact]
    public void Without_an_episode_there_is_no_training_score()
    {
        Write(new WrittenRun("ac", 0, 1) { Returns = [] });

        Should.Throw<ComparisonException>(() => Comparer.Compare([folder["runs"]], new ComparisonOptions { Kind = ScoreKind.TrainingLast100 })).Message.ShouldContain("has no return");
    }

    [Fact]
    public void Times_that_were_not_noted_are_no_times()
    {
        Write(new WrittenRun("ac", 0, 1));

        ComparisonException e = Should.Throw<ComparisonException>(() => Comparer.Compare([folder["runs"]], new ComparisonOptions { Metric = "wall_seconds" }));
        e.Message.ShouldContain("no wall_seconds");
        Should.Throw<ComparisonException>(() => Comparer.Compare([folder["runs"]], new ComparisonOptions { Metric = "wall_seconds", At = 1000 })).Message.ShouldContain("whole run");
    }

    private void Write(params WrittenRun[] runs) => runs.ToList().ForEach(r => r.Write(folder["runs"]));

    private Comparison Compare() => Comparer.Compare([folder["runs"]], new ComparisonOptions());
}
