using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>How actor-critic cuts what it collects into trajectories.</summary>
public sealed class ActorCriticCollectionTests
{
    [Theory]
    [InlineData(TimeLimit.Bootstrap)]
    [InlineData(TimeLimit.Terminal)]
    public void Trajectories_cover_the_rollout_and_only_true_terminations_end_with_value_zero(TimeLimit timeLimit)
    {
        using ActorCritic<double> learner = Make(limit: 20, steps: 400, timeLimit: timeLimit);
        SetValue(learner.Values, 5);
        Rollout<double> rollout = learner.Rollout;
        var sink = new RecordingSink();
        learner.Fill(400, sink);

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
        using ActorCritic<double> learner = Make(limit: 1000, steps: 3), longer = Make(limit: 1000, steps: 4);
        learner.Fill(3, new RecordingSink());
        longer.Fill(4, new RecordingSink());
        double[] after = longer.Rollout.Observations.Row(3).ToArray();

        Trajectory last = learner.Rollout.Trajectories[^1];
        last.Complete.ShouldBeFalse();
        last.Bootstrap.ShouldBe(learner.Values.ValueOf(after));
        last.Bootstrap.ShouldNotBe(learner.Values.ValueOf(learner.Rollout.Observations.Row(2)));
        after[0].ShouldNotBe(learner.Rollout.Observations[2, 0]);
    }

    [Fact]
    public void A_saved_collection_continues_with_the_same_bits()
    {
        using ActorCritic<double> first = Make(limit: 9, steps: 60), second = Make(limit: 9, steps: 60);
        first.Fill(60, new RecordingSink());
        MemoryState memory = MemoryState.Of(first);
        first.Fill(60, new RecordingSink());

        memory.Restore(second);
        second.Fill(60, new RecordingSink());

        (Rollout<double> a, Rollout<double> b) = (first.Rollout, second.Rollout);
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
        using ActorCritic<double> learner = Make(limit: 50, steps: 30, poisonedStep: step);
        EnvironmentException exception = Should.Throw<EnvironmentException>(() => learner.Fill(30, new RecordingSink()));
        exception.Message.ShouldContain("Drift-test");
        exception.Message.ShouldContain("NaN");
        exception.Message.ShouldContain($"step {step}");
    }

    private static ActorCritic<double> Make(int limit, int steps, TimeLimit timeLimit = TimeLimit.Bootstrap, int poisonedStep = int.MaxValue)
    {
        var environment = new Drift(discrete: true, limit) { PoisonedStep = poisonedStep };
        var options = new AcOptions
        {
            Precision = Precision.Double,
            StepsPerIteration = steps,
            TimeLimit = timeLimit,
            Actor = new ActorOptions { Hidden = [4] },
            Critic = new CriticOptions { Hidden = [4] },
        };
        return new ActorCritic<double>(new AlgorithmContext(environment, RandomStream.FromSeed(3), 10_000, 1), options);
    }

    /// <summary>Makes the critic a constant.</summary>
    private static void SetValue(Critic<double> critic, double value)
    {
        critic.Parameters.Clear();
        ParameterBlock bias = critic.Layout.Bias(critic.Layout.Layers - 1);
        critic.Parameters[bias.Offset] = value;
    }
}
