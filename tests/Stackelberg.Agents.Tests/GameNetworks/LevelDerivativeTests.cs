using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>Bi-AC for continuous actions, its updates written anew with plain networks.</summary>
public sealed class LevelDerivativeTests : IDisposable
{
    private readonly List<IDisposable> made = [];

    public void Dispose() => made.ForEach(static m => m.Dispose());

    [Theory]
    [InlineData("three levels", LevelDerivative.Total, false)]
    [InlineData("three levels", LevelDerivative.Total, true)]
    [InlineData("three levels", LevelDerivative.Partial, true)]
    [InlineData("two on one level", LevelDerivative.Total, true)]
    [InlineData("two on one level", LevelDerivative.Partial, false)]
    public void An_actor_goes_up_its_critic_through_later_answers_or_past_them(string game, LevelDerivative derivative, bool quadratic)
    {
        Twin twin = Make(game, o => o with { Derivative = derivative, QuadraticFeatures = quadratic });
        twin.Learner.LearnFrom(twin.Batch);
        for (int i = 0; i < twin.Agents.Count; i++)
        {
            int agent = i;
            double[][] answers = [.. Enumerable.Range(0, twin.Batch.Rows).Select(r => twin.Answered(r, agent))];
            double[] expected = Probe.Differences(twin.Actor(agent).Parameters, twin.ActorLayout(agent), () =>
                Enumerable.Range(0, twin.Batch.Rows).Sum(r => twin.Batch.Weights[r] * twin.Value(
                    agent, target: false, twin.Batch.Observations(r).ToArray(), derivative == LevelDerivative.Total ? twin.Answered(r, agent) : twin.WithOwn(r, agent, answers[r]))));
            twin.Actor(agent).Gradient.ShouldBeTheDerivative(expected, twin.ActorLayout(agent), -1);
        }
    }

    [Fact]
    public void Total_and_partial_differ_for_all_but_the_last_level()
    {
        Twin total = Make("three levels", static o => o with { Derivative = LevelDerivative.Total }), partial = Make("three levels", static o => o with { Derivative = LevelDerivative.Partial });
        total.Learner.LearnFrom(total.Batch);
        partial.Learner.LearnFrom(partial.Batch);
        double[] differences = [.. Enumerable.Range(0, 3).Select(i => Learners.RelativeError(partial.Actor(i).Gradient.Span, total.Actor(i).Gradient.Span))];
        differences[0].ShouldBeGreaterThan(0.05);
        differences[1].ShouldBeGreaterThan(0.05);
        differences[2].ShouldBe(0);
    }

    [Theory]
    [InlineData("three levels")]
    [InlineData("two on one level")]
    public void Critics_learn_towards_target_actors_and_target_critics(string game)
    {
        Twin twin = Make(game, static o => o with { QuadraticFeatures = true, Gamma = 0.8, RewardScale = 2, Huber = 0.7 });
        twin.Learner.LearnFrom(twin.Batch);
        for (int i = 0; i < twin.Agents.Count; i++)
        {
            int agent = i;
            double[] targets = [.. Enumerable.Range(0, twin.Batch.Rows).Select(r => (2 * twin.Batch.Reward(r, agent)) + (twin.Batch.Terminated(r) ? 0 : 0.8 * twin.Following(r, agent)))];
            double[] expected = Probe.Differences(twin.Critic(agent).Parameters, twin.CriticLayout(agent), () => Enumerable.Range(0, twin.Batch.Rows).Sum(r =>
                twin.Batch.Weights[r] * Probe.Huber(twin.Value(agent, target: false, twin.Batch.Observations(r).ToArray(), twin.Batch.Actions(r).ToArray()) - targets[r], 0.7)));
            twin.Critic(agent).Gradient.ShouldBeTheDerivative(expected, twin.CriticLayout(agent));
        }
    }

    [Fact]
    public void A_batch_in_which_all_episodes_ended_learns_rewards_alone()
    {
        Twin twin = Make("three levels", static o => o, static _ => true);
        twin.Learner.LearnFrom(twin.Batch);
        double[] expected = Probe.Differences(twin.Critic(1).Parameters, twin.CriticLayout(1), () => Enumerable.Range(0, twin.Batch.Rows).Sum(r =>
            twin.Batch.Weights[r] * Probe.Huber(twin.Value(1, target: false, twin.Batch.Observations(r).ToArray(), twin.Batch.Actions(r).ToArray()) - twin.Batch.Reward(r, 1), 1)));
        twin.Critic(1).Gradient.ShouldBeTheDerivative(expected, twin.CriticLayout(1));
    }

