using Stackelberg.Primitives;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests;

public sealed class PerformanceProfileTests
{
    private static readonly double[] Thresholds = [-10, -1.5, -0.25, 0, 0.3, 0.5, 1, 2.75, 10];

    [Fact]
    public void A_score_that_equals_the_threshold_is_not_above_it() =>
        PerformanceProfile.Of([[0, 1], [1, 2]], [2, -1, 0, 0.5, 1, 1.5]).ShouldBe([0, 1, 0.75, 0.75, 0.25, 0.25]);

    [Fact]
    public void Profile_falls_from_all_to_none_and_is_the_share_of_all_runs() => Laws.Hold(Laws.ScoreSets, set =>
    {
        double[] profile = PerformanceProfile.Of(set.Tasks, Thresholds), scores = [.. set.Tasks.SelectMany(t => t)];
        profile[0].ShouldBe(1);
        profile[^1].ShouldBe(0);
        profile.ShouldBe(profile.OrderDescending());
        profile.ShouldBe(Thresholds.Select(tau => scores.Count(s => s > tau) / (double)scores.Length));
    });

    [Fact]
    public void Area_under_the_profile_is_the_mean() => Laws.Hold(Laws.ScoreSets, set =>
    {
        // scores are multiples of a quarter from −1.5 to 3.5: the profile is constant between
        double[] quarters = [.. Enumerable.Range(0, 20).Select(i => -1.5 + (i / 4.0))];
        (-1.5 + (PerformanceProfile.Of(set.Tasks, quarters).Sum() / 4)).ShouldBe(Aggregates.Mean(set.Tasks), 1e-12);
    });

    [Fact]
    public void Band_falls_too_holds_the_certain_ends_and_ignores_the_order_of_runs() => Laws.Hold(Laws.ScoreSets, set =>
    {
        (double[] low, double[] high) = PerformanceProfile.Band(set.Tasks, Thresholds, RandomStream.FromSeed(set.Seed), 50);
        low.ShouldBe(low.OrderDescending());
        high.ShouldBe(high.OrderDescending());
        (low[0], high[0], low[^1], high[^1]).ShouldBe((1, 1, 0, 0));
        low.Zip(high).ShouldAllBe(ends => ends.First <= ends.Second);
        double[][] shuffled = [.. set.Tasks.Select(t => Laws.Shuffled(t, set.Seed))];
        PerformanceProfile.Band(shuffled, Thresholds, RandomStream.FromSeed(set.Seed), 50).Low.ShouldBe(low);
    });

    [Fact]
    public void Band_is_at_each_threshold_the_bootstrap_of_the_share_above_it()
    {
        double[][] tasks = [[0.1, 0.4, 0.9, 1.2], [0.2, 0.3, 0.8, 0.7]];
        (double[] low, double[] high) = PerformanceProfile.Band(tasks, [0.5], RandomStream.FromSeed(3), 500);
        static double Share(ReadOnlySpan<double> sample) => sample.ToArray().Count(s => s > 0.5) / (double)sample.Length;
        Bootstrap.Interval(tasks, Share, RandomStream.FromSeed(3), 500).ShouldBe(new Interval(low[0], high[0]));
        low[0].ShouldBeLessThan(high[0]);
    }

    [Fact]
    public void NaN_is_refused_by_its_place()
    {
        Should.Throw<ArgumentException>(() => PerformanceProfile.Of([[1, double.NaN]], [0])).Message.ShouldStartWith("strata[0][1] is NaN");
        Should.Throw<ArgumentException>(() => PerformanceProfile.Of([[1]], [0, double.NaN])).Message.ShouldStartWith("thresholds[1] is NaN");
        Should.Throw<ArgumentException>(() => PerformanceProfile.Band([[1], []], [0], RandomStream.FromSeed(0))).Message.ShouldStartWith("strata[1] is empty");
    }
}
