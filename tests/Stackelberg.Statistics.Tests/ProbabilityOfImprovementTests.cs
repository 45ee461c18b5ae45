using Stackelberg.Primitives;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests;

public sealed class ProbabilityOfImprovementTests
{
    [Theory]
    [InlineData(new[] { 1.0, 2, 3 }, new[] { 1.0, 2, 3 }, 0.5)]
    [InlineData(new[] { 4.0, 5 }, new[] { 1.0, 2, 3 }, 1)]
    [InlineData(new[] { 0.0 }, new[] { 0.0, 1, 1 }, 1 / 6.0)]
    [InlineData(new[] { 3.0, 1 }, new[] { 2.0, 1, 0 }, 4.5 / 6)] // 3 beats all three, 1 beats 0 and ties with 1
    public void Pairs_are_counted_and_ties_by_half(double[] x, double[] y, double expected) => ProbabilityOfImprovement.Of(x, y).ShouldBe(expected);

    [Fact]
    public void It_is_the_share_of_all_pairs() => Laws.Hold(Laws.Pairs, pair =>
    {
        double wins = pair.X.Sum(x => pair.Y.Sum(y => x > y ? 1 : x == y ? 0.5 : 0));
        ProbabilityOfImprovement.Of(pair.X, pair.Y).ShouldBe(wins / (pair.X.Length * pair.Y.Length));
    });

    [Fact]
    public void Both_directions_make_one_and_only_the_order_counts() => Laws.Hold(Laws.Pairs, pair =>
    {
        double p = ProbabilityOfImprovement.Of(pair.X, pair.Y);
        (p + ProbabilityOfImprovement.Of(pair.Y, pair.X)).ShouldBe(1, 1e-15);
        ProbabilityOfImprovement.Of(Array.ConvertAll(pair.X, Math.Exp), Array.ConvertAll(pair.Y, Math.Exp)).ShouldBe(p);
        ProbabilityOfImprovement.Of(Laws.Shuffled(pair.X, 1), Laws.Shuffled(pair.Y, 2)).ShouldBe(p);
    });

    [Fact]
    public void Tasks_count_equally_whatever_their_runs() =>
        ProbabilityOfImprovement.Of([([1.0], [0.0]), ([0.0, 0, 0], [0.0, 1])]).ShouldBe((1 + 0.25) / 2);

    [Fact]
    public void Interval_ignores_the_order_of_runs_and_lies_in_the_unit_interval() => Laws.Hold(Laws.Pairs, pair =>
    {
        Interval interval = ProbabilityOfImprovement.Interval([(pair.X, pair.Y), (pair.Y, pair.Y)], RandomStream.FromSeed(pair.Seed), 50);
        interval.Low.ShouldBeGreaterThanOrEqualTo(0);
        interval.High.ShouldBeLessThanOrEqualTo(1);
        interval.Low.ShouldBeLessThanOrEqualTo(interval.High);
        ProbabilityOfImprovement.Interval(
            [(Laws.Shuffled(pair.X, 3), Laws.Shuffled(pair.Y, 4)), (pair.Y, pair.Y)], RandomStream.FromSeed(pair.Seed), 50).ShouldBe(interval);
    });

    [Theory]
    [InlineData(0.4, 0.5, 0.5)] // of X = {0, 2}, Y = {1}: 0, ½, 1 with probabilities ¼, ½, ¼
    [InlineData(0.9, 0, 1)]
    public void Interval_of_two_runs_against_one_is_that_of_the_four_resamples(double confidence, double low, double high) =>
        ProbabilityOfImprovement.Interval([([0.0, 2], [1.0])], RandomStream.FromSeed(5), 4000, confidence).ShouldBe(new Interval(low, high));

    [Fact]
    public void Interval_is_the_bootstrap_of_the_probability() => Laws.Hold(Laws.Pairs, pair =>
    {
        int n = pair.X.Length;
        Interval expected = Bootstrap.Interval(
            [pair.X, pair.Y], sample => ProbabilityOfImprovement.Of(sample[..n], sample[n..]), RandomStream.FromSeed(pair.Seed), 50);
        ProbabilityOfImprovement.Interval([(pair.X, pair.Y)], RandomStream.FromSeed(pair.Seed), 50).ShouldBe(expected);
    });

    [Fact]
    public void What_cannot_be_compared_is_refused_by_its_place()
    {
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Of([], [1.0])).Message.ShouldStartWith("x is empty");
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Of([1], [0, double.NaN])).Message.ShouldStartWith("y[1] is NaN");
        List<(double[] X, double[] Y)> tasks = [([1], [2]), ([1], [2, double.NaN])];
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Of(tasks)).Message.ShouldStartWith("tasks[1].Y[1] is NaN");
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Interval(tasks, RandomStream.FromSeed(0))).Message.ShouldStartWith("tasks[1].Y[1] is NaN");
        tasks[1] = ([], [2]);
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Of(tasks)).Message.ShouldStartWith("tasks[1].X is empty");
        tasks.Clear();
        Should.Throw<ArgumentException>(() => ProbabilityOfImprovement.Of(tasks)).Message.ShouldStartWith("tasks is empty");
    }
}
