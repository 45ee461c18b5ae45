using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class TimeLimitTests
{
    private static readonly double[] Observation = new double[2];

    [Fact]
    public void The_limiting_step_is_truncated_and_not_terminated()
    {
        using TimeLimit environment = new(new ScriptedEnvironment(Steps.Going(2)), 3);
        environment.Reset(null, Observation);
        environment.Step([0], Observation).ShouldBe(Steps.Going(2));
        environment.Step([0], Observation).ShouldBe(Steps.Going(2));
        environment.Step([0], Observation).ShouldBe(new StepResult(2, Terminated: false, Truncated: true));
    }

    [Fact]
    public void A_termination_before_the_limit_stays_a_termination_alone()
    {
        using TimeLimit environment = new(new ScriptedEnvironment(Steps.Going(), Steps.Terminated()), 3);
        environment.Reset(null, Observation);
        environment.Step([0], Observation);
        environment.Step([0], Observation).ShouldBe(new StepResult(1, Terminated: true, Truncated: false));
    }

    [Fact]
    public void Both_flags_are_true_when_both_coincide()
    {
        using TimeLimit environment = new(new ScriptedEnvironment(Steps.Going(), Steps.Terminated()), 2);
        environment.Reset(null, Observation);
        environment.Step([0], Observation);
        environment.Step([0], Observation).ShouldBe(new StepResult(1, Terminated: true, Truncated: true));
    }

    [Fact]
    public void Step_after_truncation_is_refused_until_Reset_and_the_count_starts_anew()
    {
        using TimeLimit environment = new(new ScriptedEnvironment(Steps.Going()), 2);
        Should.Throw<EnvironmentException>(() => environment.Step([0], Observation));
        environment.Reset(null, Observation);
        environment.Step([0], Observation);
        environment.Step([0], Observation).Truncated.ShouldBeTrue();
        Should.Throw<EnvironmentException>(() => environment.Step([0], Observation));
        environment.Reset(null, Observation);
        environment.Steps.ShouldBe(0);
        environment.Step([0], Observation).Truncated.ShouldBeFalse();
    }

    [Fact]
    public void Saved_state_remembers_the_count_and_the_end()
    {
        using TimeLimit original = new(new ScriptedEnvironment(Steps.Going()), 2), restored = new(new ScriptedEnvironment(Steps.Going()), 2);
        original.Reset(null, Observation);
        original.Step([0], Observation);
        MemoryState.Of(original).Restore(restored);
        restored.Step([0], Observation).Truncated.ShouldBeTrue();

        MemoryState.Of(restored).Restore(original);
        Should.Throw<EnvironmentException>(() => original.Step([0], Observation));
    }

    [Fact]
    public void Spec_states_the_limit_and_keeps_the_rest()
    {
        using TimeLimit environment = new(new ScriptedEnvironment { Spec = new EnvironmentSpec("S", null, 4) { Description = "d" } }, 7);
        environment.Spec.ShouldBe(new EnvironmentSpec("S", 7, 4) { Description = "d" });
        Should.Throw<ArgumentOutOfRangeException>(() => new TimeLimit(environment, 0));
    }
}
