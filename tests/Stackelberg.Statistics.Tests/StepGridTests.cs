using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests;

public sealed class StepGridTests
{
    private static readonly LearningCurve Curve = new([10, 20, 30, 40], [1, double.NaN, 3, 4]);

    [Fact]
    public void Steps_on_which_all_agree_are_the_grid()
    {
        double[] steps = [100, 250, 300];
        StepGrid.Common([Zeros(steps), Zeros(steps)]).ShouldBe(steps);
        // as far as each goes: one stopped early, one never began
        StepGrid.Common([Zeros(100, 250), Zeros(), Zeros(steps)]).ShouldBe(steps);
    }

    [Fact]
    public void Steps_that_differ_or_are_many_are_replaced_by_even_ones_over_all()
    {
        StepGrid.Common([Zeros(0, 7), Zeros(3, 20)], mostPoints: 5).ShouldBe([0, 5, 10, 15, 20]);
        StepGrid.Common([Zeros([.. Enumerable.Range(0, 11).Select(i => i * 10.0)])], mostPoints: 5).ShouldBe([0, 25, 50, 75, 100]);
        StepGrid.Common([Zeros(0.1, 0.2), Zeros(0.3, 0.7)]).Length.ShouldBe(200);
        StepGrid.Common([Zeros(0.1, 0.2), Zeros(0.3, 0.7)])[^1].ShouldBe(0.7);
    }

    [Fact]
    public void Curves_without_steps_have_no_grid_and_one_step_is_one_point()
    {
        StepGrid.Common([]).ShouldBeEmpty();
        StepGrid.Common([Zeros(), Zeros()]).ShouldBeEmpty();
        StepGrid.Common([Zeros(5, 5, 5)], mostPoints: 2).ShouldBe([5]);
    }

    [Fact]
    public void The_value_at_a_step_is_the_last_known_by_then()
    {
        double[] grid = [9.99, 10, 19, 20, 29.99, 30, 40];
        StepGrid.ValuesAt(Curve, grid).ShouldBe([double.NaN, 1, 1, 1, 1, 3, 4]);
        StepGrid.ValuesAt(Curve, [40.01, 1e9, double.NegativeInfinity]).ShouldAllBe(v => double.IsNaN(v));
        StepGrid.ValuesAt(Zeros(), [0]).ShouldBe([double.NaN]);
        StepGrid.ValuesAt(new LearningCurve([0, 10], [double.NaN, 2]), [5, 10]).ShouldBe([double.NaN, 2]);
        // of two values at one step the later counts
        StepGrid.ValuesAt(new LearningCurve([0, 10, 10], [1, 2, 3]), [10]).ShouldBe([3]);
    }

    [Fact]
    public void No_value_is_shown_before_its_step()
    {
        RandomStream random = RandomStream.FromSeed(4);
        double[] steps = [.. Enumerable.Range(0, 50).Select(_ => random.NextDouble()).Order()];
        foreach (double at in StepGrid.ValuesAt(new LearningCurve(steps, steps), steps))
        {
            steps.ShouldContain(at);
        }

        double[] grid = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)];
        StepGrid.ValuesAt(new LearningCurve(steps, steps), grid).Zip(grid).ShouldAllBe(p => !(p.First > p.Second));
    }

    [Fact]
    public void A_trailing_mean_begins_when_its_window_is_full()
    {
        LearningCurve mean = StepGrid.TrailingMean(new LearningCurve([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]), 3);
        mean.Steps.ShouldBe([2, 3, 4, 5]);
        mean.Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void A_window_of_one_changes_nothing_and_one_that_is_never_full_leaves_nothing()
    {
        StepGrid.TrailingMean(Curve, 1).Values.ShouldBe(Curve.Values);
        StepGrid.TrailingMean(Curve, 5).Steps.ShouldBeEmpty();
        StepGrid.TrailingMean(Zeros(1, 2, 3, 4, 5), 100).Values.ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_value_leaves_with_its_windows() =>
        StepGrid.TrailingMean(new LearningCurve([0, 1, 2, 3, 4], [1, double.NaN, 3, 5, 7]), 2).Values.ShouldBe([double.NaN, double.NaN, 4, 6]);

    [Fact]
    public void Curves_that_are_none_are_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => StepGrid.Common([Zeros(1), new LearningCurve([1, 2], [1])])).Message.ShouldStartWith("curves[1] has 2 steps and 1 values");
        Should.Throw<ArgumentException>(() => StepGrid.ValuesAt(Zeros(2, 1), [0])).Message.ShouldStartWith("curve goes back from step 2 to 1 at index 1");
        Should.Throw<ArgumentException>(() => StepGrid.TrailingMean(Zeros(2, double.NaN), 1)).Message.ShouldStartWith("curve.Steps[1] is NaN");
        Should.Throw<ArgumentOutOfRangeException>(() => StepGrid.TrailingMean(Curve, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => StepGrid.Common([Curve], 1));
    }

    private static LearningCurve Zeros(params double[] steps) => new(steps, new double[steps.Length]);
}
