using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>What critics of Bi-AC, MADDPG and multi-agent TD3 learn towards: read from their gradients at parameters and target copies that disagree.</summary>
public sealed class DiscreteTargetTests
{
    private static readonly int[] Counts = [3, 2, 4];

    private static readonly AgentRoster Agents = new(
        new AgentSpec("first", 0, new BoxSpace(2, -1, 1), new DiscreteSpace(3)),
        new AgentSpec("second", 1, new BoxSpace(1, -1, 1), new DiscreteSpace(2)),
        new AgentSpec("third", 2, new DiscreteSpace(2), new DiscreteSpace(4)));

    private readonly JointBatch batch = Probe.Batch(Agents, 12, RandomStream.FromSeed(1), static r => r % 4 == 2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bi_ac_bootstraps_all_critics_on_the_answers_to_the_leaders_best_action(bool positiveOnly)
    {
        using BiAc<double> learner = new(Probe.Context(Game()), new BiAcOptions
        {
            Leader = Probe.Still(5), Follower = Probe.Still(5), Actor = Probe.Still(3), Expectation = LeaderExpectation.Mode, PositiveValuesOnly = positiveOnly,
            Gamma = 0.8, RewardScale = 2, BatchSize = 12, MaxGradientNorm = double.PositiveInfinity, Precision = Precision.Double,
        });
        Randomise(learner);
        if (positiveOnly)
        {
            // so that the best value is above 0 in some states alone
            learner.PlayerOf("critic0").Parameters[new MlpLayout(11, [5], 1, Activation.Tanh).Bias(1).Offset] -= 1;
        }

        learner.LearnFrom(batch);
        int quirks = 0;
        double[][] following = [.. Enumerable.Range(0, batch.Rows).Select(r =>
        {
            double[] next = batch.NextObservations(r).ToArray();
            double[][] tried = [.. Enumerable.Range(0, 3).Select(a =>
            {
                int second = Largest(Logits(learner, 1, target: false, [.. Probe.Observed(Agents, 1, next), .. Probe.OneHot(3, a)]));
                return new double[] { a, second, Largest(Logits(learner, 2, target: false, [.. Probe.Observed(Agents, 2, next), .. Probe.OneHot(3, a), .. Probe.OneHot(2, second)])) };
            })];
            double[] best = tried.MaxBy(a => Value(learner, "critic0", 0, target: false, next, a))!;
            bool quirk = positiveOnly && Value(learner, "critic0", 0, target: false, next, best) <= 0;
            quirks += quirk && best[0] != 0 ? 1 : 0;
            return quirk ? tried[0] : best;
        })];
        quirks.ShouldBeInRange(positiveOnly ? 1 : 0, positiveOnly ? batch.Rows - 1 : 0);
        following.Select(static a => a[0]).Distinct().Count().ShouldBeGreaterThan(1);
        for (int i = 0; i < 3; i++)
        {
            int agent = i;
            ShouldLearn(learner, $"critic{i}", i, r => (2 * batch.Reward(r, agent)) + (batch.Terminated(r) ? 0 : 0.8 * Value(learner, $"critic{agent}", agent, target: true, batch.NextObservations(r).ToArray(), following[r])));
        }
    }

    [Fact]
    public void Bi_ac_plays_the_best_action_by_its_followers_likeliest_answers_and_draws_as_they_say()
    {
        using BiAc<double> learner = new(Probe.Context(Game()), new BiAcOptions { Leader = Probe.Still(5), Follower = Probe.Still(5), Actor = Probe.Still(3), Precision = Precision.Double });
        Randomise(learner);
        double[] observation = batch.Observations(0).ToArray(), action = new double[3];
        learner.Policy.Act(observation, action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        double[][] tried = [.. Enumerable.Range(0, 3).Select(a =>
        {
            int second = Largest(Logits(learner, 1, target: false, [.. Probe.Observed(Agents, 1, observation), .. Probe.OneHot(3, a)]));
            return new double[] { a, second, Largest(Logits(learner, 2, target: false, [.. Probe.Observed(Agents, 2, observation), .. Probe.OneHot(3, a), .. Probe.OneHot(2, second)])) };
        })];
        action.ShouldBe(tried.MaxBy(a => Value(learner, "critic0", 0, target: false, observation, a))!);

        // frequencies of the last follower's answers, given what it sees
        double[] p = Probe.Softmax(Logits(learner, 2, target: false, [.. Probe.Observed(Agents, 2, observation), .. Probe.OneHot(3, 1), .. Probe.OneHot(2, 0)]));
        int[] counts = new int[4];
        RandomStream random = RandomStream.FromSeed(4);
        for (int i = 0; i < 20_000; i++)
        {
            double[] given = [1, 0, 0];
            learner.Choose(2, observation, given, PolicyMode.Stochastic, random);
            counts[(int)given[2]]++;
        }

        for (int a = 0; a < 4; a++)
        {
            (counts[a] / 20_000.0).ShouldBe(p[a], 4.5 * Math.Sqrt(p[a] * (1 - p[a]) / 20_000));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void Maddpg_follows_target_actors_and_twins_take_the_smaller_value(int critics, bool clipped)
    {
        using Maddpg<double> learner = new(Probe.Context(Game()), new MaddpgOptions
        {
            Critic = Probe.Still(5), Actor = Probe.Still(3), Critics = critics, ClippedDouble = clipped, Gamma = 0.8, BatchSize = 12,
            MaxGradientNorm = double.PositiveInfinity, Precision = Precision.Double,
        });
        Randomise(learner);
        for (int i = 0; i < 3; i++)
        {
            // target policies that leave no choice; the online ones are others
            Vectors.Scale(learner.PlayerOf($"actor{i}").Target.Span[ActorLayout(i, false).Weight(1).Offset..], 1e5);
        }

        learner.LearnFrom(batch);
        double[][] following = [.. Enumerable.Range(0, batch.Rows).Select(r => Enumerable.Range(0, 3).Select(i => (double)Largest(Logits(learner, i, target: true, Probe.Observed(Agents, i, batch.NextObservations(r)), seen: false))).ToArray())];
        double[][] online = [.. Enumerable.Range(0, batch.Rows).Select(r => Enumerable.Range(0, 3).Select(i => (double)Largest(Logits(learner, i, target: false, Probe.Observed(Agents, i, batch.NextObservations(r)), seen: false))).ToArray())];
        int smaller = 0;
        following.Zip(online).Count(static p => !p.First.SequenceEqual(p.Second)).ShouldBeGreaterThan(3);
        for (int i = 0; i < 3; i++)
        {
            int agent = i;
            double Target(int r)
            {
                double[] next = batch.NextObservations(r).ToArray();
                double first = Value(learner, $"critic{agent}", agent, target: true, next, following[r]);
                double future = critics == 2 && clipped ? Math.Min(first, Value(learner, $"twin{agent}", agent, target: true, next, following[r])) : first;
                return batch.Reward(r, agent) + (batch.Terminated(r) ? 0 : 0.8 * future);
            }

            ShouldLearn(learner, $"critic{i}", i, Target);
            if (critics == 2)
            {
                ShouldLearn(learner, $"twin{i}", i, Target);
                smaller += Enumerable.Range(0, batch.Rows).Count(r => Value(learner, $"twin{agent}", agent, true, batch.NextObservations(r).ToArray(), following[r])
                    < Value(learner, $"critic{agent}", agent, true, batch.NextObservations(r).ToArray(), following[r]));
            }

            // ∇ Σ π_i(a_i | o_i) Q_i(o_i, a_i, a_{−i}), the others' actions from the batch
            double[] expected = Probe.Differences(learner.PlayerOf($"actor{i}").Parameters, ActorLayout(i, false), () => Enumerable.Range(0, batch.Rows).Sum(r =>
            {
                double[] p = Probe.Softmax(Logits(learner, agent, target: false, Probe.Observed(Agents, agent, batch.Observations(r)), seen: false));
                return batch.Weights[r] * p.Select((share, a) =>
                {
                    double[] joint = batch.Actions(r).ToArray();
                    joint[agent] = a;
                    return share * Value(learner, $"critic{agent}", agent, target: false, batch.Observations(r).ToArray(), joint);
                }).Sum();
            }));
            learner.PlayerOf($"actor{i}").Gradient.ShouldBeTheDerivative(expected, ActorLayout(i, false), -1);
        }

        smaller.ShouldBeInRange(critics == 2 ? 5 : 0, critics == 2 ? (3 * batch.Rows) - 5 : 0);
    }

    [Fact]
    public void Actors_of_a_policy_delay_move_in_every_so_manieth_update()
    {
        using Maddpg<double> learner = new(Probe.Context(Game()), new MaddpgOptions
        {
            Critic = Probe.Still(5), Actor = Probe.Still(3) with { LearningRate = 0.1 }, PolicyDelay = 3, BatchSize = 4, UpdateAfter = 1, StepsPerIteration = 1, TargetEvery = 2, Precision = Precision.Double,
        });
        double[] Parameters() => learner.PlayerOf("actor0").Parameters.Span.ToArray();
        double[] Target() => learner.PlayerOf("actor0").Target.Span.ToArray();
        List<int> moves = [], follows = [];
        for (int update = 1; update <= 12; update++)
        {
            (double[] before, double[] targetBefore) = (Parameters(), Target());
            learner.Iterate(1, new RecordingSink());
            if (!Parameters().SequenceEqual(before))
            {
                moves.Add(update);
            }

            if (!Target().SequenceEqual(targetBefore))
            {
                follows.Add(update);
            }
        }

        moves.ShouldBe([3, 6, 9, 12]);
        follows.ShouldBe([6, 12]);
    }

    private static CounterGame Game() => new(Agents, 3, false, [1, 2, 3], static s => s % 2);

    private static void Randomise(Learner<double> learner)
    {
        foreach ((Player<double> player, int i) in learner.Players.Select(static (p, i) => (p, i)))
        {
            Probe.Randomise(player, RandomStream.FromSeed(40 + (ulong)i));
        }
    }

    private static int Largest(double[] values) => Array.IndexOf(values, values.Max());

    private static int Observed(int agent) => new[] { 2, 1, 2 }[agent];

    private static MlpLayout ActorLayout(int agent, bool seen) => new(Observed(agent) + (seen ? Counts.Take(agent).Sum() : 0), [3], Counts[agent], Activation.Tanh);

    private static double[] Logits(Learner<double> learner, int agent, bool target, double[] input, bool seen = true)
    {
        Player<double> player = learner.PlayerOf($"actor{agent}");
        return PlainNetwork.Evaluate(ActorLayout(agent, seen), target ? player.Target : player.Parameters, input);
    }

    private static double Value(Learner<double> learner, string critic, int agent, bool target, double[] observations, double[] actions)
    {
        Player<double> player = learner.PlayerOf(critic);
        double[] input = [.. Probe.Observed(Agents, agent, observations), .. Enumerable.Range(0, 3).SelectMany(k => Probe.OneHot(Counts[k], actions[k]))];
        return PlainNetwork.Evaluate(new MlpLayout(input.Length, [5], 1, Activation.Tanh), target ? player.Target : player.Parameters, input)[0];
    }

    private void ShouldLearn(Learner<double> learner, string critic, int agent, Func<int, double> target)
    {
        double[] targets = [.. Enumerable.Range(0, batch.Rows).Select(target)];
        MlpLayout layout = new(Observed(agent) + 9, [5], 1, Activation.Tanh);
        double[] expected = Probe.Differences(learner.PlayerOf(critic).Parameters, layout, () => Enumerable.Range(0, batch.Rows).Sum(r => batch.Weights[r]
            * Probe.Huber(Value(learner, critic, agent, target: false, batch.Observations(r).ToArray(), batch.Actions(r).ToArray()) - targets[r], 1)));
        learner.PlayerOf(critic).Gradient.ShouldBeTheDerivative(expected, layout);
    }
}
