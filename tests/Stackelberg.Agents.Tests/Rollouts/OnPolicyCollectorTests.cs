using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Rollouts;

public sealed class OnPolicyCollectorTests
{
    [Theory]
    [InlineData(TimeLimit.Bootstrap)]
    [InlineData(TimeLimit.Terminal)]
    public void Trajectories_cover_the_rollout_and_only_true_terminations_end_with_value_zero(TimeLimit timeLimit)
    {
        (OnPolicyCollector<double> collector, Rollout<double> rollout, _) = Make(limit: 20, steps: 400, timeLimit: timeLimit);
        var sink = new RecordingSink();
        collector.Collect(rollout, 400, static _ => 5.0, sink, new TrainingClock());

        int next = 0;
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            trajectory.Start.ShouldBe(next);
            next = trajectory.End;
        }

        next.ShouldBe(400);
        sink.Episodes.ShouldContain(e => e.Terminated);
        sink.Episodes.ShouldContain(e => !e.Terminated);
        for (int i = 0; i < sink.Episodes.Count; i++)
        {
            Trajectory trajectory = rollout.Trajectories[i];
            trajectory.Complete.ShouldBeTrue();
            trajectory.Length.ShouldBe(sink.Episodes[i].Length);
            bool bootstrapped = !sink.Episodes[i].Terminated && timeLimit == TimeLimit.Bootstrap;
            trajectory.Bootstrap.ShouldBe(bootstrapped ? 5.0 : 0.0);
            sink.Episodes[i].Return.ShouldBe(rollout.Rewards.AsSpan(trajectory.Start, trajectory.Length).ToArray().Sum(), 1e-12);
        }
    }

    [Fact]
    public void The_cut_at_the_rollouts_end_is_bootstrapped_with_the_observation_after_the_last_step()
    {
        (OnPolicyCollector<double> collector, Rollout<double> rollout, _) = Make(limit: 1000, steps: 3);
        double[]? asked = null;
        collector.Collect(rollout, 3, observation => (asked = [.. observation])[0], new RecordingSink(), new TrainingClock());

        Trajectory last = rollout.Trajectories[^1];
        last.Complete.ShouldBeFalse();
        asked.ShouldNotBeNull();
        last.Bootstrap.ShouldBe(asked[0]);
        asked[0].ShouldNotBe(rollout.Observations[2, 0]);
    }

    [Fact]
    public void A_saved_collector_continues_with_the_same_bits()
    {
        (OnPolicyCollector<double> first, Rollout<double> a, _) = Make(limit: 9, steps: 60);
        first.Collect(a, 60, static _ => 0, new RecordingSink(), new TrainingClock());
        var memory = new MemoryState();
        first.Save(memory.Writer);
        first.Collect(a, 60, static _ => 0, new RecordingSink(), new TrainingClock());

        (OnPolicyCollector<double> second, Rollout<double> b, _) = Make(limit: 9, steps: 60);
        second.Load(memory.Reader);
        second.Collect(b, 60, static _ => 0, new RecordingSink(), new TrainingClock());

        b.Observations.Span.ToArray().ShouldBe(a.Observations.Span.ToArray());
        b.Actions.Span.ToArray().ShouldBe(a.Actions.Span.ToArray());
        b.Rewards.ShouldBe(a.Rewards);
        second.Steps.ShouldBe(120);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void NaN_from_the_environment_is_named_at_once(int step)
    {
        (OnPolicyCollector<double> collector, Rollout<double> rollout, _) = Make(limit: 50, steps: 30, poisonedStep: step);
        EnvironmentException exception = Should.Throw<EnvironmentException>(
            () => collector.Collect(rollout, 30, static _ => 0, new RecordingSink(), new TrainingClock()));
        exception.Message.ShouldContain("Drift-test");
        exception.Message.ShouldContain("NaN");
        exception.Message.ShouldContain($"step {step}");
    }

    private static (OnPolicyCollector<double> Collector, Rollout<double> Rollout, StochasticActor<double> Actor) Make(
        int limit, int steps, TimeLimit timeLimit = TimeLimit.Bootstrap, int poisonedStep = int.MaxValue)
    {
        var environment = new Drift(discrete: true, limit) { PoisonedStep = poisonedStep };
        var random = RandomStream.FromSeed(3);
        StochasticActor<double> actor = StochasticActor<double>.For(
            environment.ObservationSpace, environment.ActionSpace, new ActorOptions { Hidden = [4] }, steps, random.Split("actor"), null);
        return (new OnPolicyCollector<double>(environment, actor, timeLimit, random), new Rollout<double>(steps, 2, 1), actor);
    }
}
