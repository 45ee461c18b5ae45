using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Tensors.Tests.Optimisers;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Constant_never_changes()
    {
        LearningRateSchedule schedule = 3e-4;
        schedule.At(0).ShouldBe(3e-4);
        schedule.At(long.MaxValue).ShouldBe(3e-4);
        schedule.ShouldBe(LearningRateSchedule.Constant(3e-4));
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(1, 0.775)]
    [InlineData(4, 0.1)]
    [InlineData(1000, 0.1)]
    public void Linear_goes_in_equal_steps_and_stays(long step, double expected) =>
        LearningRateSchedule.Linear(1, 0.1, 4).At(step).ShouldBe(expected, 1e-15);

    [Fact]
    public void Linear_stays_between_its_ends()
    {
        Prop.ForAll<PositiveInt, NonNegativeInt>((steps, step) =>
            LearningRateSchedule.Linear(1, 0.5, steps.Get).At(step.Get) is >= 0.5 and <= 1).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Exponential_multiplies_at_every_step()
    {
        var schedule = LearningRateSchedule.Exponential(2, 0.5);
        schedule.At(0).ShouldBe(2);
        schedule.At(3).ShouldBe(0.25);
        LearningRateSchedule.Exponential(2, 1).At(100).ShouldBe(2);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Rates_that_make_no_sense_are_refused(double rate)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(rate)).Message.ShouldContain("at least 0");
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Linear(1, rate, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Exponential(rate, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Exponential(1, rate));
    }

    [Fact]
    public void Steps_that_make_no_sense_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Linear(1, 0, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(1).At(-1));
    }
}
