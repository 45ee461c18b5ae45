using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

public sealed class DampingTests
{
    [Fact]
    public void Fixed_damping_never_changes() => new FixedDamping(0.3).Value(1_000_000).ShouldBe(0.3);

    [Theory]
    [InlineData(0, 500)]
    [InlineData(100_000, 500 / Math.E)]
    [InlineData(200_000, 500 / (Math.E * Math.E))]
    [InlineData(100_000_000, 0.01)]
    public void Exponential_damping_falls_to_one_over_e_per_time_constant_and_stops_at_its_floor(long step, double expected) =>
        new ExponentialDamping(500, 1e5, floor: 0.01).Value(step).ShouldBe(expected, 1e-12 * expected);

    [Theory]
    [InlineData(0.9, 1, 1.0)]
    [InlineData(0.5, 1, 2.0)]
    [InlineData(0.25, 1, 2.0)]
    [InlineData(0.1, 1, 4.0)]
    [InlineData(-1, 1, 4.0)]
    [InlineData(double.NaN, 1, 4.0)]
    [InlineData(1, 0, 4.0)]
    [InlineData(1, -1, 4.0)]
    public void Adaptive_damping_halves_on_a_good_ratio_keeps_on_a_fair_one_and_doubles_otherwise(double actual, double predicted, double expected)
    {
        var damping = new AdaptiveDamping(2);
        damping.Update(actual, predicted);
        damping.Value(0).ShouldBe(expected);
    }

    [Fact]
    public void Adaptive_damping_stays_within_its_limits()
    {
        var damping = new AdaptiveDamping(new AdaptiveDampingOptions { Initial = 1, Minimum = 0.5, Maximum = 3 });
        damping.Update(1, 1);
        damping.Update(1, 1);
        damping.Damping.ShouldBe(0.5);
        for (int i = 0; i < 5; i++)
        {
            damping.Update(-1, 1);
        }

        damping.Damping.ShouldBe(3);
    }

    [Fact]
    public void Adaptive_damping_settles_where_the_quadratic_model_fits()
    {
        // f(y) = y⁴ / 4 from y = 1: a Newton step damped too little overshoots nothing here, so λ falls towards its floor
        double y = 1;
        var damping = new AdaptiveDamping(10);
        for (int i = 0; i < 60; i++)
        {
            double gradient = y * y * y, curvature = (3 * y * y) + damping.Damping;
            double step = -gradient / curvature;
            double predicted = -(gradient * step) - (0.5 * 3 * y * y * step * step);
            double before = y * y * y * y / 4;
            y += step;
            damping.Update(before - (y * y * y * y / 4), predicted);
        }

        damping.Damping.ShouldBeLessThan(1e-3);
        Math.Abs(y).ShouldBeLessThan(1e-3);
    }

    [Fact]
    public void Saved_state_continues()
    {
        var original = new AdaptiveDamping(2);
        original.Update(-1, 1);
        var restored = new AdaptiveDamping(2);
        MemoryState.Of(original).Restore(restored);
        restored.Damping.ShouldBe(4);
    }

    [Fact]
    public void Bad_parameters_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new FixedDamping(-1)).Message.ShouldContain("≥ 0");
        Should.Throw<ArgumentOutOfRangeException>(() => new ExponentialDamping(1, 0)).Message.ShouldContain("above 0");
        Should.Throw<ArgumentOutOfRangeException>(() => new ExponentialDamping(double.NaN, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveDamping(0)).Message.ShouldContain("0 < Minimum");
        Should.Throw<ArgumentOutOfRangeException>(() => new AdaptiveDamping(new AdaptiveDampingOptions { Factor = 1 })).Message.ShouldContain("Factor > 1");
    }
}
