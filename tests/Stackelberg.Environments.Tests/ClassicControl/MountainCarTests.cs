using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests.ClassicControl;

public sealed class MountainCarTests
{
    private static readonly ReferenceTrajectory[] Discrete = ReferenceTrajectory.Load("mountain_car", 2, 2);
    private static readonly ReferenceTrajectory[] Continuous = ReferenceTrajectory.Load("mountain_car_continuous", 2, 2);

    public static TheoryData<string> DiscreteCases => [.. Discrete.Select(r => r.Name)];

    public static TheoryData<string> ContinuousCases => [.. Continuous.Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(DiscreteCases))]
    public void Discrete_trajectory_has_the_bits_of_the_published_equations(string name)
    {
        ReferenceTrajectory reference = Discrete.Single(r => r.Name == name);
        using MountainCar environment = new(new MountainCarOptions { GoalVelocity = reference.Option });
        reference.ShouldBeRepeatedBy(environment);
    }

    [Theory]
    [MemberData(nameof(ContinuousCases))]
    public void Continuous_trajectory_has_the_bits_of_the_published_equations(string name)
    {
        ReferenceTrajectory reference = Continuous.Single(r => r.Name == name);
        using MountainCarContinuous environment = new(new MountainCarOptions { GoalVelocity = reference.Option });
        reference.ShouldBeRepeatedBy(environment);
    }

    [Fact]
    public void References_cover_the_wall_the_speed_limit_the_goal_and_a_goal_passed_too_slowly()
    {
        foreach (ReferenceTrajectory[] reference in (ReferenceTrajectory[][])[Discrete, Continuous])
        {
            ReferenceTrajectory.Row[] rows = [.. reference.SelectMany(r => r.Rows)];
            rows.ShouldContain(r => Math.Abs(r.Dynamics[0] + 1.2) < 1e-6 && r.Dynamics[1] == 0);
            rows.ShouldContain(r => r.Terminated);
            reference.Single(r => r.Name == "too_slow").Rows.ShouldContain(r => r.Dynamics[0] > 0.5 && !r.Terminated);
        }

        Discrete.Single(r => r.Name == "fast").Rows.Skip(1).ShouldContain(r => r.Dynamics[1] == 0.07);
        Continuous.SelectMany(r => r.Rows).ShouldContain(r => r.Action > 1);
    }

    [Fact]
    public void Continuous_dynamics_are_rounded_to_single_after_a_step_but_not_at_the_start()
    {
        using MountainCarContinuous environment = new();
        environment.Reset(1, new double[2]);
        environment.Dynamics[0].ShouldNotBe((float)environment.Dynamics[0]);
        environment.Step([0.3], new double[2]);
        environment.Dynamics.ToArray().ShouldAllBe(d => d == (float)d);

        using MountainCar discrete = new();
        discrete.Reset(1, new double[2]);
        discrete.Step([2], new double[2]);
        discrete.Dynamics.ToArray().ShouldAllBe(d => d != (float)d);
    }

    [Fact]
    public void Force_is_clipped_while_its_cost_is_not()
    {
        using MountainCarContinuous strong = new(), full = new();
        strong.ResetTo([-0.5, 0], new double[2]);
        full.ResetTo([-0.5, 0], new double[2]);
        strong.Step([3], new double[2]).Reward.ShouldBe(-0.9, 1e-15);
        full.Step([1], new double[2]).Reward.ShouldBe(-0.1, 1e-15);
        strong.Dynamics.ToArray().ShouldBe(full.Dynamics.ToArray());
    }

    [Fact]
    public void An_action_whose_cost_overflows_is_refused_and_changes_nothing()
    {
        using MountainCarContinuous environment = new();
        environment.ResetTo([-0.5, 0], new double[2]);
        Should.Throw<EnvironmentException>(() => environment.Step([1e200], new double[2])).Message.ShouldContain("1E+200");
        environment.Dynamics.ToArray().ShouldBe([-0.5, 0]);
        Should.NotThrow(() => environment.Step([1], new double[2]));
    }

    [Fact]
    public void Resets_are_uniform_at_rest()
    {
        foreach (ClassicControlEnvironment environment in (ClassicControlEnvironment[])[new MountainCar(), new MountainCarContinuous()])
        {
            ResetSample.ShouldBeUniform(environment, 0, -0.6, -0.4);
            environment.Dynamics[1].ShouldBe(0);
        }

        ResetSample.ShouldBeUniform(new MountainCar(new MountainCarOptions { ResetLow = -1, ResetHigh = 0.2 }), 0, -1, 0.2);
        Should.Throw<ArgumentException>(() => new MountainCar(new MountainCarOptions { ResetLow = 1, ResetHigh = 0 }));
        Should.Throw<ArgumentException>(() => new MountainCarContinuous(new MountainCarOptions { GoalVelocity = double.NaN }));
    }
}
