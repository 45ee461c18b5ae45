using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Reproductions.Claims;

namespace Stackelberg.Reports.Tests.Reproductions;

/// <summary>Verdicts on hand-made scores.</summary>
public sealed class ClaimTests
{
    private const string Entry = """
        id: made
        scales: {smoke: {seeds: 0}, standard: {seeds: 0..4}}
        environments: [CartPole-v1, Acrobot-v1]
        arms:
          - {id: low, algo: ac}
          - {id: high, algo: stac}
          - {id: third, algo: ddpg}
        claims:
          - {claim: it, published: above, CLAIM}
        """;

    private static readonly double[] Low = [1, 2, 3, 4, 5], High = [11, 12, 13, 14, 15];

    [Theory]
    [InlineData("kind: better, a: high, b: low, environments: [CartPole-v1]", "reproduced", 1)]
    [InlineData("kind: better, a: low, b: high, environments: [CartPole-v1]", "not reproduced", 0)]
    [InlineData("kind: better, a: low, b: high, is_lower_better: true, environments: [CartPole-v1]", "reproduced", 1)]
    [InlineData("kind: better, a: third, b: low, environments: [CartPole-v1]", "cannot be decided", 0.5)]
    [InlineData("kind: not-worse, a: high, b: low, environments: [CartPole-v1]", "reproduced", 1)]
    [InlineData("kind: not-worse, a: low, b: high, environments: [CartPole-v1]", "not reproduced", 0)]
    [InlineData("kind: best, a: high, environments: [CartPole-v1]", "reproduced", 1)]
    [InlineData("kind: best, a: low, environments: [CartPole-v1]", "not reproduced", 0)]
    public void Better_worse_and_best_follow_from_the_probability(string claim, string verdict, double measured)
    {
        ClaimResult result = Judge(claim, ("low", Low), ("high", High), ("third", Low));

        (result.VerdictText, result.Measured, result.Count).ShouldBe((verdict, measured, 5));
        result.Low.ShouldBeLessThanOrEqualTo(measured);
        result.High.ShouldBeGreaterThanOrEqualTo(measured);
    }

    [Theory]
    [InlineData("kind: range, a: low, low: 2.5, high: 3.5", "reproduced")]
    [InlineData("kind: range, a: low, low: 3", "reproduced")]
    [InlineData("kind: range, a: low, low: 10, high: 20", "not reproduced")]
    [InlineData("kind: range, a: low, high: -1", "not reproduced")]
    [InlineData("kind: range, a: low, low: 3.2, high: 20", "cannot be decided")]
    public void A_range_is_met_missed_or_reached_into(string claim, string verdict)
    {
        ClaimResult result = Judge(claim + ", environments: [CartPole-v1]", ("low", Low));

        (result.VerdictText, result.Measured, result.Count).ShouldBe((verdict, 3, 5));
    }

    [Theory]
    [InlineData("statistic: iqm", 3, false)]
    [InlineData("statistic: mean", 22, true)]
    public void A_range_is_of_the_interquartile_mean_or_of_the_mean(string statistic, double measured, bool isReproduced)
    {
        ClaimResult result = Judge($"kind: range, a: low, {statistic}, low: 10, environments: [CartPole-v1]", ("low", [1, 2, 3, 4, 100]));

        (result.Measured, result.VerdictText == "reproduced").ShouldBe((measured, isReproduced));
    }

    // 4 of 5: Clopper and Pearson's interval is [0.2836, 0.9949]
    [Theory]
    [InlineData("hit_low: 2, low: 0.8", "reproduced", 0.8)]
    [InlineData("hit_low: 2, hit_high: 5, low: 0.7, high: 0.9", "reproduced", 0.8)]
    [InlineData("hit_high: 1, low: 0.75", "not reproduced", 0.2)]
    [InlineData("hit_low: 2, low: 0.99", "cannot be decided", 0.8)]
    [InlineData("hit_low: 2, low: 0.996", "not reproduced", 0.8)]
    public void A_share_counts_runs_and_its_interval_is_the_binomial_one(string range, string verdict, double measured)
    {
        ClaimResult result = Judge($"kind: share, a: low, {range}, environments: [CartPole-v1]", ("low", Low));

        (result.VerdictText, result.Measured, result.Count).ShouldBe((verdict, measured, 5));
        result.Low.ShouldBe(measured == 0.8 ? 0.2835821 : 0.0050508, 1e-6);
        result.High.ShouldBe(measured == 0.8 ? 0.9949492 : 0.7164179, 1e-6);
    }

    [Theory]
    [InlineData("low: 4, high: 5", "reproduced")]
    [InlineData("high: 2", "not reproduced")]
    [InlineData("low: 5", "cannot be decided")]
    public void A_ratio_is_of_medians_and_reaches_as_far_as_the_extremes(string range, string verdict)
    {
        ClaimResult result = Judge($"kind: ratio, a: high, b: low, {range}, environments: [CartPole-v1]", ("low", Low), ("high", High));

        // 13 / 3, between 11 / 5 and 15 / 1
        result.Measured.ShouldBe(13 / 3.0, 1e-12);
        (result.Low, result.High, result.VerdictText).ShouldBe((11 / 5.0, 15, verdict));
    }

    [Fact]
    public void One_seed_decides_a_ratio_of_times_and_none_of_returns()
    {
        const string Ratio = "kind: ratio, a: high, b: low, low: 2, environments: [CartPole-v1]";

        Judge(Ratio, ("low", [1]), ("high", [3])).VerdictText.ShouldBe("cannot be decided");

        ReproductionEntry entry = Read(Ratio + ", quantity: {metric: wall_seconds}");
        ScoreList[] scores = [Scores("low", [1], quantity: "wall_seconds final"), Scores("high", [3], quantity: "wall_seconds final")];
        ClaimJudge.Judge(entry, Summary("standard", scores))[0].VerdictText.ShouldBe("reproduced");
    }

