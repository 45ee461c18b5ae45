using Stackelberg.Agents.Games;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Learners with tables on small games.</summary>
internal static class TabularGames
{
    /// <summary>Every id with tables.</summary>
    public static TheoryData<string> Ids { get; } = ["bilevel-q", "independent-q", "hysteretic-q", "lenient-q", "minimax-q", "nash-q"];

    public static IAlgorithm Create<TOptions>(string id, Func<IMultiAgentEnvironment> game, ulong seed, Func<TOptions, TOptions> change)
        where TOptions : TabularOptions =>
        AlgorithmCatalogue.BuiltIn.Create(id, AlgorithmContext.For(() => new JointEnvironment(game()), seed, 100_000), change);

    public static IAlgorithm Create(string id, Func<IMultiAgentEnvironment> game, ulong seed, Func<TabularOptions, TabularOptions> change) =>
        Create<TabularOptions>(id, game, seed, change);

    public static IMultiAgentEnvironment Once(MatrixGame game) => new MarkovGameEnvironment(game.Once());

    public static void Advance(this IAlgorithm learner, long steps, ITrainingSink? sink = null)
    {
        sink ??= new Quiet();
        for (long end = learner.Steps + steps; learner.Steps < end;)
        {
            learner.Iterate(end - learner.Steps, sink);
        }
    }

    /// <summary>The greedy joint action of two players in a state, such as <c>CZ</c>.</summary>
    public static string Outcome(this IAlgorithm learner, MarkovGame game, int state = 0)
    {
        double[] action = new double[game.Players.Count];
        learner.Policy.Act([.. game.Players.Select(_ => (double)state)], action, PolicyMode.Greedy, RandomStream.FromSeed(0));
        return string.Concat(action.Select((a, i) => game.Actions[i][(int)a]));
    }

    /// <summary>How often each outcome is reached, over seeds 0, 1, ….</summary>
    public static Dictionary<string, int> Outcomes<TOptions>(string id, MarkovGame game, int seeds, long steps, Func<TOptions, TOptions> change)
        where TOptions : TabularOptions
    {
        var counts = new Dictionary<string, int>();
        for (int seed = 0; seed < seeds; seed++)
        {
            using IAlgorithm learner = Create(id, () => new MarkovGameEnvironment(game), (ulong)seed, change);
            learner.Advance(steps);
            string outcome = learner.Outcome(game);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        return counts;
    }

    /// <summary>States 0, 1, 2 in a circle, or in a row that ends; every step pays both 1.</summary>
    public static MarkovGame Circle(bool ends) => new("Circle", ["one", "two"], [["A", "B"], ["A", "B"]], ["0", "1", "2"], [1, 0, 0], (state, _, rewards) =>
    {
        rewards.Fill(1);
        return ((state + 1) % 3, ends && state == 2);
    });

    /// <summary>Three states in which what one does moves both on, and payoffs of all kinds; opposite for zero sums.</summary>
    public static MarkovGame Mixed(bool zeroSum = false) => new("Mixed", ["one", "two"], [["A", "B"], ["A", "B"]], ["0", "1", "2"], [0.5, 0.5, 0], (state, actions, rewards) =>
    {
        int k = (4 * state) + (2 * actions[0]) + actions[1];
        rewards[0] = state == 2 ? (actions[0] == actions[1] ? 9 : -9) : (k * 7 % 11) - 5;
        rewards[1] = zeroSum || state == 2 ? -rewards[0] : (k * 5 % 13) - 6;
        return ((state + actions[0] + (2 * actions[1]) + 1) % 3, k == 9);
    });

    /// <summary>Hears nothing.</summary>
    public sealed class Quiet : ITrainingSink;

    /// <summary>One joint step.</summary>
    public sealed record Joint(double[] Before, double[] Actions, double[] Rewards, double[] After, bool Terminated);

    /// <summary>Notes every joint step.</summary>
    public sealed class Noting(IMultiAgentEnvironment inner) : IMultiAgentEnvironment
    {
        private double[] before = [];

        public List<Joint> Steps { get; } = [];

        public EnvironmentSpec Spec => inner.Spec;

        public AgentRoster Agents => inner.Agents;

        public void Reset(ulong? seed, Span<double> observations)
        {
            inner.Reset(seed, observations);
            before = observations.ToArray();
        }

        public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            JointStepResult result = inner.Step(actions, observations, rewards);
            Steps.Add(new Joint(before, actions.ToArray(), rewards.ToArray(), observations.ToArray(), result.Terminated));
            before = observations.ToArray();
            return result;
        }

        public void Save(StateWriter writer) => inner.Save(writer);

        public void Load(StateReader reader) => inner.Load(reader);

        public void Dispose() => inner.Dispose();
    }
}
