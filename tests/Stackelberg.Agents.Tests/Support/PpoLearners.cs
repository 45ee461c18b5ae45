using System.Numerics;
using System.Reflection;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Small learners of PPO's family.</summary>
internal static class PpoLearners
{
    /// <summary>Two copies of 12 steps, two epochs of minibatches of 8, nothing normalised, in double precision.</summary>
    public static PpoOptions Small { get; } = new()
    {
        Environments = 2,
        RolloutSteps = 12,
        Epochs = 2,
        MinibatchSize = 8,
        Precision = Precision.Double,
        Actor = new PpoOptions().Actor with { Hidden = [5], LearningRate = 0.01 },
        Critic = new PpoOptions().Critic with { Hidden = [4], LearningRate = 0.01 },
    };

    /// <summary>The same with the critic nested, and with a leader or none.</summary>
    public static PpoOptions Nested(LeaderRole leader, Func<HypergradientOptions, HypergradientOptions>? change = null) => Small with
    {
        Minibatches = MinibatchKind.PerEnvironment,
        MinibatchSize = 64,
        Advantages = AdvantageTiming.PerMinibatch,
        UpdateOrder = UpdateOrder.CriticFirst,
        Critic = Small.Critic with { Updates = 3 },
        Leading = new() { Leader = leader, Hypergradient = leader == LeaderRole.None ? new() : change?.Invoke(new() { Guard = false }) ?? new() { Guard = false, Bound = 1 } },
    };

    /// <summary>Steps too short to change a parameter: what was collected can be looked at with the players that collected it.</summary>
    public static PpoOptions Still(this PpoOptions options) => options with
    {
        Actor = options.Actor with { Optimiser = OptimiserKind.Sgd, LearningRate = 1e-300, OptimiserEpsilon = 1e-8 },
        Critic = options.Critic with { Optimiser = OptimiserKind.Sgd, LearningRate = 1e-300, OptimiserEpsilon = 1e-8 },
    };

    public static Ppo<T> Create<T>(PpoOptions options, Func<IEnvironment> environment, ulong seed = 5, long total = 100_000, int threads = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(new AlgorithmContext(environment(), RandomStream.FromSeed(seed), total, threads) { MakeEnvironment = environment }, options);

    public static Ppo<double> Create(PpoOptions options, bool discrete = true, ulong seed = 5, long total = 100_000) =>
        Create<double>(options, () => new Drift(discrete, 9), seed, total);

    public static RecordingSink Go(this IAlgorithm learner, int iterations = 1)
    {
        var sink = new RecordingSink();
        for (int i = 0; i < iterations; i++)
        {
            learner.Iterate(1_000_000, sink);
        }

        return sink;
    }

    public static double[] Actor(this Ppo<double> learner) => learner.Players.Single(static p => p.Name == "actor").Parameters.Span.ToArray();

    public static double[] Critic(this Ppo<double> learner) => learner.Players.Single(static p => p.Name == "critic").Parameters.Span.ToArray();

    public static Critic<double> Values(this Ppo<double> learner) => learner.Part<Critic<double>>("values");

    /// <summary>A private part.</summary>
    public static TPart Part<TPart>(this object owner, string name) =>
        (TPart)owner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(owner)!;
}
