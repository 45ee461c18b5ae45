using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests.ClassicControl;

public sealed class PendulumTests
{
    private static readonly ReferenceTrajectory[] Reference = ReferenceTrajectory.Load("pendulum", 2, 3);

    public static TheoryData<string> Cases => [.. Reference.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectory_has_the_bits_of_the_published_equations(string name)
    {
        ReferenceTrajectory reference = Reference.Single(r => r.Name == name);
        using Pendulum environment = new(new PendulumOptions { Gravity = reference.Option });
        reference.ShouldBeRepeatedBy(environment);
    }

    [Fact]
    public void Reference_covers_clipped_torques_the_speed_limit_and_several_turns()
    {
        ReferenceTrajectory.Row[] rows = [.. Reference.SelectMany(r => r.Rows)];
        rows.ShouldContain(r => r.Action > 2);
        rows.ShouldContain(r => r.Action < -2);
        rows.ShouldContain(r => Math.Abs(r.Dynamics[1]) == 8);
        rows.ShouldContain(r => Math.Abs(r.Dynamics[0]) > 3 * Math.PI);
        rows.ShouldContain(r => r.Dynamics[0] < -Math.PI);
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.0, 0.0)]
    [InlineData(2 * Math.PI, 0.0, 0.0, 0.0)]
    [InlineData(Math.PI, 8.0, 5.0, -16.2736044)]
    [InlineData(1.0, 0.0, 0.0, -1.0)]
    [InlineData(1.0 - (4 * Math.PI), 2.0, -3.0, -1.404)]
    public void Reward_is_minus_the_cost_of_the_state_before_the_step(double angle, double speed, double torque, double expected)
    {
        using Pendulum environment = new();
        environment.ResetTo([angle, speed], new double[3]);
        environment.Step([torque], new double[3]).Reward.ShouldBe(expected, 1e-7);
    }

    [Fact]
    public void Resets_are_uniform_within_the_chosen_bounds()
    {
        using Pendulum environment = new();
        ResetSample.ShouldBeUniform(environment, 0, -Math.PI, Math.PI);
        ResetSample.ShouldBeUniform(environment, 1, -1, 1);
        using Pendulum narrow = new(new PendulumOptions { ResetAngle = 0.3, ResetVelocity = 0 });
        ResetSample.ShouldBeUniform(narrow, 0, -0.3, 0.3);
        narrow.Dynamics[1].ShouldBe(0);
    }

    [Theory]
    [InlineData(double.NaN, 1.0, 1.0)]
    [InlineData(10.0, -1.0, 1.0)]
    [InlineData(10.0, 1.0, double.PositiveInfinity)]
    public void Options_out_of_range_are_refused(double gravity, double angle, double velocity) =>
        Should.Throw<ArgumentException>(() =>
            new Pendulum(new PendulumOptions { Gravity = gravity, ResetAngle = angle, ResetVelocity = velocity }));

    [Fact]
    public void An_action_that_is_not_finite_is_refused_and_changes_nothing()
    {
        using Pendulum environment = new();
        environment.ResetTo([0.5, 0.1], new double[3]);
        Should.Throw<EnvironmentException>(() => environment.Step([double.NaN], new double[3])).Message.ShouldContain("NaN");
        Should.Throw<EnvironmentException>(() => environment.Step([0, 0], new double[3]));
        environment.Dynamics.ToArray().ShouldBe([0.5, 0.1]);
    }
}
