using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>Scores and statistics, against numbers worked out by hand.</summary>
public sealed class ScoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Six_seeds_have_the_statistics_worked_out_by_hand()
    {
        Write(WrittenRun.Seeds("ac", 30, 0, 10, 1, 20, 0));

        RunGroup group = Compare().Groups.ShouldHaveSingleItem();

        // sorted 0 0 1 10 20 30; one of six is cut at each end: (0 + 1 + 10 + 20) / 4
        group.Summary.InterquartileMean.ShouldBe(7.75);
        group.Summary.Mean.ShouldBe(61 / 6.0, 1e-12);
        group.Summary.Median.ShouldBe(5.5);
        (group.Summary.Count, group.Summary.Minimum, group.Summary.Maximum).ShouldBe((6, 0, 30));
        // squares 0 0 1 100 400 900 sum to 1401: (1401 - 61²/6) / 5
        group.Summary.Deviation.ShouldBe(Math.Sqrt((1401 - (61 * 61 / 6.0)) / 5), 1e-12);
        group.Summary.Low.ShouldBeInRange(0, 7.75);
        group.Summary.High.ShouldBeInRange(7.75, 30);
        group.Runs.Select(r => r.Seed).ShouldBe([0UL, 1, 2, 3, 4, 5]);
        group.Runs.Select(r => r.Score).ShouldBe([30, 0, 10, 1, 20, 0]);
    }

    [Fact]
    public void Probability_of_improvement_counts_pairs_and_ties_by_half()
    {
        Write(WrittenRun.Seeds("ac", 1, 2, 3));
        Write(WrittenRun.Seeds("stac", 2, 4, 0, 2));

        GroupPair pair = Compare().Pairs.ShouldHaveSingleItem();

        // 1 beats {0}; 2 beats {0} and ties twice; 3 beats {2, 0, 2}: 1 + 2 + 3 of 12
        (pair.A, pair.B, pair.ProbabilityOfImprovement).ShouldBe(("ac", "stac", 0.5));
        (pair.CountA, pair.CountB).ShouldBe((3, 4));
        pair.Low.ShouldBeInRange(0, 0.5);
        pair.High.ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void One_seed_has_no_deviation_and_an_interval_without_width()
    {
        Write(new WrittenRun("ac", 3, 12.5));

        ScoreSummary summary = Compare().Groups[0].Summary;

        (summary.Count, summary.Low, summary.InterquartileMean, summary.High).ShouldBe((1, 12.5, 12.5, 12.5));
        summary.Deviation.ShouldBe(double.NaN);
    }

    [Fact]
    public void Training_scores_are_of_the_last_hundred_episodes_and_not_of_evaluations()
    {
        // 50 episodes of return 1000, then the numbers 1 to 100, whose mean is 50.5
        Write(new WrittenRun("ac", 0, 7) { Steps = 1500, Returns = [.. Enumerable.Repeat(1000.0, 50), .. Enumerable.Range(1, 100).Select(i => (double)i)] });

        Comparison training = Compare(new ComparisonOptions { Kind = ScoreKind.TrainingLast100 });

        training.Groups[0].Summary.Mean.ShouldBe(50.5);
        training.Quantity.ShouldContain("training");
        Compare().Groups[0].Summary.Mean.ShouldBe(7);
        // at step 60 six episodes have ended, all of 1000; at 510 fifty of 1000 and the first of the others
        Compare(new ComparisonOptions { Kind = ScoreKind.TrainingLast100, At = 60 }).Groups[0].Summary.Mean.ShouldBe(1000);
        Compare(new ComparisonOptions { Kind = ScoreKind.TrainingLast100, At = 510 }).Groups[0].Summary.Mean.ShouldBe(50_001 / 51.0, 1e-9);
    }

    [Fact]
    public void Scores_at_a_step_are_the_last_known_by_then()
    {
        Write(new WrittenRun("ac", 0, 9) { Earlier = [(200, 2), (400, 4)] });

        Score(200).ShouldBe(2);
        Score(399).ShouldBe(2);
        Score(400).ShouldBe(4);
        Score(1000).ShouldBe(9);
        Should.Throw<ComparisonException>(() => Score(199)).Message.ShouldContain("by step 199");
        Should.Throw<ComparisonException>(() => Score(1001)).Message.ShouldContain("ended at step 1000, before step 1001");

        double Score(long step) => Compare(new ComparisonOptions { At = step }).Groups[0].Summary.Mean;
    }

    [Fact]
    public void A_column_of_the_progress_is_averaged_over_the_last_hundred_rows_that_have_it()
    {
        string[] rows = [.. Enumerable.Range(1, 150).Select(i => $"{i},{i},1,1,10,{(i == 150 ? "" : i == 149 ? "nan" : i <= 50 ? "1e9" : "2")}")];
        Write(new WrittenRun("ac", 0, 9) { Progress = ["step,iteration,episodes,episode_return,episode_length,critic/loss", .. rows] });

        Compare(new ComparisonOptions { Metric = "critic/loss" }).Groups[0].Summary.Mean.ShouldBe(2);
        ComparisonException e = Should.Throw<ComparisonException>(() => Compare(new ComparisonOptions { Metric = "critic/los" }));
        e.Message.ShouldContain("did you mean 'critic/loss'?");
    }

    [Fact]
    public void The_same_comparison_has_the_same_bits_and_another_seed_has_others()
    {
        Write(WrittenRun.Seeds("ac", 1, 5, 2, 8, 3));
        Write(WrittenRun.Seeds("stac", 3, 9, 4, 1, 7));

        Comparison one = Compare(), two = Compare(), other = Compare(new ComparisonOptions { Seed = 1 });

        two.Groups.Select(g => g.Summary).ShouldBe(one.Groups.Select(g => g.Summary));
        two.Pairs.ShouldBe(one.Pairs);
        other.Groups.Select(g => g.Summary.Mean).ShouldBe(one.Groups.Select(g => g.Summary.Mean));
        other.Pairs.ShouldNotBe(one.Pairs);
    }

    [Fact]
    public void Another_group_beside_it_changes_no_interval_of_a_group()
    {
        Write(WrittenRun.Seeds("ac", 1, 5, 2, 8, 3));
        ScoreSummary alone = Compare().Groups[0].Summary;
        Write(WrittenRun.Seeds("stac", 3, 9));

        Compare().Groups[0].Summary.ShouldBe(alone);
        (new WrittenRun("ac", 0, 4) { Settings = [("gamma", "0.9")] }).WriteTo(folder["runs", "more", "seed-0"]);

        Comparison three = Compare();
        three.Groups.Count.ShouldBe(3);
        three.Groups.Select(g => g.Summary).ShouldContain(alone);
    }

    private void Write(params WrittenRun[] runs) => runs.ToList().ForEach(r => r.Write(folder["runs"]));

    private Comparison Compare(ComparisonOptions? options = null) => Comparer.Compare([folder["runs"]], options ?? new ComparisonOptions());
}
