using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Laws of the damping schedules over random curves and histories.</summary>
public sealed class DampingLawTests
{
    [Fact]
    public void Exponential_damping_is_a_semigroup_above_its_floor_and_never_rises()
    {
        RandomStream random = RandomStream.FromSeed(1);
        for (int i = 0; i < 200; i++)
        {
            double initial = Math.Pow(10, random.NextUniform(-6, 6)), timeConstant = Math.Pow(10, random.NextUniform(0, 7));
            var damping = new ExponentialDamping(initial, timeConstant);
            long s = (long)(timeConstant * random.NextDouble()), t = (long)(timeConstant * random.NextDouble());
            damping.Value(0).ShouldBe(initial);
            (damping.Value(s + t) * initial).ShouldBe(damping.Value(s) * damping.Value(t), 1e-13 * initial * initial);
            damping.Value(s + t).ShouldBeLessThanOrEqualTo(Math.Min(damping.Value(s), damping.Value(t)));
            // a number of time constants that is no whole one
            damping.Value((long)(2.5 * timeConstant)).ShouldBe(initial * Math.Exp(-Math.Floor(2.5 * timeConstant) / timeConstant), 1e-13 * initial);
        }
    }

    [Theory]
    [InlineData(1, 10, 0.2)]
    [InlineData(100, 1e6, 1e-3)]
    [InlineData(0, 5, 0)]
    [InlineData(0.1, 5, 3)]
    public void Exponential_damping_is_the_larger_of_curve_and_floor(double initial, double timeConstant, double floor)
    {
        var damping = new ExponentialDamping(initial, timeConstant, floor);
        var curve = new ExponentialDamping(initial, timeConstant);
        foreach (long step in new[] { 0, 1, 7, 100, 10_000, long.MaxValue })
        {
            damping.Value(step).ShouldBe(Math.Max(floor, curve.Value(step)));
        }

        damping.Value(long.MaxValue).ShouldBe(floor);
    }

    [Fact]
    public void Schedules_of_the_step_alone_keep_no_state()
    {
        foreach (IDampingSchedule schedule in new IDampingSchedule[] { new FixedDamping(0.3), new ExponentialDamping(2, 50, 0.1) })
        {
            double before = schedule.Value(70);
            schedule.Value(1_000_000);
            MemoryState.Of(schedule).Restore(schedule);
            schedule.Value(70).ShouldBe(before);
        }
    }

    [Theory]
    [InlineData(2, 1e-3, 1e3)]
    [InlineData(1.5, 0.5, 2)]
    [InlineData(10, 1e-8, 1e8)]
    public void Adaptive_damping_follows_its_history_within_its_limits(double factor, double minimum, double maximum)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            RandomStream random = RandomStream.FromSeed(seed);
            var damping = new AdaptiveDamping(new AdaptiveDampingOptions { Factor = factor, Minimum = minimum, Maximum = maximum });
            double expected = 1;
            for (int i = 0; i < 100; i++)
            {
                double predicted = Math.Exp(random.NextNormal()), ratio = random.NextUniform(-0.5, 1.5);
                damping.Update(ratio * predicted, predicted);
                expected = ratio > 0.75 ? Math.Max(minimum, expected / factor) : ratio < 0.25 ? Math.Min(maximum, expected * factor) : expected;
                damping.Damping.ShouldBe(expected, 1e-12 * expected);
                damping.Value(i).ShouldBe(damping.Damping);
                damping.Damping.ShouldBeInRange(minimum, maximum);
            }
        }
    }

    [Fact]
    public void Adaptive_damping_sees_the_ratio_alone_and_not_its_order()
    {
        double[] ratios = [0.9, 0.1, 0.5, -2, 0.8, 1.2, 0.3, 0.2];
        double[] orders = [Of(ratios, 1), Of(ratios, 1024), Of(ratios, 1.0 / 1024), Of([.. ratios.Reverse()], 1)];
        // three good, three poor, two fair
        orders.ShouldAllBe(static damping => damping == 1);

        static double Of(double[] ratios, double size)
        {
            var damping = new AdaptiveDamping(1);
            foreach (double ratio in ratios)
            {
                damping.Update(ratio * size, size);
            }

            return damping.Damping;
        }
    }

    [Theory]
    [InlineData(0.5, 0.6, 0.55, 1)]
    [InlineData(0.5, 0.6, 0.61, 0.5)]
    [InlineData(0.5, 0.6, 0.49, 2)]
    [InlineData(-1, 0, -0.5, 1)]
    [InlineData(-1, 0, 0.01, 0.5)]
    public void Thresholds_of_adaptive_damping_can_be_moved(double poor, double good, double ratio, double expected)
    {
        var damping = new AdaptiveDamping(new AdaptiveDampingOptions { PoorRatio = poor, GoodRatio = good });
        damping.Update(ratio, 1);
        damping.Damping.ShouldBe(expected);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.NaN)]
    [InlineData(double.NegativeInfinity, 1)]
    [InlineData(1, double.NegativeInfinity)]
    [InlineData(0, 0)]
    public void Reductions_that_mean_nothing_raise_the_damping(double actual, double predicted)
    {
        var damping = new AdaptiveDamping(1);
        damping.Update(actual, predicted);
        damping.Damping.ShouldBe(2);
    }

    [Fact]
    public void Adaptive_options_out_of_their_range_are_refused_with_it()
    {
        var good = new AdaptiveDampingOptions();
        foreach (AdaptiveDampingOptions bad in new[]
        {
            good with { Minimum = 0 }, good with { Minimum = 2 }, good with { Maximum = 0.5 }, good with { Maximum = double.PositiveInfinity },
            good with { Initial = double.NaN },
        })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveDamping(bad)).Message.ShouldContain("0 < Minimum ≤ Initial ≤ Maximum");
        }

        foreach (AdaptiveDampingOptions bad in new[]
        {
            good with { Factor = 0.5 }, good with { Factor = double.PositiveInfinity }, good with { Factor = double.NaN }, good with { PoorRatio = 0.75 },
            good with { GoodRatio = 0.1 },
        })
        {
            Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveDamping(bad)).Message.ShouldContain("PoorRatio < GoodRatio");
        }
    }
}