    [Fact]
    public void A_soft_leader_prefers_by_its_target_critic_at_target_answers_and_all_critics_follow_one_joint_action()
    {
        // a temperature of almost nothing: the best of the candidates is taken, and 512 of them leave little room
        Twin twin = Make("two levels", static o => o with { Leader = ContinuousLeader.SoftQ, Candidates = 512, Temperature = 1e-9, Gamma = 0.8 });
        twin.Learner.LearnFrom(twin.Batch);
        double[][] best = [.. Enumerable.Range(0, twin.Batch.Rows).Select(r =>
        {
            double[] next = twin.Batch.NextObservations(r).ToArray();
            return Enumerable.Range(0, 4001).Select(k => twin.Play(next, [-2 + (3 * k / 4000.0), 0], from: 1, target: true)).MaxBy(a => twin.Value(0, target: true, next, a))!;
        })];
        foreach (int agent in new[] { 0, 1 })
        {
            double[] targets = [.. Enumerable.Range(0, twin.Batch.Rows).Select(r => twin.Batch.Reward(r, agent)
                + (twin.Batch.Terminated(r) ? 0 : 0.8 * twin.Value(agent, target: true, twin.Batch.NextObservations(r).ToArray(), best[r])))];
            double[] expected = Probe.Differences(twin.Critic(agent).Parameters, twin.CriticLayout(agent), () => Enumerable.Range(0, twin.Batch.Rows).Sum(r =>
                twin.Batch.Weights[r] * Probe.Huber(twin.Value(agent, target: false, twin.Batch.Observations(r).ToArray(), twin.Batch.Actions(r).ToArray()) - targets[r], 1)));
            Learners.RelativeError(twin.Critic(agent).Gradient.Span, expected).ShouldBeLessThan(0.01);
        }
    }

    [Fact]
    public void A_greedy_soft_leader_of_several_numbers_finds_any_corner_of_its_box()
    {
        BoxSpace box = new([-2, 0, 1], [2, 10, 3]);
        AgentRoster agents = new(new AgentSpec("leader", 0, new BoxSpace(1, 0, 0), box), new AgentSpec("follower", 1, new BoxSpace(1, 0, 0), new BoxSpace(1, -1, 1)));
        using BiAcContinuous<double> learner = new(Probe.Context(new CounterGame(agents, 1, true, [0, 0], static _ => 0)), new BiAcContinuousOptions
        {
            Leader = ContinuousLeader.SoftQ, Candidates = 256, Critic = Probe.Still(), Actor = Probe.Still(3), Precision = Precision.Double,
        });
        MlpLayout layout = new(5, [], 1, Activation.Tanh);
        for (int corner = 0; corner < 8; corner++)
        {
            // a linear critic: each number counts +1 or −1 in units of half its range, so that the best is 3
            double[] signs = [(corner & 1) == 0 ? 1 : -1, (corner & 2) == 0 ? 1 : -1, (corner & 4) == 0 ? 1 : -1];
            Player<double> critic = learner.PlayerOf("critic0");
            critic.Parameters.Span.Clear();
            for (int i = 0; i < 3; i++)
            {
                critic.Parameters[layout.Weight(0).Offset + ((1 + i) * layout.Weight(0).Stride)] = signs[i];
            }

            double[] action = new double[4];
            learner.Policy.Act([0, 0], action, PolicyMode.Greedy, RandomStream.FromSeed(1));
            box.Contains(action.AsSpan(0, 3)).ShouldBeTrue();
            Probe.Acted(agents, 0, action).Select((c, i) => c * signs[i]).Sum().ShouldBeGreaterThan(2);
        }
    }

