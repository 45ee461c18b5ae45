using System.Numerics;
using Stackelberg.Agents.Games;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>How an agent of an upper level sees those below it.</summary>
public enum LevelDerivative
{
    /// <summary>dQ_i/da_i: the answers of later levels move with the action.</summary>
    Total,

    /// <summary>∂Q_i/∂a_i alone, as printed: the answers are taken as given.</summary>
    Partial,
}

/// <summary>How the leader acts.</summary>
public enum ContinuousLeader
{
    /// <summary>By an actor μ₁(o₁), like every other level.</summary>
    Actor,

    /// <summary>By its critic alone: candidates are drawn uniformly, answered by the followers, and one is drawn by softmax(Q₁ / α), or the best taken.</summary>
    SoftQ,
}

/// <summary>Options of Bi-AC for continuous actions.</summary>
public sealed record BiAcContinuousOptions : GameOptions
{
    /// <summary>The critics.</summary>
    public NetworkOptions Critic { get; init; } = Network(1e-3) with { Hidden = [64, 64], Activation = Tensors.Networks.Activation.Tanh };

    /// <summary>The actors.</summary>
    public NetworkOptions Actor { get; init; } = Network(1e-3) with { Hidden = [64, 64], Activation = Tensors.Networks.Activation.Tanh };

    /// <summary>The leader.</summary>
    [Option("How the leader acts: by an actor, or by its critic at candidates that the followers answer (soft Q).")]
    public ContinuousLeader Leader { get; init; } = ContinuousLeader.Actor;

    /// <summary>Candidates.</summary>
    [Option("Candidates that the leader compares; read with leader=soft-q.", Minimum = 2, Maximum = 4096)]
    public int Candidates { get; init; } = 32;

    /// <summary>α</summary>
    [Option("Temperature α of the leader's choice among candidates, in units of scaled rewards; read with leader=soft-q.", Minimum = 0, ExclusiveMinimum = true)]
    public double Temperature { get; init; } = 0.1;

    /// <summary>Total or partial.</summary>
    [Option("Whether an actor's gradient goes through the answers of later levels, or takes them as given, as printed.")]
    public LevelDerivative Derivative { get; init; } = LevelDerivative.Total;

    /// <summary>σ</summary>
    [Option("Standard deviation of the noise on actions in training, whose range counts as 2.", Minimum = 0)]
    public double ActionNoise { get; init; } = 0.1;

    /// <summary>Whether critics read products.</summary>
    [Option("Whether critics also read the products of all pairs of action numbers, as the code of the differential games does.")]
    public bool QuadraticFeatures { get; init; }

    /// <summary>Settings that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> Ignored(object options)
    {
        BiAcContinuousOptions given = (BiAcContinuousOptions)options;
        List<(string, string)> own = [];
        if (given.Leader == ContinuousLeader.Actor && given.Candidates != 32)
        {
            own.Add(("candidates", "it belongs to leader=soft-q."));
        }

        if (given.Leader == ContinuousLeader.Actor && given.Temperature != 0.1)
        {
            own.Add(("temperature", "it belongs to leader=soft-q."));
        }

        return [.. own, .. given.Exploration.Unread(), .. given.Critic.Unread("critic"), .. given.Actor.Unread("actor")];
    }
}

