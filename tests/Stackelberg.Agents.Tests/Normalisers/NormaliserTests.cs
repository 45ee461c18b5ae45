using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Normalisers;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Normalisers;

public sealed class NormaliserTests
{
    [Fact]
    public void Moments_are_those_of_all_that_was_seen()
    {
        // mean 5/2 and population variance 75/4, up to the 1e-4 that counts from the start
        var normaliser = new ObservationNormaliser(1, double.PositiveInfinity);
        foreach (double value in new double[] { 0, 0, 0, 10 })
        {
            normaliser.Add([value]);
        }

        normaliser.Count.ShouldBe(4.0001, 1e-12);
        Normalised(normaliser, 2.5)[0].ShouldBe(0, 1e-4);
        Normalised(normaliser, 10)[0].ShouldBe(7.5 / Math.Sqrt(18.75), 1e-4);
    }

    [Fact]
    public void An_entry_that_never_changed_becomes_nothing_and_when_it_does_stays_within_the_clip()
    {
        var normaliser = new ObservationNormaliser(2, 10);
        for (int i = 0; i < 1000; i++)
        {
            normaliser.Add([5, i % 2]);
            Math.Abs(Normalised(normaliser, 5, i % 2)[0]).ShouldBeLessThan(0.02, $"after {i + 1}");
        }

        Normalised(normaliser, 6, 0)[0].ShouldBe(10);
        Normalised(normaliser, 4, 0)[0].ShouldBe(-10);
        Normalised(normaliser, 5, 1)[1].ShouldBe(1, 1e-3);
    }

    [Fact]
    public void Discounted_returns_begin_anew_after_every_end_also_at_a_time_limit()
    {
        // 1, 1.9, 2.71, 1, 1.9, 2.71: population variance 0.4878; running on it is 1.587
        var normaliser = new RewardNormaliser(1, 0.9, double.PositiveInfinity);
        for (int t = 1; t <= 6; t++)
        {
            double normalised = normaliser.Normalise(0, 1, ended: t % 3 == 0);
            normalised.ShouldBe(1 / normaliser.Scale, 1e-15, "the mean is not subtracted");
        }

        (normaliser.Scale * normaliser.Scale).ShouldBe(0.4878, 2e-4);
    }

    [Fact]
    public void Every_copy_has_a_discounted_return_of_its_own()
    {
        // copy 0: 1, 1.9; copy 1: 1, 1 as its episode ends at once
        var normaliser = new RewardNormaliser(2, 0.9, double.PositiveInfinity);
        normaliser.Normalise(0, 1, ended: false);
        normaliser.Normalise(1, 1, ended: true);
        normaliser.Normalise(0, 1, ended: false);
        normaliser.Normalise(1, 1, ended: true);
        double mean = 4.9 / 4, variance = ((3 * (1 - mean) * (1 - mean)) + ((1.9 - mean) * (1.9 - mean))) / 4;
        (normaliser.Scale * normaliser.Scale).ShouldBe(variance, 2e-4);
    }

    [Fact]
    public void Rewards_are_clipped_after_their_division()
    {
        var normaliser = new RewardNormaliser(1, 0, 3);
        for (int i = 0; i < 200; i++)
        {
            normaliser.Normalise(0, i % 2, ended: true);
        }

        normaliser.Scale.ShouldBe(0.5, 1e-3);
        normaliser.Normalise(0, 5, ended: true).ShouldBe(3);
        normaliser.Normalise(0, -5, ended: true).ShouldBe(-3);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.5)]
    public void A_learner_normalises_rewards_with_its_own_discount_and_reports_them_as_they_were(double gamma)
    {
        PpoOptions options = (PpoLearners.Small with { NormaliseRewards = true, Gamma = gamma, RolloutSteps = 30 }).Still();
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(10, reward: 5));
        RecordingSink sink = learner.Go();
        sink.Episodes.Count.ShouldBe(6);
        sink.Episodes.ShouldAllBe(static e => e.Return == 50);
        var expected = new RewardNormaliser(1, gamma, 10);
        for (int t = 0; t < 60; t++)
        {
            // copies do not show: each has three whole episodes
            learner.Rollout.Rewards[t].ShouldBe(expected.Normalise(0, 5, ended: t % 10 == 9), 1e-12);
        }
    }

    [Fact]
    public void Statistics_count_every_observation_once_whatever_copies_and_rollouts_there_are()
    {
        PpoOptions options = PpoLearners.Small with { NormaliseObservations = true };
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(5));
        RecordingSink sink = learner.Go(5);

        // what every action looked at, and what ended episodes; a cut is looked at when the next rollout goes on from there
        learner.Steps.ShouldBe(120);
        learner.Part<ObservationNormaliser>("observationNormaliser").Count.ShouldBe(120 + sink.Episodes.Count + 1e-4, 1e-9);
    }

    [Fact]
    public void The_value_after_a_time_limit_is_in_normalised_units_of_a_normalised_observation()
    {
        PpoOptions options = (PpoLearners.Small with { NormaliseObservations = true, NormaliseRewards = true, Environments = 1 }).Still();
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(12, reward: 100));
        learner.Go();
        Rollout<double> rollout = learner.Rollout;
        Critic<double> critic = learner.Values();
        double[] end = Normalised(learner.Part<ObservationNormaliser>("observationNormaliser"), 5, 12);
        rollout.EndObservations.Row(0).ToArray().ShouldBe(end);
        rollout.Rewards[11].ShouldBeLessThan(10.001);
        rollout.Advantages[11].ShouldBe(rollout.Rewards[11] + (0.99 * critic.ValueOf(end)) - critic.ValueOf(rollout.Observations.Row(11)), 1e-12);
    }

    [Fact]
    public void Acting_for_evaluation_leaves_the_statistics_alone_and_looks_through_them()
    {
        PpoOptions options = PpoLearners.Small with { NormaliseObservations = true };
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(5));
        learner.Go(3);
        MemoryState before = MemoryState.Of(learner);
        double[] first = Act(learner, 5, 2), other = Act(learner, 9, -300);
        MemoryState.Of(learner).FirstDifference(before).ShouldBeNull();

        // beyond the clip every observation looks alike
        Act(learner, 9, -30_000).ShouldBe(other);
        first.ShouldNotBe(other);
    }

    [Fact]
    public void Statistics_are_saved_with_the_policy()
    {
        PpoOptions options = PpoLearners.Small with { NormaliseObservations = true };
        using Ppo<double> learner = PpoLearners.Create<double>(options, static () => new Steady(5));
        using Ppo<double> other = PpoLearners.Create<double>(options, static () => new Steady(5), seed: 6);
        learner.Go(3);
        MemoryState.Of(learner).Restore(other);
        Act(other, 5, 3).ShouldBe(Act(learner, 5, 3));
        other.Part<ObservationNormaliser>("observationNormaliser").Count.ShouldBe(learner.Part<ObservationNormaliser>("observationNormaliser").Count);
    }

    private static double[] Normalised(ObservationNormaliser normaliser, params double[] observation)
    {
        double[] result = new double[observation.Length];
        normaliser.Normalise(observation, result);
        return result;
    }

    private static double[] Act(Ppo<double> learner, params double[] observation)
    {
        double[] action = new double[1];
        learner.Policy.Act(observation, action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        return action;
    }
}
