using System.Numerics;
using System.Reflection;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>Reaches into learners for several agents: their parameters are set at random, they learn from a batch of ours, and their gradients are read.</summary>
internal static class Probe
{
    /// <summary>A network whose steps are too small to move it, so that gradients of one update belong to one point.</summary>
    public static NetworkOptions Still(params int[] hidden) =>
        new() { Hidden = hidden, Activation = Activation.Tanh, Optimiser = OptimiserKind.Sgd, LearningRate = 1e-300 };

    public static AlgorithmContext Context(IMultiAgentEnvironment game, ulong seed = 3, long total = 10_000, int threads = 1) =>
        new(new JointEnvironment(game), RandomStream.FromSeed(seed), total, threads);

    public static Player<double> PlayerOf(this Learner<double> learner, string name) => learner.Players.Single(p => p.Name == name);

    /// <summary>One update from a batch.</summary>
    public static void LearnFrom<T>(this GameLearner<T> learner, JointBatch batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(GameLearner<T>).GetMethod("Learn", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(learner, [batch]);

    /// <summary>Parameters and target copy of a player, which then disagree.</summary>
    public static void Randomise(Player<double> player, RandomStream random, double deviation = 0.7)
    {
        for (int i = 0; i < player.Layout.Coordinates.Count; i++)
        {
            int at = player.Layout.Coordinates[i];
            player.Parameters[at] = deviation * random.NextNormal();
            player.Target[at] = deviation * random.NextNormal();
        }
    }

    /// <summary>A batch of made-up transitions with unequal weights.</summary>
    public static JointBatch Batch(AgentRoster agents, int rows, RandomStream random, Func<int, bool> terminated)
    {
        JointBatch batch = new(rows, agents);
        double[] observations = new double[agents.ObservationSize], actions = new double[agents.ActionSize], rewards = new double[agents.Count];
        for (int r = 0; r < rows; r++)
        {
            List<double> row = [];
            Fill(agents, random, observations, actions);
            row.AddRange(observations);
            row.AddRange(actions);
            random.FillNormal(rewards);
            row.AddRange(rewards);
            Fill(agents, random, observations, actions);
            row.AddRange(observations);
            row.Add(terminated(r) ? 1 : 0);
            batch.Add(row.ToArray(), (r + 1) / (0.5 * rows * (rows + 1)));
        }

        return batch;
    }

    /// <summary>An index one-hot, numbers as they are.</summary>
    public static double[] Observed(AgentRoster agents, int agent, ReadOnlySpan<double> observations)
    {
        double[] own = agents.ObservationOf(agent, observations).ToArray();
        return agents[agent].ObservationSpace is DiscreteSpace discrete ? OneHot(discrete.Count, own[0]) : own;
    }

    /// <summary>An index one-hot, bounded numbers on ±1.</summary>
    public static double[] Acted(AgentRoster agents, int agent, ReadOnlySpan<double> actions)
    {
        double[] own = agents.ActionOf(agent, actions).ToArray();
        if (agents[agent].ActionSpace is DiscreteSpace discrete)
        {
            return OneHot(discrete.Count, own[0]);
        }

        BoxSpace box = (BoxSpace)agents[agent].ActionSpace;
        return [.. own.Select((a, i) => -1 + (2 * (a - box.Low[i]) / (box.High[i] - box.Low[i])))];
    }

    public static double[] OneHot(int count, double index) => [.. Enumerable.Range(0, count).Select(k => k == index ? 1.0 : 0.0)];

    /// <summary>Σ cᵢ of central differences must be the gradient.</summary>
    public static void ShouldBeTheDerivative(this FlatVector<double> gradient, double[] expected, MlpLayout layout, double factor = 1)
    {
        double size = 0;
        CoordinateMap coordinates = layout.Parameters.Coordinates;
        for (int i = 0; i < coordinates.Count; i++)
        {
            gradient[coordinates[i]].ShouldBe(factor * expected[coordinates[i]], 1e-8, $"parameter {i}");
            size += Math.Abs(expected[coordinates[i]]);
        }

        size.ShouldBeGreaterThan(1e-3);
    }

    /// <summary>Central differences of a number by every parameter.</summary>
    public static double[] Differences(FlatVector<double> parameters, MlpLayout layout, Func<double> number) =>
        SacLearners.Differences(parameters, layout, () => [number()])[0];

    public static double[] Softmax(double[] logits)
    {
        double[] exponentials = [.. logits.Select(Math.Exp)];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }

    public static double Entropy(double[] p) => -p.Sum(x => x * Math.Log(x));

    public static double Huber(double error, double delta) => Math.Abs(error) <= delta ? error * error / 2 : (delta * Math.Abs(error)) - (delta * delta / 2);

    private static void Fill(AgentRoster agents, RandomStream random, double[] observations, double[] actions)
    {
        for (int i = 0; i < agents.Count; i++)
        {
            agents[i].ObservationSpace.Sample(random, agents.ObservationOf(i, observations.AsSpan()));
            agents[i].ActionSpace.Sample(random, agents.ActionOf(i, actions.AsSpan()));
        }
    }
}
