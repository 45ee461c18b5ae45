using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class FiniteCheckTests
{
    private static readonly double[] Observation = new double[2];

    [Fact]
    public void A_bad_observation_is_reported_with_environment_step_and_entry()
    {
        using FiniteCheck environment = new(
            new ScriptedEnvironment(Steps.Going()) { Observation = (_, step) => step == 2 ? [0, double.NegativeInfinity] : [0, 0] });
        environment.Reset(null, Observation);
        environment.Step([0], Observation);
        string message = Should.Throw<EnvironmentException>(() => environment.Step([0], Observation)).Message;
        message.ShouldContain("Scripted");
        message.ShouldContain("observation entry 1 is -Infinity");
        message.ShouldContain("step 2");
    }

    [Fact]
    public void A_bad_first_observation_and_a_bad_reward_are_reported()
    {
        using FiniteCheck first = new(new ScriptedEnvironment(Steps.Going()) { Observation = (_, _) => [double.NaN, 0] });
        Should.Throw<EnvironmentException>(() => first.Reset(null, Observation)).Message.ShouldContain("after Reset");

        using FiniteCheck rewards = new(new ScriptedEnvironment(Steps.Going(double.NaN)));
        rewards.Reset(null, Observation);
        Should.Throw<EnvironmentException>(() => rewards.Step([0], Observation)).Message.ShouldContain("the reward is NaN at step 1");
    }

    [Fact]
    public void The_step_number_starts_anew_with_the_episode_and_survives_saving()
    {
        static FiniteCheck Make() => new(
            new ScriptedEnvironment(Steps.Going(), Steps.Terminated()) { Observation = (episode, step) => [episode == 2 && step == 2 ? double.NaN : 0, 0] });
        using FiniteCheck original = Make(), restored = Make();
        original.Reset(null, Observation);
        original.Step([0], Observation);
        original.Step([0], Observation);
        original.Reset(null, Observation);
        original.Step([0], Observation);
        MemoryState.Of(original).Restore(restored);
        Should.Throw<EnvironmentException>(() => restored.Step([0], Observation)).Message.ShouldContain("step 2");
    }

    [Fact]
    public void Finite_numbers_pass_unchanged()
    {
        using FiniteCheck environment = new(new ScriptedEnvironment(Steps.Truncated(-3)));
        environment.Reset(null, Observation);
        environment.Step([0], Observation).ShouldBe(Steps.Truncated(-3));
        Observation.ShouldBe([1.0, 1.0]);
    }
}
