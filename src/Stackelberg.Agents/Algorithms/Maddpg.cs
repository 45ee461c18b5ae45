using System.Numerics;
using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of MADDPG and multi-agent TD3 for discrete actions.</summary>
public sealed record MaddpgOptions : GameOptions
{
    /// <summary>The critics.</summary>
    public NetworkOptions Critic { get; init; } = Network(1e-3);

    /// <summary>The actors.</summary>
    public NetworkOptions Actor { get; init; } = Network(1e-3);

    /// <summary>The policy gradient.</summary>
    [Option("How an actor sees its critic: all actions at once, the score of a drawn one, or straight-through Gumbel-softmax.")]
    public ActorGradient Gradient { get; init; } = ActorGradient.AllActions;

    /// <summary>τ</summary>
    [Option("Temperature of Gumbel-softmax; read with gradient=gumbel.", Minimum = 0, ExclusiveMinimum = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Entropy.</summary>
    [Option("Coefficient of the actors' entropy, in units of scaled rewards.", Minimum = 0)]
    public double Entropy { get; init; }

    /// <summary>Critics per agent.</summary>
    [Option("Critics per agent: 1 for MADDPG, 2 for multi-agent TD3, whose targets take the smaller value.", Minimum = 1, Maximum = 2)]
    public int Critics { get; init; } = 1;

    /// <summary>Whether targets take the smaller value.</summary>
    [Option("Whether targets take the smaller of two critics; the released multi-agent TD3 takes the first one's.")]
    public bool ClippedDouble { get; init; } = true;

    /// <summary>Critic updates per actor update.</summary>
    [Option("Critic updates per update of the actors.", Minimum = 1)]
    public int PolicyDelay { get; init; } = 1;

    /// <summary>Settings that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> Ignored(object options)
    {
        MaddpgOptions given = (MaddpgOptions)options;
        List<(string, string)> own = [];
        if (given.Gradient != ActorGradient.Gumbel && given.Temperature != 1)
        {
            own.Add(("temperature", "it belongs to gradient=gumbel."));
        }

        if (given.Critics == 1 && !given.ClippedDouble)
        {
            own.Add(("clipped_double", "there is one critic per agent."));
        }

        return [.. own, .. given.Exploration.Unread(), .. given.Critic.Unread("critic"), .. given.Actor.Unread("actor")];
    }
}

/// <summary>
/// Multi-agent deep deterministic policy gradient for discrete actions, and multi-agent TD3: every agent has an actor π_i(· | o_i) of its own observation, and
/// a critic Q_i(o_i, a) of the joint action that is needed in training alone.
/// </summary>
/// <remarks>
/// Lowe et al.: Multi-Agent Actor-Critic for Mixed Cooperative-Competitive Environments (NeurIPS 2017), algorithm 1; Ackermann et al. 2019 (TD3). As in the
/// code of Bi-AC the others' actions come from the buffer when an actor is improved. All agents choose at once: nobody sees another's action.
/// docs/algorithms/games.md.
/// </remarks>
public sealed class Maddpg<T> : GameLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaddpgOptions options;
    private readonly JointCritic<T>[] critics, twins;
    private readonly CategoricalAgent<T>[] actors;
    private readonly RandomStream draws;
    private readonly double[] following, smaller;

    /// <summary>Builds networks and buffer.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    public Maddpg(AlgorithmContext context, MaddpgOptions options)
        : base(context, options)
    {
        this.options = options;
        int[] counts = Agents.ActionCounts("maddpg");
        AgentCodes<T> codes = new(Agents);
        int rows = Replay.Batch.Capacity;
        JointCritic<T>[] Make(string name) => [.. counts.Select((count, i) => new JointCritic<T>(
            $"{name}{i}", i, codes, options.Critic, options, rows * count, context.Random.Split(name, i), Parallelism))];
        critics = Make("critic");
        twins = options.Critics == 2 ? Make("twin") : [];
        actors = [.. counts.Select((count, i) => new CategoricalAgent<T>(
            $"actor{i}", i, count, seesActions: false, codes, options.Actor, options, rows, context.Random.Split("actor", i), Parallelism))];
        Keep(critics.Concat(twins).Select(c => c.Network).Concat(actors.Select(a => a.Network)));
        draws = Keep("draws", context.Random.Split("draws"));
        (following, smaller) = (new double[rows * Agents.Count], new double[rows]);
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random) =>
        actions[agent] = actors[agent].Answer(observations, actions, mode, random);

    /// <summary>π_i(· | o_i); valid until the next call.</summary>
    public ReadOnlySpan<double> ProbabilitiesOf(int agent, ReadOnlySpan<double> observations) => actors[agent].Probabilities(observations, []);

    /// <inheritdoc/>
    protected override void Learn(JointBatch batch)
    {
        // a_j′ ~ π̄_j(· | o_j′)
        ReadOnlySpan<double> next = batch.AllTerminated ? [] : Following(batch);
        for (int i = 0; i < critics.Length; i++)
        {
            // y = r_i + γ (1 − terminated) Q̄_i(o_i′, a′), of twins the smaller;   w_i ← w_i − α ∇ mean Huber(Q_i(o_i, a) − y)
            ReadOnlySpan<double> towards = critics[i].Targets(batch, next);
            if (twins.Length > 0)
            {
                towards = options.ClippedDouble ? Smaller(towards, twins[i].Targets(batch, next)) : towards;
                twins[i].Regress(batch, towards, Updates);
            }

            Losses[i] = critics[i].Regress(batch, towards, Updates);
        }

        for (int i = 0; i < actors.Length && (Updates + 1) % options.PolicyDelay == 0; i++)
        {
            // θ_i ← θ_i + β ∇ Σ_{a_i} π_i(a_i | o_i) Q_i(o_i, a_i, a_{−i})
            actors[i].Improve(batch, critics[i], new ActorAscent(options.Gradient, options.Temperature, options.Entropy), draws, Updates / options.PolicyDelay);
        }
    }

    private ReadOnlySpan<double> Following(JointBatch batch)
    {
        for (int i = 0; i < actors.Length; i++)
        {
            for (int r = 0; r < batch.Rows; r++)
            {
                actors[i].Write(r, batch.NextObservations(r), []);
            }

            actors[i].Network.Forward(batch.Rows, target: true);
            for (int r = 0; r < batch.Rows; r++)
            {
                following[(r * actors.Length) + i] = actors[i].Answer(r, PolicyMode.Stochastic, draws);
            }
        }

        return following.AsSpan(0, batch.Rows * actors.Length);
    }

    private ReadOnlySpan<double> Smaller(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        for (int r = 0; r < first.Length; r++)
        {
            smaller[r] = Math.Min(first[r], second[r]);
        }

        return smaller.AsSpan(0, first.Length);
    }
}
