using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Wrappers;

public sealed class EpisodeStatisticsTests
{
    private static readonly double[] Observation = new double[2];

    [Fact]
    public void Return_and_length_are_those_of_the_episode_and_outlive_it_until_the_next()
    {
        using EpisodeStatistics environment = new(new ScriptedEnvironment(Steps.Going(1.5), Steps.Going(-0.25), Steps.Truncated(4)));
        environment.Reset(null, Observation);
        for (int i = 0; i < 3; i++)
        {
            environment.Step([0], Observation);
        }

        (environment.Return, environment.Length, environment.Episodes).ShouldBe((5.25, 3L, 1L));
        environment.Reset(null, Observation);
        (environment.Return, environment.Length, environment.Episodes, environment.TotalSteps).ShouldBe((0.0, 0L, 1L, 3L));
    }

    [Fact]
    public void An_abandoned_episode_is_not_counted()
    {
        using EpisodeStatistics environment = new(new ScriptedEnvironment(Steps.Going()));
        environment.Reset(null, Observation);
        environment.Step([0], Observation);
        environment.Reset(null, Observation);
        environment.Episodes.ShouldBe(0);
    }

    [Fact]
    public void Saved_state_continues_the_sums()
    {
        StepResult[] script = [Steps.Going(1), Steps.Going(2), Steps.Terminated(4)];
        using EpisodeStatistics original = new(new ScriptedEnvironment(script)), restored = new(new ScriptedEnvironment(script));
        original.Reset(null, Observation);
        original.Step([0], Observation);
        original.Step([0], Observation);
        MemoryState.Of(original).Restore(restored);
        restored.Step([0], Observation);
        (restored.Return, restored.Length, restored.Episodes, restored.TotalSteps).ShouldBe((7.0, 3L, 1L, 3L));
    }

    [Fact]
    public void Find_reaches_through_a_stack_and_disposal_reaches_the_bottom()
    {
        ScriptedEnvironment bottom = new(Steps.Going());
        EpisodeStatistics statistics = new(bottom);
        IEnvironment stack = new TimeLimit(statistics, 5);
        stack.Find<EpisodeStatistics>().ShouldBeSameAs(statistics);
        stack.Unwrapped().ShouldBeSameAs(bottom);
        stack.Find<CartPole>().ShouldBeNull();
        stack.Dispose();
        bottom.Disposals.ShouldBe(1);
    }
}
