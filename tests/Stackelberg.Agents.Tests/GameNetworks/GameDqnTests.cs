using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

public sealed class GameDqnTests
{
    private static readonly AgentRoster Agents = new(
        new AgentSpec("first", 0, new BoxSpace(2, -1, 1), new DiscreteSpace(3)), new AgentSpec("second", 1, new DiscreteSpace(2), new DiscreteSpace(4)));

    private readonly JointBatch batch = Probe.Batch(Agents, 14, RandomStream.FromSeed(1), static r => r % 4 == 2);

    [Theory]
    [InlineData(true, 1, double.PositiveInfinity, false)]
    [InlineData(false, 1, double.PositiveInfinity, false)]
    [InlineData(true, 0.3, double.PositiveInfinity, false)]
    [InlineData(true, 0, double.PositiveInfinity, true)]
    [InlineData(true, 0.5, 0.2, false)]
    [InlineData(true, 1, double.PositiveInfinity, true)]
    public void Agents_learn_towards_double_q_with_negative_differences_weighed(bool doubleQ, double rate, double ceiling, bool ignoresTermination)
    {
        using GameDqn<double> learner = Make(o => o with { DoubleQ = doubleQ, NegativeRate = rate, RewardCeiling = ceiling, IgnoreTermination = ignoresTermination, RewardScale = 1.5 });
        learner.LearnFrom(batch);
        ShouldLearn(learner, doubleQ, ceiling, ignoresTermination, (_, _, difference) => difference < 0 ? rate : 1);
    }

    [Fact]
    public void Lenient_agents_forgive_by_the_temperature_of_what_they_saw_and_did()
    {
        // one state for both: all actions cool with every visit
        const double leniency = 1.7, decay = 0.9;
        using GameDqn<double> learner = Make(static o => o with
        {
            Leniency = leniency, TemperatureDecay = decay, NegativeRate = 0.8, StepsPerIteration = 20, UpdateAfter = 1000, Exploration = new ExplorationOptions { RandomSteps = 1000 },
        });
        learner.Iterate(20, new RecordingSink());
        int[][] visits = Visits();
        JointBatch seen = new(14, Agents);
        for (int r = 0; r < 12; r++)
        {
            // rewards of both signs of difference; the last two rows were never seen by anybody
            seen.Add([0, 0, r < 10 ? 0 : 1, r % 3, r % 4, -2 + (r % 5), 2 - (r % 3), 0.5, 0.5, 1, r % 2], 1.0 / 12);
        }

        learner.LearnFrom(seen);
        visits.SelectMany(static v => v).Sum().ShouldBe(40);
        ShouldLearn(learner, true, double.PositiveInfinity, false, (agent, r, difference) =>
        {
            int action = (int)seen.Actions(r)[agent];
            bool known = agent == 0 || seen.Observations(r)[2] == 0;
            double temperature = known ? Math.Pow(decay, visits[agent][action]) : 1;
            return difference < 0 ? 0.8 * Math.Exp(-leniency * temperature) : 1;
        }, seen);
    }

    /// <summary>The same twenty steps again, watched.</summary>
    private static int[][] Visits()
    {
        WatchedGame watched = new();
        using GameDqn<double> learner = Make(static o => o with { StepsPerIteration = 20, UpdateAfter = 1000, Exploration = new ExplorationOptions { RandomSteps = 1000 } }, watched);
        learner.Iterate(20, new RecordingSink());
        return watched.Visits;
    }

    private static GameDqn<double> Make(Func<GameDqnOptions, GameDqnOptions> change, IMultiAgentEnvironment? game = null)
    {
        GameDqn<double> learner = new(Probe.Context(game ?? new CounterGame(Agents, 3, true, [1, 2], static _ => 0)), change(new GameDqnOptions
        {
            Critic = Probe.Still(5), Gamma = 0.8, BatchSize = 14, MaxGradientNorm = double.PositiveInfinity, Precision = Precision.Double,
        }));
        for (int i = 0; i < 2; i++)
        {
            Probe.Randomise(learner.PlayerOf($"critic{i}"), RandomStream.FromSeed(50 + (ulong)i));
        }

        return learner;
    }

    private void ShouldLearn(
        GameDqn<double> learner, bool doubleQ, double ceiling, bool ignoresTermination, Func<int, int, double, double> factor, JointBatch? from = null)
    {
        JointBatch rows = from ?? batch;
        double scale = from is null ? 1.5 : 1;
        int negative = 0, elsewhere = 0;
        for (int i = 0; i < 2; i++)
        {
            int agent = i;
            Player<double> player = learner.PlayerOf($"critic{i}");
            MlpLayout layout = new(2, [5], i == 0 ? 3 : 4, Activation.Tanh);
            double[] Q(ReadOnlySpan<double> observations, bool target) => PlainNetwork.Evaluate(layout, target ? player.Target : player.Parameters, Probe.Observed(Agents, agent, observations));
            double[] targets = [.. Enumerable.Range(0, rows.Rows).Select(r =>
            {
                (double[] online, double[] target) = (Q(rows.NextObservations(r), false), Q(rows.NextObservations(r), true));
                int chosen = Array.IndexOf(online, online.Max());
                elsewhere += target[chosen] < target.Max() ? 1 : 0;
                double future = doubleQ ? target[chosen] : target.Max();
                return (scale * Math.Min(ceiling, rows.Reward(r, agent))) + (rows.Terminated(r) && !ignoresTermination ? 0 : 0.8 * future);
            })];
            double Own(int r) => Q(rows.Observations(r), false)[(int)rows.Actions(r)[agent]];
            double[] factors = [.. Enumerable.Range(0, rows.Rows).Select(r => factor(agent, r, targets[r] - Own(r)))];
            negative += Enumerable.Range(0, rows.Rows).Count(r => targets[r] < Own(r));
            double[] expected = Probe.Differences(player.Parameters, layout, () => Enumerable.Range(0, rows.Rows).Sum(r => rows.Weights[r] * factors[r] * Probe.Huber(targets[r] - Own(r), 1)));
            player.Gradient.ShouldBeTheDerivative(expected, layout);
        }

        negative.ShouldBeInRange(4, (2 * rows.Rows) - 4);
        elsewhere.ShouldBeGreaterThan(2);
    }

    /// <summary>Counts how often each agent took each action.</summary>
    private sealed class WatchedGame : IMultiAgentEnvironment
    {
        private readonly CounterGame inner = new(GameDqnTests.Agents, 3, true, [1, 2], static _ => 0);

        public int[][] Visits { get; } = [new int[3], new int[4]];

        public EnvironmentSpec Spec => inner.Spec;

        public AgentRoster Agents => inner.Agents;

        public void Reset(ulong? seed, Span<double> observations) => inner.Reset(seed, observations);

        public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            Visits[0][(int)actions[0]]++;
            Visits[1][(int)actions[1]]++;
            return inner.Step(actions, observations, rewards);
        }

        public void Save(StateWriter writer) => inner.Save(writer);

        public void Load(StateReader reader) => inner.Load(reader);

        public void Dispose()
        {
        }
    }
}
