using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class ClippingTests
{
    private static readonly double[] Observation = new double[2];

    [Theory]
    [InlineData(5, 2)]
    [InlineData(-5, -1)]
    [InlineData(0.5, 0.5)]
    public void ClipReward_clips_and_keeps_the_flags(double reward, double expected)
    {
        using ClipReward environment = new(new ScriptedEnvironment(Steps.Terminated(reward)), -1, 2);
        environment.Reset(null, Observation);
        environment.Step([0], Observation).ShouldBe(Steps.Terminated(expected));
    }

    [Fact]
    public void Clipping_leaves_NaN_to_be_seen()
    {
        using ClipReward rewards = new(new ScriptedEnvironment(Steps.Going(double.NaN)), -1, 1);
        rewards.Reset(null, Observation);
        rewards.Step([0], Observation).Reward.ShouldBe(double.NaN);

        using ClipObservation observations = new(new ScriptedEnvironment(Steps.Going()) { Observation = (_, _) => [double.NaN, 0] }, -1, 1);
        observations.Reset(null, Observation);
        Observation[0].ShouldBe(double.NaN);
    }

    [Fact]
    public void ClipObservation_clips_resets_and_steps_and_narrows_the_space()
    {
        using ClipObservation environment = new(
            new ScriptedEnvironment(Steps.Going())
            {
                Observation = (_, step) => step == 0 ? [7, -7] : [-7, 0.5],
                ObservationSpace = new BoxSpace([double.NegativeInfinity, 0], [0.5, double.PositiveInfinity]),
            },
            -1,
            2);
        environment.Reset(null, Observation);
        Observation.ShouldBe([2.0, -1.0]);
        environment.Step([0], Observation);
        Observation.ShouldBe([-1.0, 0.5]);
        BoxSpace box = environment.ObservationSpace.ShouldBeOfType<BoxSpace>();
        box.Low.ToArray().ShouldBe([-1.0, 0.0]);
        box.High.ToArray().ShouldBe([0.5, 2.0]);
    }

    [Fact]
    public void ClipAction_hands_on_the_nearest_action_of_the_box()
    {
        ScriptedEnvironment inner = new(Steps.Going()) { ActionSpace = new BoxSpace([-1, 0], [2, 3]) };
        using ClipAction environment = new(inner);
        environment.Reset(null, Observation);
        environment.Step([-7, 7], Observation);
        inner.LastAction.ShouldBe([-1.0, 3.0]);
        environment.Step([1.5, 0.25], Observation);
        inner.LastAction.ShouldBe([1.5, 0.25]);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ClipAction_and_RescaleAction_refuse_what_is_not_finite(double value)
    {
        using ClipAction clip = new(new ScriptedEnvironment(Steps.Going()));
        using RescaleAction rescale = new(new ScriptedEnvironment(Steps.Going()));
        clip.Reset(null, Observation);
        rescale.Reset(null, Observation);
        Should.Throw<EnvironmentException>(() => clip.Step([value], Observation));
        Should.Throw<EnvironmentException>(() => rescale.Step([value], Observation));
    }

    [Fact]
    public void RescaleAction_is_linear_hits_the_bounds_exactly_and_refuses_what_is_outside()
    {
        ScriptedEnvironment inner = new(Steps.Going()) { ActionSpace = new BoxSpace([-0.3, 0.1], [0.7, 0.4]) };
        using RescaleAction environment = new(inner);
        environment.Reset(null, Observation);
        environment.Step([-1, -1], Observation);
        inner.LastAction.ShouldBe([-0.3, 0.1]);
        environment.Step([1, 1], Observation);
        inner.LastAction.ShouldBe([0.7, 0.4]);
        environment.Step([0, 0.5], Observation);
        inner.LastAction[0].ShouldBe(0.2, 1e-15);
        inner.LastAction[1].ShouldBe(0.325, 1e-15);
        Should.Throw<EnvironmentException>(() => environment.Step([1.0001, 0], Observation)).Message.ShouldContain("1.0001");
    }

    [Fact]
    public void Wrappers_refuse_spaces_they_cannot_serve()
    {
        using CartPole discrete = new();
        Should.Throw<ArgumentException>(() => new ClipAction(discrete));
        Should.Throw<ArgumentException>(() => new RescaleAction(discrete));
        ScriptedEnvironment unbounded = new() { ActionSpace = new BoxSpace([0], [double.PositiveInfinity]) };
        Should.Throw<ArgumentException>(() => new RescaleAction(unbounded)).Message.ShouldContain("finite bounds");
        Should.Throw<ArgumentException>(() => new ClipReward(discrete, 1, -1));
        Should.Throw<ArgumentException>(() => new ClipObservation(discrete, 1, double.NaN));
        Should.Throw<ArgumentException>(() => new ClipObservation(new ScriptedEnvironment { ObservationSpace = new DiscreteSpace(3) }, -1, 1));
    }
}