    [Fact]
    public void Play_is_within_bounds_level_by_level_and_noise_is_half_a_range_per_unit()
    {
        Twin twin = Make("three levels", static o => o with { ActionNoise = 0.05 });
        double[] observation = twin.Batch.Observations(0).ToArray(), action = new double[twin.Agents.ActionSize];
        twin.Learner.Policy.Act(observation, action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        action.ShouldBe(twin.Play(observation, new double[twin.Agents.ActionSize], from: 0, target: false), 1e-12);
        RandomStream random = RandomStream.FromSeed(2);
        double[] first = [.. Enumerable.Range(0, 4000).Select(_ =>
        {
            twin.Learner.Policy.Act(observation, action, PolicyMode.Stochastic, random);
            for (int i = 0; i < twin.Agents.Count; i++)
            {
                twin.Agents[i].ActionSpace.Contains(twin.Agents.ActionOf(i, (ReadOnlySpan<double>)action)).ShouldBeTrue();
            }

            return action[0];
        })];
        double mean = first.Average(), deviation = Math.Sqrt(first.Average(x => (x - mean) * (x - mean)));
        // the leader's box is −2 … 1: half its range is 1.5
        deviation.ShouldBe(1.5 * 0.05, 0.004);
    }

    private Twin Make(string game, Func<BiAcContinuousOptions, BiAcContinuousOptions> change, Func<int, bool>? terminated = null)
    {
        int[] levels = game switch { "two levels" => [0, 1], "three levels" => [0, 1, 2], _ => [0, 1, 1, 2] };
        BoxSpace[] boxes = game == "two levels"
            ? [new(1, -2, 1), new(1, 0, 3)]
            : game == "three levels" ? [new(1, -2, 1), new([0, -1], [3, 1]), new(1, 5, 6)] : [new(1, -2, 1), new(1, 0, 3), new([-1, -4], [1, 4]), new(1, 5, 6)];
        Space[] observations = [new BoxSpace(2, -1, 1), new DiscreteSpace(2), new BoxSpace(1, -1, 1), new BoxSpace(1, -1, 1)];
        AgentRoster agents = new([.. levels.Select((level, i) => new AgentSpec($"agent {i}", level, observations[i], boxes[i]))]);
        BiAcContinuousOptions options = change(new BiAcContinuousOptions
        {
            Critic = Probe.Still(5), Actor = Probe.Still(3), MaxGradientNorm = double.PositiveInfinity, BatchSize = 8, Precision = Precision.Double,
        });
        Twin twin = new(agents, options, terminated ?? (static r => r % 3 == 1));
        made.Add(twin.Learner);
        return twin;
    }

    private sealed class Twin
    {
        private readonly BiAcContinuousOptions options;

        public Twin(AgentRoster agents, BiAcContinuousOptions options, Func<int, bool> terminated)
        {
            (Agents, this.options) = (agents, options);
            Learner = new BiAcContinuous<double>(Probe.Context(new CounterGame(agents, 3, false, new double[agents.Count], static _ => 0)), options);
            Batch = Probe.Batch(agents, 8, RandomStream.FromSeed(11), terminated);
            foreach ((Player<double> player, int i) in Learner.Players.Select(static (p, i) => (p, i)))
            {
                Probe.Randomise(player, RandomStream.FromSeed(20 + (ulong)i));
            }
        }

        public AgentRoster Agents { get; }

        public BiAcContinuous<double> Learner { get; }

        public JointBatch Batch { get; }

        public Player<double> Actor(int agent) => Learner.PlayerOf($"actor{agent}");

        public Player<double> Critic(int agent) => Learner.PlayerOf($"critic{agent}");

        public MlpLayout ActorLayout(int agent) => new(
            ObservedSize(agent) + Enumerable.Range(0, Agents.Count).Where(k => Agents[k].Level < Agents[agent].Level).Sum(k => Agents[k].ActionSpace.Size),
            [3], Agents[agent].ActionSpace.Size, Activation.Tanh, Activation.Tanh);

        public MlpLayout CriticLayout(int agent) =>
            new(ObservedSize(agent) + Agents.ActionSize + (options.QuadraticFeatures ? Agents.ActionSize * (Agents.ActionSize + 1) / 2 : 0), [5], 1, Activation.Tanh);

        public double Value(int agent, bool target, double[] observations, double[] actions)
        {
            double[] codes = [.. Enumerable.Range(0, Agents.Count).SelectMany(k => Probe.Acted(Agents, k, actions))];
            double[] products = options.QuadraticFeatures ? [.. codes.SelectMany((a, k) => codes.Skip(k).Select(b => a * b))] : [];
            return PlainNetwork.Evaluate(
                CriticLayout(agent), target ? Critic(agent).Target : Critic(agent).Parameters, [.. Probe.Observed(Agents, agent, observations), .. codes, .. products])[0];
        }

        /// <summary>The actions from an agent on, level by level.</summary>
        public double[] Play(double[] observations, double[] actions, int from, bool target)
        {
            double[] joint = [.. actions];
            for (int k = from; k < Agents.Count; k++)
            {
                double[] seen = [.. Enumerable.Range(0, Agents.Count).Where(j => Agents[j].Level < Agents[k].Level).SelectMany(j => Probe.Acted(Agents, j, joint))];
                double[] code = PlainNetwork.Evaluate(ActorLayout(k), target ? Actor(k).Target : Actor(k).Parameters, [.. Probe.Observed(Agents, k, observations), .. seen]);
                BoxSpace box = (BoxSpace)Agents[k].ActionSpace;
                for (int i = 0; i < code.Length; i++)
                {
                    joint[Agents.ActionOffset(k) + i] = box.Low[i] + ((code[i] + 1) / 2 * (box.High[i] - box.Low[i]));
                }
            }

            return joint;
        }

        public double[] Answered(int row, int agent) => Play(Batch.Observations(row).ToArray(), Batch.Actions(row).ToArray(), agent, target: false);

        /// <summary>Given answers, with the agent's own action as its actor says now.</summary>
        public double[] WithOwn(int row, int agent, double[] answers)
        {
            double[] joint = [.. answers];
            Agents.ActionOf(agent, (ReadOnlySpan<double>)Answered(row, agent)).CopyTo(Agents.ActionOf(agent, joint.AsSpan()));
            return joint;
        }

        public double Following(int row, int agent)
        {
            double[] next = Batch.NextObservations(row).ToArray();
            return Value(agent, target: true, next, Play(next, new double[Agents.ActionSize], 0, target: true));
        }

        private int ObservedSize(int agent) => Agents[agent].ObservationSpace is DiscreteSpace d ? d.Count : Agents[agent].ObservationSpace.Size;
    }
}

file static class ArrayAssertions
{
    public static void ShouldBe(this double[] actual, double[] expected, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            actual[i].ShouldBe(expected[i], tolerance);
        }
    }
}