    [Theory]
    [InlineData("kind: better, a: high, b: low, environments: [CartPole-v1]")]
    [InlineData("kind: not-worse, a: high, b: low, environments: [CartPole-v1]")]
    [InlineData("kind: best, a: high, environments: [CartPole-v1]")]
    [InlineData("kind: range, a: high, low: 0, environments: [CartPole-v1]")]
    public void Four_seeds_decide_nothing(string claim)
    {
        ClaimResult result = Judge(claim, ("low", Low[..4]), ("high", High[..4]), ("third", Low[..4]));

        (result.VerdictText, result.Count).ShouldBe(("cannot be decided", 4));
        result.Detail.ShouldContain("5");
    }

    [Fact]
    public void A_smoke_run_decides_nothing_whatever_its_scores()
    {
        ReproductionEntry entry = Read("kind: better, a: high, b: low, environments: [CartPole-v1]");

        ClaimResult result = ClaimJudge.Judge(entry, Summary("smoke", Scores("low", Low), Scores("high", High)))[0];

        (result.VerdictText, result.Measured, result.Count).ShouldBe(("cannot be decided", 1, 5));
        result.Detail.ShouldContain("smoke");
    }

    [Theory]
    [InlineData("kind: better, a: high, b: low")]
    [InlineData("kind: not-worse, a: high, b: low")]
    [InlineData("kind: best, a: high")]
    [InlineData("kind: range, a: high, low: 0, environments: [Acrobot-v1]")]
    [InlineData("kind: ratio, a: high, b: low, low: 0, environments: [Acrobot-v1]")]
    public void What_was_not_run_cannot_be_decided(string claim)
    {
        ClaimResult result = Judge(claim);

        (result.VerdictText, result.Count).ShouldBe(("cannot be decided", 0));
        result.Detail.ShouldContain("was not run");
    }

    [Theory]
    [InlineData("", "cannot be decided", 1, 2)]
    [InlineData(", at_least: 1", "reproduced", 1, 2)]
    public void Over_several_environments_those_that_agree_are_counted(string more, string verdict, double yes, double most)
    {
        // Acrobot was not run
        ClaimResult result = Judge("kind: better, a: high, b: low" + more, ("low", Low), ("high", High));

        (result.VerdictText, result.Measured, result.Low, result.High, result.Count).ShouldBe((verdict, yes, yes, most, 0));
    }

    [Fact]
    public void One_environment_that_says_no_is_enough_against_a_claim_on_all()
    {
        ReproductionEntry entry = Read("kind: better, a: high, b: low");
        ScoreList[] scores = [Scores("low", Low), Scores("high", High), Scores("low", High, "Acrobot-v1"), Scores("high", Low, "Acrobot-v1")];

        ClaimResult result = ClaimJudge.Judge(entry, Summary("standard", scores))[0];

        (result.VerdictText, result.Measured, result.High, result.Count).ShouldBe(("not reproduced", 1, 1, 5));
    }

    [Theory]
    [InlineData("kind: better, a: high, b: low", double.NaN)]
    [InlineData("kind: better, a: low, b: high", double.NaN)]
    [InlineData("kind: not-worse, a: high, b: low", double.NaN)]
    [InlineData("kind: best, a: high", double.NaN)]
    [InlineData("kind: range, a: high, low: 0", double.NaN)]
    [InlineData("kind: range, a: high, high: 0", double.NaN)]
    [InlineData("kind: ratio, a: high, b: low, low: 1", double.NaN)]
    [InlineData("kind: ratio, a: high, b: low, high: 1", double.NaN)]
    [InlineData("kind: better, a: high, b: low", double.PositiveInfinity)]
    public void Scores_that_are_no_numbers_decide_nothing(string claim, double score)
    {
        string one = claim + ", environments: [CartPole-v1]";
        double[] mixed = [score, 12, 13, 14, 15], all = [score, score, score, score, score];

        // the mean of infinite scores has no test, however far above the others they are
        Judge(one, ("low", Low), ("high", double.IsNaN(score) ? mixed : all), ("third", Low)).VerdictText.ShouldBe("cannot be decided");
        Judge(one, ("low", all), ("high", all), ("third", all)).VerdictText.ShouldBe("cannot be decided");
    }

    [Fact]
    public void The_same_summary_has_the_same_interval_to_the_bit()
    {
        ClaimResult One() => Judge("kind: better, a: high, b: low, environments: [CartPole-v1]", ("low", [1, 9, 3, 7, 5]), ("high", [2, 8, 4, 6, 10]));

        One().ShouldBe(One());
        One().High.ShouldBeGreaterThan(One().Low);
    }

    private static ClaimResult Judge(string claim, params (string Arm, double[] Values)[] scores) =>
        ClaimJudge.Judge(Read(claim), Summary("standard", [.. scores.Select(s => Scores(s.Arm, s.Values))])).ShouldHaveSingleItem();

    private static ReproductionEntry Read(string claim) => EntryReader.Read(Entry.Replace("CLAIM", claim, StringComparison.Ordinal), "made.yml");

    private static ScoreList Scores(string arm, double[] values, string environment = "CartPole-v1", string quantity = "return evaluation final") =>
        new(quantity, arm, environment, [.. values.Select((_, i) => (ulong)i)], values);

    private static EntrySummary Summary(string scale, params ScoreList[] scores) =>
        new() { Id = "made", Scale = scale, Command = "", Date = "", Machines = [], Versions = [], Scores = scores };
}
