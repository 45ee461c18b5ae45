using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>What PPO collects, and in what order and how far it steps.</summary>
public sealed class PpoTests
{
    [Theory]
    [InlineData(1, 5, 4, 100)]
    [InlineData(1, 1, 64, 100)]
    [InlineData(3, 1, 1, 100)]
    [InlineData(4, 3, 2, 1)]
    [InlineData(8, 5, 4, 2)]
    public void Short_rollouts_and_minibatches_of_one_step_leave_all_weights_finite(int environments, int steps, int minibatch, int episode)
    {
        // the last rows have more episodes' ends in a rollout than steps in a minibatch
        PpoOptions options = PpoLearners.Small with { Environments = environments, RolloutSteps = steps, MinibatchSize = minibatch };
        using Ppo<double> learner = PpoLearners.Create<double>(options, () => new Drift(discrete: false, episode));
        double[] before = learner.Actor();
        learner.Go(4);
        learner.Actor().ShouldAllBe(static p => double.IsFinite(p));
        learner.Actor().ShouldNotBe(before);
    }

    [Fact]
    public void Per_environment_minibatches_may_be_shorter_than_the_number_of_copies()
    {
        PpoOptions options = PpoLearners.Nested(LeaderRole.Actor) with { Environments = 7, RolloutSteps = 3 };
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(50));
        learner.Go(4);
        learner.Actor().ShouldAllBe(static p => double.IsFinite(p));
    }

    [Fact]
    public void Episodes_go_on_from_one_rollout_to_the_next()
    {
        List<Steady> copies = [];
        using Ppo<double> learner = PpoLearners.Create<double>(PpoLearners.Small with { RolloutSteps = 7 }, () =>
        {
            copies.Add(new Steady(40));
            return copies[^1];
        });
        for (int rollout = 0; rollout < 5; rollout++)
        {
            learner.Go();
            for (int t = 0; t < 14; t++)
            {
                learner.Rollout.Observations[t, 1].ShouldBe((7 * rollout) + (t % 7), $"rollout {rollout}, row {t}");
            }

            learner.Rollout.EndObservations[0, 1].ShouldBe(7 * (rollout + 1));
        }

        copies.Count.ShouldBe(2);
        copies.ShouldAllBe(static copy => copy.Resets == 1);
    }

    [Fact]
    public void The_action_is_stored_as_drawn_and_clipped_for_the_environment_alone_and_first_ratios_are_one()
    {
        // a box a hundred times narrower than σ
        List<Steady> copies = [];
        PpoOptions options = PpoLearners.Small with { Epochs = 1, MinibatchSize = 100 };
        using Ppo<double> learner = PpoLearners.Create<double>(options, () =>
        {
            copies.Add(new Steady(40, high: 0.01));
            return copies[^1];
        });
        RecordingSink sink = learner.Go();
        Enumerable.Range(0, 24).Count(t => Math.Abs(learner.Rollout.Actions[t, 0]) > 0.01).ShouldBeGreaterThan(15);
        copies.ShouldAllBe(static copy => copy.Largest == 0.01);
        sink.Metrics["actor/kl"].ShouldBe(0, 1e-15);
        sink.Metrics["actor/kl_plain"].ShouldBe(0, 1e-14);
        sink.Metrics["actor/clip_fraction"].ShouldBe(0);
    }

    [Fact]
    public void Learning_rates_and_the_clip_range_fall_on_a_line_that_ends_with_training()
    {
        PpoOptions options = PpoLearners.Small with
        {
            ClipSchedule = ClipSchedule.Linear,
            Actor = PpoLearners.Small.Actor with { LearningRateSchedule = RateSchedule.Linear, LearningRate = 0.01 },
            Critic = PpoLearners.Small.Critic with { LearningRateSchedule = RateSchedule.Linear, LearningRate = 0.02 },
        };
        using Ppo<double> learner = PpoLearners.Create(options, total: 4 * 24);
        var objectives = learner.Part<SurrogateObjectives<double>>("objectives");
        for (int i = 0; i < 4; i++)
        {
            learner.Go();
            double left = 1 - (i / 4.0);
            objectives.Clip.ShouldBe(0.2 * left, 1e-15);
            learner.Players.Select(static p => p.LearningRate).ShouldBe([0.01 * left, 0.02 * left], 1e-15);
        }

        learner.Players.First().Anneal(learner.Steps, 4 * 24);
        learner.Players.First().LearningRate.ShouldBe(0, 1e-18);
    }

    [Fact]
    public void Advantages_are_recomputed_with_their_targets_in_every_epoch_or_alone_in_every_minibatch()
    {
        Rollout<double> once = After(AdvantageTiming.PerRollout, 2), again = After(AdvantageTiming.PerEpoch, 2), alone = After(AdvantageTiming.PerMinibatch, 2);
        again.Rewards.ShouldBe(once.Rewards);
        again.Targets.ShouldNotBe(once.Targets);
        again.Advantages.ShouldNotBe(once.Advantages);
        alone.Targets.ShouldBe(once.Targets);
        After(AdvantageTiming.PerEpoch, 1).Targets.ShouldBe(once.Targets);

        static Rollout<double> After(AdvantageTiming timing, int epochs)
        {
            PpoOptions options = PpoLearners.Small with { Minibatches = MinibatchKind.PerEnvironment, MinibatchSize = 64, Advantages = timing, Epochs = epochs };
            using Ppo<double> learner = PpoLearners.Create(options);
            learner.Go();
            return learner.Rollout;
        }
    }

    [Theory]
    [InlineData(KlStop.Update)]
    [InlineData(KlStop.Actor)]
    public void Beyond_the_target_divergence_the_update_stops_or_the_actor_alone(KlStop stop)
    {
        // one minibatch per epoch: the first epoch moves the actor, and before the second it has moved too far
        PpoOptions options = PpoLearners.Small with { MinibatchSize = 100, Epochs = 6, TargetKl = 1e-9, TargetKlStops = stop, MaxGradientNorm = double.PositiveInfinity };
        using Ppo<double> learner = PpoLearners.Create(options), one = PpoLearners.Create(options with { TargetKl = double.PositiveInfinity, Epochs = 1 });
        using Ppo<double> all = PpoLearners.Create(options with { TargetKl = double.PositiveInfinity });
        RecordingSink sink = learner.Go();
        one.Go();
        all.Go();
        sink.Metrics["update/minibatches"].ShouldBe(stop == KlStop.Update ? 1 : 6);
        learner.Actor().ShouldBe(one.Actor());
        learner.Critic().ShouldBe(stop == KlStop.Update ? one.Critic() : all.Critic());
        all.Critic().ShouldNotBe(one.Critic());

        // it is the update that stops, not training
        learner.Go();
        learner.Actor().ShouldNotBe(one.Actor());
    }

    [Theory]
    [InlineData(LeaderRole.Actor)]
    [InlineData(LeaderRole.Critic)]
    public void Whoever_leads_it_is_the_actor_that_stops_at_the_target_divergence(LeaderRole leader)
    {
        PpoOptions options = PpoLearners.Nested(leader) with { Environments = 1, Epochs = 6, TargetKl = 1e-9, TargetKlStops = KlStop.Actor };
        using Ppo<double> learner = PpoLearners.Create(options), one = PpoLearners.Create(options with { TargetKl = double.PositiveInfinity, Epochs = 1 });
        RecordingSink sink = learner.Go();
        one.Go();
        learner.Actor().ShouldBe(one.Actor());
        learner.Critic().ShouldNotBe(one.Critic());
        double.IsFinite(sink.Metrics["critic/loss_before_last"]).ShouldBeTrue();
    }

    [Fact]
    public void Explained_variance_is_that_of_the_targets_by_the_values_before_the_update()
    {
        using Ppo<double> learner = PpoLearners.Create(PpoLearners.Small);
        RecordingSink sink = learner.Go();
        double[] returns = [.. learner.Rollout.Returns], errors = [.. returns.Zip(learner.Rollout.Values, static (r, v) => r - v)];
        sink.Metrics["critic/explained_variance"].ShouldBe(1 - (Variance(errors) / Variance(returns)), 1e-12);

        static double Variance(double[] x) => x.Average(v => (v - x.Average()) * (v - x.Average()));
    }
}
