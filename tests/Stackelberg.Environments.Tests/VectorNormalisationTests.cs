using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments.Tests;

public sealed class VectorNormalisationTests
{
    [Fact]
    public void Statistics_are_those_of_every_true_observation_finals_and_resets_included()
    {
        RunningMoments moments = new(4, 0);
        using VectorEnvironment plain = CartPoles(), normalised = CartPoles(new VectorNormalisation(moments));
        List<double[]> seen = [];
        plain.Reset(3);
        normalised.Reset(3);
        Take(plain.Observations);
        for (int step = 0; step < 50; step++)
        {
            double[] actions = [step % 2, 1, 0];
            plain.Step(actions);
            normalised.Step(actions);
            for (int i = 0; i < 3; i++)
            {
                seen.Add(plain.SuccessorObservation(i).ToArray());
                if (plain.Ended(i))
                {
                    seen.Add(plain.Observation(i).ToArray());
                }
            }

            // The formula from the plain copies, two passes over everything seen so far.
            for (int k = 0; k < 4; k++)
            {
                double mean = seen.Average(o => o[k]);
                double deviation = Math.Sqrt(seen.Average(o => (o[k] - mean) * (o[k] - mean)) + 1e-8);
                for (int i = 0; i < 3; i++)
                {
                    normalised.Observation(i)[k].ShouldBe((plain.Observation(i)[k] - mean) / deviation, 1e-9);
                    normalised.SuccessorObservation(i)[k].ShouldBe((plain.SuccessorObservation(i)[k] - mean) / deviation, 1e-9);
                }
            }

            normalised.FinalObservations.ToArray().Select(double.IsNaN).ShouldBe(plain.FinalObservations.ToArray().Select(double.IsNaN));
        }

        moments.Count.ShouldBe(seen.Count);
        seen.Count.ShouldBeGreaterThan(160, "episodes ended");

        void Take(ReadOnlySpan<double> rows)
        {
            for (int i = 0; i < 3; i++)
            {
                seen.Add(rows.Slice(4 * i, 4).ToArray());
            }
        }
    }

    [Fact]
    public void Rewards_are_divided_by_the_deviation_of_returns_that_end_with_their_episodes()
    {
        RunningMoments returns = new(1, 0);
        using VectorEnvironment environment = new(
            2,
            i => i == 0 ? new ScriptedEnvironment(Steps.Going(1), Steps.Truncated(3)) : new ScriptedEnvironment(Steps.Going(2)),
            null,
            new VectorNormalisation(null, returns, 0.5));
        environment.Reset(0);

        // Discounted returns by hand: copy 0: 1, 3.5, then afresh 1; copy 1: 2, 3, 3.5.
        double[][] expected = [[1, 2], [1, 2, 3.5, 3], [1, 2, 3.5, 3, 1, 3.5]];
        double[][] rewards = [[1, 2], [3, 2], [1, 2]];
        for (int step = 0; step < 3; step++)
        {
            environment.Step([0, 0]);
            double mean = expected[step].Average();
            double deviation = Math.Sqrt(expected[step].Average(g => (g - mean) * (g - mean)) + 1e-8);
            environment.Rewards[0].ShouldBe(rewards[step][0] / deviation, 1e-12);
            environment.Rewards[1].ShouldBe(rewards[step][1] / deviation, 1e-12);
            if (step == 1)
            {
                environment.EpisodeReturns[0].ShouldBe(4, "returns reported are the true ones");
            }
        }
    }

    [Fact]
    public void Frozen_statistics_stay_and_can_be_shared_with_an_evaluation()
    {
        RunningMoments moments = new(4);
        using VectorEnvironment training = CartPoles(new VectorNormalisation(moments));
        training.Reset(0);
        training.Step([0, 1, 0]);
        using VectorEnvironment evaluation = CartPoles(new VectorNormalisation(moments) { Frozen = true });
        double count = moments.Count;
        evaluation.Reset(5);
        evaluation.Step([0, 1, 0]);
        moments.Count.ShouldBe(count);
        using VectorEnvironment plain = CartPoles();
        plain.Reset(5);
        plain.Step([0, 1, 0]);
        double[] rows = plain.Observations.ToArray();
        moments.Normalise(rows, 1e-8);
        evaluation.Observations.ToArray().ShouldBe(rows);
    }

    [Fact]
    public void Misfits_are_refused()
    {
        Should.Throw<ArgumentException>(() => new VectorNormalisation(null, new RunningMoments(2))).Message.ShouldContain("a return is one");
        Should.Throw<ArgumentException>(() => new VectorNormalisation(null, null, 1.5));
        Should.Throw<ArgumentException>(() => new VectorNormalisation(null, null, 0.9, 0));
        Should.Throw<ArgumentException>(() => CartPoles(new VectorNormalisation(new RunningMoments(3)))).Message.ShouldContain("3 numbers");
        VectorNormalisation used = new(null);
        using VectorEnvironment first = CartPoles(used);
        Should.Throw<ArgumentException>(() => CartPoles(used)).Message.ShouldContain("another vector environment");
    }

    private static VectorEnvironment CartPoles(VectorNormalisation? normalisation = null) =>
        new(3, () => new TimeLimit(new CartPole(), 12), null, normalisation);
}