/// <summary>
/// Bi-level actor-critic for continuous actions and any number of levels: agent i has an actor μ_i(o_i, a_1, …, a_{i−1}) that sees the earlier levels' actions,
/// and a critic Q_i(o_i, a_1, …, a_n).
/// </summary>
/// <remarks>
/// Zhang et al.: Bi-level Actor-Critic for Multi-agent Coordination (AAAI 2020), equations 18 to 22, with θ and φ of (20) to (22) put right. As printed, an
/// upper level's gradient leaves out how the lower ones answer; the total derivative has it. Agents of one level do not see each other.
/// docs/algorithms/games.md.
/// </remarks>
public sealed class BiAcContinuous<T> : GameLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BiAcContinuousOptions options;
    private readonly JointCritic<T>[] critics;
    private readonly DeterministicAgent<T>[] actors;
    private readonly RandomStream draws;
    private readonly double[] joint, candidates, preferences;
    private readonly double evenness = 2;

    /// <summary>Builds networks and buffer.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no box with finite bounds.</exception>
    public BiAcContinuous(AlgorithmContext context, BiAcContinuousOptions options)
        : base(context, options)
    {
        this.options = options;
        Agents.RequireBounds("bi-ac-continuous");
        if (IsSoft)
        {
            Agents.RequireOneLeader("bi-ac-continuous with leader=soft-q");
        }

        AgentCodes<T> codes = new(Agents);
        int rows = Replay.Batch.Capacity, most = rows * (IsSoft ? options.Candidates : 1);
        critics = [.. Agents.Select((_, i) => new JointCritic<T>(
            $"critic{i}", i, codes, options.Critic, options, i == 0 ? most : rows, context.Random.Split("critic", i), Parallelism, options.QuadraticFeatures))];
        actors = [.. Agents.Select((_, i) => new DeterministicAgent<T>($"actor{i}", i, codes, options.Actor, options, most, context.Random.Split("actor", i), Parallelism))];
        Keep(critics.Select(c => c.Network).Concat(actors.Select(a => a.Network).Skip(First)));
        draws = Keep("draws", context.Random.Split("draws"));
        (joint, candidates) = (new double[rows * Agents.ActionSize], new double[most * Agents.ActionSize]);
        preferences = new double[options.Candidates];
        for (int i = 0; i < 64; i++)
        {
            evenness = Math.Pow(1 + evenness, 1.0 / (Agents[0].ActionSpace.Size + 1));
        }
    }

    private bool IsSoft => options.Leader == ContinuousLeader.SoftQ;

    /// <summary>The first agent with an actor.</summary>
    private int First => IsSoft ? 1 : 0;

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        double noise = mode == PolicyMode.Stochastic ? options.ActionNoise : 0;
        if (agent >= First)
        {
            actors[agent].Act(observations, actions, noise, random);
            return;
        }

        // π₁(a₁ | s) ∝ exp(Q₁(s, a₁, μ₂(s, a₁), …) / α) over candidates
        int count = options.Candidates, width = Agents.ActionSize;
        for (int c = 0; c < count; c++)
        {
            Span<double> tried = candidates.AsSpan(c * width, width);
            Spread(c, tried, mode == PolicyMode.Greedy ? null : random);
            for (int k = 1; k < actors.Length; k++)
            {
                actors[k].Act(observations, tried, noise: 0, random);
            }

            preferences[c] = critics[0].ValueOf(observations, tried) / options.Temperature;
        }

        Agents.ActionOf(0, candidates.AsSpan(Prefer(mode, random) * width, width)).CopyTo(Agents.ActionOf(0, actions));
    }

    /// <summary>Q_i(o_i, a).</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => critics[agent].ValueOf(observations, actions);

    /// <inheritdoc/>
    protected override void Learn(JointBatch batch)
    {
        // a_i′ = μ̄_i(s′, a_1′, …, a_{i−1}′), one level after the other
        ReadOnlySpan<double> next = batch.AllTerminated ? [] : Following(batch);
        for (int i = 0; i < critics.Length; i++)
        {
            // δ_i = r_i + γ (1 − terminated) Q̄_i(s′, a′) − Q_i(s, a);   φ_i ← φ_i − α ∇ mean Huber(δ_i)
            Losses[i] = critics[i].Regress(batch, critics[i].Targets(batch, next), Updates);
        }

        for (int i = First; i < actors.Length; i++)
        {
            // θ_i ← θ_i + α ∇μ_i(s, a_1, …, a_{i−1}) dQ_i(s, a_1, …, a_{i−1}, μ_i, μ_{i+1}, …)/da_i, or ∂Q_i/∂a_i
            Improve(i, batch);
        }
    }

    private void Improve(int agent, JointBatch batch)
    {
        int width = Agents.ActionSize;
        for (int r = 0; r < batch.Rows; r++)
        {
            batch.Actions(r).CopyTo(joint.AsSpan(r * width, width));
        }

        Answer(batch, agent, batch.Rows, 1, target: false, next: false, joint);
        for (int r = 0; r < batch.Rows; r++)
        {
            critics[agent].Write(r, batch.Observations(r), joint.AsSpan(r * width, width));
        }

        critics[agent].Network.Forward(batch.Rows);
        Matrix<T> slopes = critics[agent].ActionGradient(batch.Rows);
        for (int k = actors.Length - 1; options.Derivative == LevelDerivative.Total && k > agent; k--)
        {
            actors[k].PassBack(batch.Rows, slopes);
        }

        actors[agent].Ascend(batch, slopes, Updates);
    }

    private ReadOnlySpan<double> Following(JointBatch batch)
    {
        int width = Agents.ActionSize, count = options.Candidates;
        if (!IsSoft)
        {
            Answer(batch, 0, batch.Rows, 1, target: true, next: true, joint);
            return joint.AsSpan(0, batch.Rows * width);
        }

        int rows = batch.Rows * count;
        for (int c = 0; c < rows; c++)
        {
            Spread(c % count, candidates.AsSpan(c * width, width), draws);
        }

        Answer(batch, 1, rows, count, target: true, next: true, candidates);
        for (int c = 0; c < rows; c++)
        {
            critics[0].Write(c, batch.NextObservations(c / count), candidates.AsSpan(c * width, width));
        }

        critics[0].Network.Forward(rows, target: true);
        for (int r = 0; r < batch.Rows; r++)
        {
            for (int c = 0; c < count; c++)
            {
                preferences[c] = critics[0][(r * count) + c] / options.Temperature;
            }

            candidates.AsSpan(((r * count) + Prefer(PolicyMode.Stochastic, draws)) * width, width).CopyTo(joint.AsSpan(r * width, width));
        }

        return joint.AsSpan(0, batch.Rows * width);
    }

    /// <summary>Fills in the actions from an agent on, level by level.</summary>
    /// <param name="per">Joint actions per transition.</param>
    private void Answer(JointBatch batch, int from, int rows, int per, bool target, bool next, Span<double> actions)
    {
        int width = Agents.ActionSize;
        for (int k = from; k < actors.Length; k++)
        {
            for (int c = 0; c < rows; c++)
            {
                actors[k].Write(c, next ? batch.NextObservations(c / per) : batch.Observations(c / per), actions.Slice(c * width, width));
            }

            actors[k].Network.Forward(rows, target);
            for (int c = 0; c < rows; c++)
            {
                actors[k].Read(c, actions.Slice(c * width, width));
            }
        }
    }

    /// <summary>A candidate of the leader: uniform, or of greedy play one of an even grid, of several numbers one of a sequence that fills the box evenly.</summary>
    private void Spread(int candidate, Span<double> actions, RandomStream? random)
    {
        BoxSpace box = (BoxSpace)Agents[0].ActionSpace;
        Span<double> own = Agents.ActionOf(0, actions);
        if (random is not null)
        {
            box.Sample(random, own);
            return;
        }

        // additive recurrence with the root of x^{d+1} = x + 1 (Roberts 2018)
        double step = 1;
        for (int i = 0; i < own.Length; i++)
        {
            step /= evenness;
            double share = own.Length == 1 ? candidate / (options.Candidates - 1.0) : (0.5 + ((candidate + 1) * step)) % 1;
            own[i] = (box.Low[i] * (1 - share)) + (box.High[i] * share);
        }
    }

    private int Prefer(PolicyMode mode, RandomStream random)
    {
        if (mode == PolicyMode.Greedy)
        {
            return SoftChoice.Largest(preferences);
        }

        SoftChoice.Probabilities<double>(preferences, preferences);
        return SoftChoice.Draw(preferences, random);
    }
}
