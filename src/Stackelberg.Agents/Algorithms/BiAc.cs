using System.Numerics;
using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>What the leader counts on in training when it compares its actions.</summary>
public enum LeaderExpectation
{
    /// <summary>One answer drawn from the follower's policy per action of its own.</summary>
    Sample,

    /// <summary>The follower's likeliest answer.</summary>
    Mode,
}

/// <summary>Options of Bi-AC for discrete actions.</summary>
public sealed record BiAcOptions : GameOptions
{
    /// <summary>The leader's critic.</summary>
    public NetworkOptions Leader { get; init; } = Network(0.1);

    /// <summary>Critics of followers.</summary>
    public NetworkOptions Follower { get; init; } = Network(1e-3);

    /// <summary>Actors of followers.</summary>
    public NetworkOptions Actor { get; init; } = Network(1e-3);

    /// <summary>The follower's policy gradient.</summary>
    [Option("How a follower's actor sees its critic: all actions at once, the score of a drawn one, or straight-through Gumbel-softmax.")]
    public ActorGradient Gradient { get; init; } = ActorGradient.AllActions;

    /// <summary>τ</summary>
    [Option("Temperature of Gumbel-softmax; read with gradient=gumbel.", Minimum = 0, ExclusiveMinimum = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Entropy.</summary>
    [Option("Coefficient of the followers' entropy, in units of scaled rewards: keeps answers from hardening before values are known.", Minimum = 0)]
    public double Entropy { get; init; }

    /// <summary>Where the follower learns.</summary>
    [Option("Whether a follower learns its answers to every action of the leader in the states of a batch, or to those that were taken, as in the code.")]
    public bool AnswersAll { get; init; }

    /// <summary>The leader's expectation.</summary>
    [Option("What the leader counts on in training when it compares its actions: one drawn answer each, or the likeliest. Greedy play takes the likeliest.")]
    public LeaderExpectation Expectation { get; init; } = LeaderExpectation.Sample;

    /// <summary>The released code's comparison.</summary>
    [Option("Whether the leader takes its first action unless another one's value is above 0, as the released code does.")]
    public bool PositiveValuesOnly { get; init; }

    /// <summary>Settings that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> Ignored(object options)
    {
        BiAcOptions given = (BiAcOptions)options;
        IEnumerable<(string, string)> own = given.Gradient != ActorGradient.Gumbel && given.Temperature != 1 ? [("temperature", "it belongs to gradient=gumbel.")] : [];
        return [.. own, .. given.Exploration.Unread(), .. given.Leader.Unread("leader"), .. given.Follower.Unread("follower"), .. given.Actor.Unread("actor")];
    }
}

/// <summary>
/// Bi-level actor-critic: the leader has a critic and no actor; it takes argmax_{a₁} Q₁(s, a₁, a₂) at the answers a₂ ~ π₂(· | s, a₁) of the follower, whose
/// actor sees the leader's action.
/// </summary>
/// <remarks>
/// Zhang et al.: Bi-level Actor-Critic for Multi-agent Coordination (AAAI 2020), algorithm 1 and equations 12 to 17. Any number of followers on any number of
/// levels: each has a critic Q_i(o_i, a) and an actor π_i(· | o_i, actions of earlier levels). docs/algorithms/games.md.
/// </remarks>
public sealed class BiAc<T> : GameLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BiAcOptions options;
    private readonly int[] counts;
    private readonly JointCritic<T>[] critics;
    private readonly CategoricalAgent<T>[] followers;
    private readonly RandomStream answers;
    private readonly double[] candidates, following, values;

    /// <summary>Builds networks and buffer.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, several lead, or an agent's actions are no finite list.</exception>
    public BiAc(AlgorithmContext context, BiAcOptions options)
        : base(context, options)
    {
        this.options = options;
        Agents.RequireOneLeader("bi-ac");
        counts = Agents.ActionCounts("bi-ac");
        AgentCodes<T> codes = new(Agents);
        int rows = Replay.Batch.Capacity;
        critics = [.. Agents.Select((_, i) => new JointCritic<T>(
            $"critic{i}", i, codes, i == 0 ? options.Leader : options.Follower, options, rows * (i == 0 ? counts[0] : counts[i] * (options.AnswersAll ? counts[0] : 1)), context.Random.Split("critic", i), Parallelism))];
        followers = [.. Agents.Skip(1).Select((_, k) => new CategoricalAgent<T>(
            $"actor{k + 1}", k + 1, counts[k + 1], seesActions: true, codes, options.Actor, options, rows * counts[0], context.Random.Split("actor", k + 1), Parallelism))];
        Keep(critics.Select(c => c.Network).Concat(followers.Select(f => f.Network)));
        answers = Keep("answers", context.Random.Split("answers"));
        (candidates, following) = (new double[rows * counts[0] * Agents.Count], new double[rows * Agents.Count]);
        values = new double[counts[0]];
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        if (agent > 0)
        {
            actions[agent] = followers[agent - 1].Answer(observations, actions, mode, random);
            return;
        }

        // a₁ = argmax_{a₁} Q₁(s, a₁, a₂),  a₂ ~ π₂(· | s, a₁)
        PolicyMode expected = mode == PolicyMode.Stochastic ? Expected : mode;
        Span<double> tried = Candidate(0);
        for (int a = 0; a < counts[0]; a++)
        {
            tried[0] = a;
            for (int k = 1; k <= followers.Length; k++)
            {
                tried[k] = followers[k - 1].Answer(observations, tried, expected, random);
            }

            values[a] = critics[0].ValueOf(observations, tried);
        }

        actions[0] = Best();
    }

    /// <summary>Q_i(o_i, a).</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => critics[agent].ValueOf(observations, actions);

    /// <summary>π_i(· | o_i, actions of earlier levels) of a follower, i from 1; valid until the next call.</summary>
    public ReadOnlySpan<double> ProbabilitiesOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) =>
        followers[agent - 1].Probabilities(observations, actions);

