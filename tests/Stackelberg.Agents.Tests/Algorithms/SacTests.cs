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

        // the current actor: there is none that follows it
        sac.Objectives.Actor.HasTarget.ShouldBeFalse();
        sac.TakeTargets();
        NoiseBlocks noise = SacLearners.Noise(sac);
        int second = 0;
        for (int i = 0; i < sac.Batch().Rows; i++)
        {
            double[] next = sac.Batch().NextObservations.Row(i).ToArray();
            (double[] action, double logProbability) = SacLearners.Draw(sac, next, noise);
            double[] q = [.. sac.Critics().Select(c => SacLearners.Value(sac.CriticLayout(), c.Target, [.. next, .. action]))];
            second += q[1] < q[0] ? 1 : 0;
            double value = q.Min() - (Alpha * logProbability);
            sac.Objectives.Targets[i].ShouldBe(sac.Batch().Rewards[i] + (sac.Batch().Continues[i] == 0 ? 0 : 0.99 * value), 1e-11);
        }

        // the batch exercises both critics, and transitions of both kinds
        second.ShouldBeInRange(1, sac.Batch().Rows - 1);
        sac.Batch().Continues.ShouldContain(0);
        sac.Batch().Continues.ShouldContain(1);
    }

    [Fact]
    public void The_actors_loss_is_the_temperature_times_log_probability_less_the_smaller_critic()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions { Temperature = Alpha });
        SacLearners.Level(sac);
        double loss = sac.ActorLossGradient();
        NoiseBlocks noise = SacLearners.Noise(sac);
        double expected = 0;
        for (int i = 0; i < sac.Batch().Rows; i++)
        {
            double[] observation = sac.Batch().Observations.Row(i).ToArray();
            (double[] action, double logProbability) = SacLearners.Draw(sac, observation, noise);
            double q = sac.Critics().Min(c => SacLearners.Value(sac.CriticLayout(), c.Parameters, [.. observation, .. action]));
            expected += ((Alpha * logProbability) - q) / sac.Batch().Rows;
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
        double[] gradient = sac.Objectives.Actor.Gradient.Span.ToArray();

        // both critics take part
        sac.RowsOfFirst().ShouldBeInRange(1, sac.Batch().Rows - 1);
        double[] differences = SacLearners.Differences(sac.Actor().Parameters, sac.Actor().Layout, () => [Loss()])[0];
        Learners.RelativeError(gradient, differences).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void An_update_steps_both_critics_and_the_actor_which_has_no_target_network()
    {
        using Sac<double> sac = SacLearners.Prepared(new SacOptions());
        double[] actor = sac.Actor().Parameters.Span.ToArray();
        double[][] critics = [.. sac.Critics().Select(c => c.Parameters.Span.ToArray())];
        double[][] targets = [.. sac.Critics().Select(c => c.Target.Span.ToArray())];
        sac.Play();
        sac.Actor().Parameters.Span.ToArray().ShouldNotBe(actor);
        sac.Objectives.Actor.Target.Length.ShouldBe(0);
        for (int k = 0; k < 2; k++)
        {
            sac.Critics()[k].Parameters.Span.ToArray().ShouldNotBe(critics[k]);
            for (int i = 0; i < targets[k].Length; i++)
            {
                sac.Critics()[k].Target[i].ShouldBe((0.995 * targets[k][i]) + (0.005 * sac.Critics()[k].Parameters[i]), 1e-14);
            }
        }
    }

    [Theory]
    [InlineData(-3, -1)]
    [InlineData(3, 1)]
    public void The_temperature_falls_where_the_entropy_is_above_its_target_and_rises_where_it_is_below(double targetEntropy, int direction)
    {
        SacOptions options = new() { Temperature = Alpha, Autotune = true, TargetEntropy = targetEntropy, TemperatureLearningRate = 0.01 };
        using var sac = new Sac<double>(SacLearners.Context(), OneUpdate(options));
        sac.Objectives.Temperature!().ShouldBe(Alpha, 1e-15);
        sac.Iterate(500, new RecordingSink());

        // the first step of Adam is the learning rate, by log α
        sac.Objectives.Temperature!().ShouldBe(Alpha * Math.Exp(direction * 0.01), 1e-8);
    }

    [Fact]
    public void A_fixed_temperature_stays()
    {
        using var sac = new Sac<double>(SacLearners.Context(), OneUpdate(new SacOptions { Temperature = 0 }));
        sac.Iterate(500, new RecordingSink());
        sac.Objectives.Temperature!().ShouldBe(0);
    }

    [Fact]
    public void The_entropy_shown_is_that_of_the_draws_of_the_last_actor_step()
    {
        SacOptions options = OneUpdate(new SacOptions());
        using var sac = new Sac<double>(SacLearners.Context(), options);
        NoiseBlocks noise = SacLearners.Noise(sac);
        using var twin = new Sac<double>(SacLearners.Context(), options);
        var sink = new RecordingSink();
        sac.Iterate(500, sink);

        double expected = 0;
        for (int i = 0; i < sac.Batch().Rows; i++)
        {
            SacLearners.Draw(twin, sac.Batch().NextObservations.Row(i).ToArray(), noise);
        }

        for (int i = 0; i < sac.Batch().Rows; i++)
        {
            expected -= SacLearners.Draw(twin, sac.Batch().Observations.Row(i).ToArray(), noise).LogProbability / sac.Batch().Rows;
        }

        sink.Metrics["actor/entropy_before"].ShouldBe(expected, 1e-11);
        sink.Metrics["actor/temperature_after"].ShouldBe(0.2);
    }

    [Fact]
    public void A_tuned_temperature_brings_the_entropy_to_its_target()
    {
        NetworkOptions network = OffPolicyOptions.Wide([16, 16]) with { LearningRate = 3e-3 };
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
            mean += i >= 60 ? sink.Metrics["actor/entropy_before"] / 80 : 0;
        }

        // two actions; a policy uniform over their box has 1.4
        mean.ShouldBe(-1.4, 0.2);
    }

    [Fact]
    public void A_target_actor_is_refused() =>
        Should.Throw<NotSupportedException>(() => new Sac<double>(SacLearners.Context(), new SacOptions { TargetPolicy = TargetPolicy.Target }))
            .Message.ShouldContain("target_policy=current");

    /// <summary>500 steps at random, then one update.</summary>
    private static SacOptions OneUpdate(SacOptions options) =>
        SacLearners.Small(options) with { LearningStarts = 500, UpdateAfter = 500, UpdateEvery = 500, Updates = 1 };
}
