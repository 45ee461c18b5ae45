using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class SacTests
{
    private const double Alpha = 0.3;

    [Fact]
    public void Targets_take_the_smaller_critic_and_the_entropy_at_an_action_drawn_from_the_current_actor()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions { Temperature = Alpha });
        SacLearners.Level(sac);

        // the current actor, not one that follows it
        sac.Actor.Target.Clear();
        sac.BellmanTargets();
        NoiseBlocks noise = SacLearners.Noise(sac);
        int second = 0;
        for (int i = 0; i < sac.Batch.Rows; i++)
        {
            double[] next = sac.Batch.NextObservations.Row(i).ToArray();
            (double[] action, double logProbability) = SacLearners.Draw(sac, next, noise);
            double[] q = [.. sac.AllCritics.Select(c => SacLearners.Value(c.Layout, c.Target, [.. next, .. action]))];
            second += q[1] < q[0] ? 1 : 0;
            double value = q.Min() - (Alpha * logProbability);
            sac.Targets[i].ShouldBe(sac.Batch.Rewards[i] + (sac.Batch.Continues[i] == 0 ? 0 : 0.99 * value), 1e-11);
        }

        // the batch exercises both critics, and transitions of both kinds
        second.ShouldBeInRange(1, sac.Batch.Rows - 1);
        sac.Batch.Continues.ShouldContain(0);
        sac.Batch.Continues.ShouldContain(1);
    }

    [Fact]
    public void The_actors_loss_is_the_temperature_times_log_probability_less_the_smaller_critic()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions { Temperature = Alpha });
        SacLearners.Level(sac);
        double loss = sac.ActorLossGradient();
        NoiseBlocks noise = SacLearners.Noise(sac);
        double expected = 0;
        for (int i = 0; i < sac.Batch.Rows; i++)
        {
            double[] observation = sac.Batch.Observations.Row(i).ToArray();
            (double[] action, double logProbability) = SacLearners.Draw(sac, observation, noise);
            double q = sac.AllCritics.Min(c => SacLearners.Value(c.Layout, c.Parameters, [.. observation, .. action]));
            expected += ((Alpha * logProbability) - q) / sac.Batch.Rows;
        }

        loss.ShouldBe(expected, 1e-11);
    }

    [Fact]
    public void The_actors_gradient_agrees_with_finite_differences_at_fixed_noise()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions { Temperature = Alpha });
        SacLearners.Level(sac);
        double Loss()
        {
            SacLearners.Rewind(sac);
            return sac.ActorLossGradient();
        }

        Loss();
        double[] gradient = sac.ActorGradient.Span.ToArray();

        // both critics take part
        sac.ValueWeights[0].Span.ToArray().ShouldContain(0);
        sac.ValueWeights[1].Span.ToArray().ShouldContain(0);
        double[] differences = SacLearners.Differences(sac.Actor.Parameters, sac.Actor.Layout, () => [Loss()])[0];
        Learners.RelativeError(gradient, differences).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void An_update_steps_both_critics_and_the_actor_and_leaves_the_unused_target_actor()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions());
        double[] actor = sac.Actor.Parameters.Span.ToArray();
        double[] target = sac.Actor.Target.Span.ToArray();
        double[][] critics = [.. sac.AllCritics.Select(c => c.Parameters.Span.ToArray())];
        double[][] targets = [.. sac.AllCritics.Select(c => c.Target.Span.ToArray())];
        sac.Update(0);
        sac.Actor.Parameters.Span.ToArray().ShouldNotBe(actor);
        sac.Actor.Target.Span.ToArray().ShouldBe(target);
        for (int k = 0; k < 2; k++)
        {
            sac.AllCritics[k].Parameters.Span.ToArray().ShouldNotBe(critics[k]);
            for (int i = 0; i < targets[k].Length; i++)
            {
                sac.AllCritics[k].Target[i].ShouldBe((0.995 * targets[k][i]) + (0.005 * sac.AllCritics[k].Parameters[i]), 1e-14);
            }
        }
    }

    [Theory]
    [InlineData(-3, -1)]
    [InlineData(3, 1)]
    public void The_temperature_falls_where_the_entropy_is_above_its_target_and_rises_where_it_is_below(double targetEntropy, int direction)
    {
        using Sac<double> sac = SacLearners.Prepared(
            new SacOptions { Temperature = Alpha, Autotune = true, TargetEntropy = targetEntropy, TemperatureLearningRate = 0.01 });
        sac.Temperature.ShouldBe(Alpha, 1e-15);
        sac.Update(0);

        // the first step of Adam is the learning rate, by log α
        sac.Temperature.ShouldBe(Alpha * Math.Exp(direction * 0.01), 1e-8);
    }

    [Fact]
    public void A_fixed_temperature_stays()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions { Temperature = 0 });
        sac.Update(0);
        sac.Temperature.ShouldBe(0);
    }

    [Fact]
    public void The_entropy_shown_is_that_of_the_draws_of_the_last_actor_step()
    {
        SacOptions options = SacLearners.Small(new SacOptions()) with { LearningStarts = 500, UpdateAfter = 500, UpdateEvery = 500, Updates = 1 };
        using var sac = new Sac<double>(SacLearners.Context(), options);
        NoiseBlocks noise = SacLearners.Noise(sac);
        using var twin = new Sac<double>(SacLearners.Context(), options);
        var sink = new RecordingSink();
        sac.Iterate(500, sink);

        double expected = 0;
        for (int i = 0; i < sac.Batch.Rows; i++)
        {
            SacLearners.Draw(twin, sac.Batch.NextObservations.Row(i).ToArray(), noise);
        }

        for (int i = 0; i < sac.Batch.Rows; i++)
        {
            expected -= SacLearners.Draw(twin, sac.Batch.Observations.Row(i).ToArray(), noise).LogProbability / sac.Batch.Rows;
        }

        sink.Metrics["actor/entropy"].ShouldBe(expected, 1e-11);
        sink.Metrics["actor/temperature"].ShouldBe(0.2);
    }

    [Fact]
    public void A_tuned_temperature_brings_the_entropy_to_its_target()
    {
        var network = new OffPolicyNetworkOptions { Hidden = [16, 16], LearningRate = 3e-3 };
        SacOptions options = SacLearners.Small(new SacOptions()) with
        {
            Autotune = true,
            TargetEntropy = -0.7,
            Temperature = 0.1,
            TemperatureLearningRate = 3e-3,
            Gamma = 0.9,
            LearningStarts = 200,
            UpdateAfter = 200,
            BufferSize = 10_000,
            Actor = network,
            Critic = network,
        };
        using var sac = new Sac<double>(SacLearners.Context(), options);
        var sink = new RecordingSink();
        double mean = 0;
        for (int i = 0; i < 140; i++)
        {
            sac.Iterate(50, sink);
            mean += i >= 60 ? sink.Metrics["actor/entropy"] / 80 : 0;
        }

        // two actions; a policy uniform over their box has 1.4
        mean.ShouldBe(-1.4, 0.2);
    }

    [Fact]
    public void A_target_actor_is_refused() =>
        Should.Throw<NotSupportedException>(() => new Sac<double>(SacLearners.Context(), new SacOptions { TargetPolicy = TargetPolicy.Target }))
            .Message.ShouldContain("target_policy=current");
}