    /// <inheritdoc/>
    protected override void Learn(JointBatch batch)
    {
        // a₁′ = argmax_{a₁} Q₁(s′, a₁, a₂),  a₂ ~ π₂(· | s′, a₁);  a₂′ is the answer to a₁′
        ReadOnlySpan<double> next = batch.AllTerminated ? [] : Following(batch);
        for (int i = 0; i < critics.Length; i++)
        {
            // δ_i = r_i + γ (1 − terminated) Q̄_i(s′, a₁′, a₂′) − Q_i(s, a₁, a₂);   w_i ← w_i − α_i ∇ mean Huber(δ_i)
            Losses[i] = critics[i].Regress(batch, critics[i].Targets(batch, next), Updates);
        }

        ActorAscent ascent = new(options.Gradient, options.Temperature, options.Entropy, options.AnswersAll ? counts[0] : 1);
        for (int i = 1; i < critics.Length; i++)
        {
            // θ₂ ← θ₂ + β ∇ Σ_{a₂} π₂(a₂ | s, a₁) Q₂(s, a₁, a₂)
            followers[i - 1].Improve(batch, critics[i], ascent, answers, Updates);
        }
    }

    private PolicyMode Expected => options.Expectation == LeaderExpectation.Mode ? PolicyMode.Greedy : PolicyMode.Stochastic;

    /// <summary>The joint actions that follow the batch's transitions: every action of the leader is answered level by level, and the best for it taken.</summary>
    private ReadOnlySpan<double> Following(JointBatch batch)
    {
        int own = counts[0], rows = batch.Rows * own;
        for (int c = 0; c < rows; c++)
        {
            Candidate(c)[0] = c % own;
        }

        for (int k = 1; k <= followers.Length; k++)
        {
            CategoricalAgent<T> follower = followers[k - 1];
            for (int c = 0; c < rows; c++)
            {
                follower.Write(c, batch.NextObservations(c / own), Candidate(c));
            }

            follower.Network.Forward(rows);
            for (int c = 0; c < rows; c++)
            {
                Candidate(c)[k] = follower.Answer(c, Expected, answers);
            }
        }

        for (int c = 0; c < rows; c++)
        {
            critics[0].Write(c, batch.NextObservations(c / own), Candidate(c));
        }

        critics[0].Network.Forward(rows);
        for (int r = 0; r < batch.Rows; r++)
        {
            for (int a = 0; a < own; a++)
            {
                values[a] = critics[0][(r * own) + a];
            }

            Candidate((r * own) + Best()).CopyTo(following.AsSpan(r * Agents.Count));
        }

        return following.AsSpan(0, batch.Rows * Agents.Count);
    }

    private int Best()
    {
        int best = SoftChoice.Largest(values);
        return options.PositiveValuesOnly && values[best] <= 0 ? 0 : best;
    }

    private Span<double> Candidate(int index) => candidates.AsSpan(index * Agents.Count, Agents.Count);
}
