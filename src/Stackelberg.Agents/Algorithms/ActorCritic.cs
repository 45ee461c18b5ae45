using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>The sampled objectives that exist for actor-critic with a total derivative.</summary>
public enum ActorCriticForm
{
    /// <summary>The released code: critic V_w, J's gradient is the mean of ∇log π times normalised GAE advantages over all steps.</summary>
    Official,

    /// <summary>Proposition 1: critic V_w, mean over trajectories of Σ_t γᵗ ∇log π(a_t|s_t) Q^π(s_t, a_t), Q^π the return to go.</summary>
    Paper,

    /// <summary>Theorem 1: critic Q_w(s, a), mean over trajectories of Σ_t γᵗ ∇log π(a_t|s_t) Q_w(s_t, a_t).</summary>
    PaperQ,
}

/// <summary>Options of AC, and of STAC: AC with a leader.</summary>
public sealed record AcOptions
{
    /// <summary>Sampled objectives.</summary>
    [Option("The sampled objectives: those of the released code, of Proposition 1 (V critic) or of Theorem 1 (Q critic).")]
    public ActorCriticForm Form { get; init; } = ActorCriticForm.Official;

    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>λ of GAE.</summary>
    [Option("λ of generalised advantage estimation.", Minimum = 0, Maximum = 1)]
    public double GaeLambda { get; init; } = 0.97;

    /// <summary>Steps between updates.</summary>
    [Option("Environment steps collected per iteration.", Minimum = 1, Maximum = 1e7)]
    public int StepsPerIteration { get; init; } = 4000;

    /// <summary>Copies of the environment.</summary>
    [Option("Copies of the environment that share the steps of an iteration.", Minimum = 1, Maximum = 4096)]
    public int Environments { get; init; } = 1;

    /// <summary>Time limits.</summary>
    [Option("Whether an episode cut by its time limit is bootstrapped with the critic's value or counts as terminated.")]
    public TimeLimit TimeLimit { get; init; } = TimeLimit.Bootstrap;

    /// <summary>Arithmetic.</summary>
    [Option("Arithmetic of networks and updates.")]
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Actor.</summary>
    public ActorOptions Actor { get; init; } = new();

    /// <summary>Critic.</summary>
    public CriticOptions Critic { get; init; } = new();

    /// <summary>The leader.</summary>
    [InlineOptions]
    public LeaderOptions Leading { get; init; } = new();

    /// <summary>What no range can say, with the key first.</summary>
    internal static IEnumerable<(string Key, string Message)> FaultsOf(AcOptions options)
    {
        if (options is { Leading.Leader: LeaderRole.Critic, Form: ActorCriticForm.Paper })
        {
            yield return ("leader", "critic cannot lead in the form 'paper': there J does not depend on the critic. Use form official or paper-q.");
        }

        foreach ((string Key, string Message) fault in OnPolicyFaults.Of(options.Leading, options.Critic))
        {
            yield return fault;
        }
    }

    /// <summary>Settings that differ from their defaults and that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> UnreadOf(AcOptions options) =>
        [.. options.Actor.Unread("actor"), .. options.Critic.Unread("critic"), .. HypergradientFaults.UnreadOf(options.Leading)];
}

/// <summary>
/// Actor-critic (AC), the baseline of the STAC paper: θ ← θ + α_θ ∂J/∂θ, then k times w ← w − α_w ∂L/∂w (eqs. 9, 10). With a leader it is Stackelberg
/// actor-critic (STAC): the leader descends D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁ (eq. 19).
/// </summary>
/// <remarks>
/// J is ascended as f_A = −J; L(w) is the mean of (V_w(s_t) − R_t)² over the rollout, whose dependence on θ is that of the visited returns. What each form
/// amounts to: docs/algorithms/stac.md. Zheng, Fiez, Alumbaugh, Chasnov, Ratliff: Stackelberg Actor-Critic: Game-Theoretic Reinforcement Learning
/// Algorithms (AAAI 2022), and its workshop version.
/// </remarks>
public sealed class ActorCritic<T> : Learner<T>, ILeaderSnapshots
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AcOptions options;
    private readonly StochasticActor<T> policy;
    private readonly Critic<T> values;
    private readonly Player<T> actor;
    private readonly Player<T> critic;
    private readonly Collector collector;
    private readonly RandomStream actionStream;
    private readonly RandomStream bootstrapStream;
    private readonly double[] bootstrapAction;
    private readonly Rollout<T> rollout;
    private readonly RolloutObjectives<T> objectives;
    private readonly Round<T> round;
    private readonly ChooseAction choose;
    private readonly TakeTransition take;

    /// <summary>Builds networks, collector, objectives and the order of play.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is no actor for the action space, or the options contradict each other.</exception>
    public ActorCritic(AlgorithmContext context, AcOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, AcOptions.FaultsOf);
        this.options = options;
        Space observations = context.Environment.ObservationSpace, actions = context.Environment.ActionSpace;
        int rows = (int)Math.Min(options.StepsPerIteration, Math.Max(1, context.TotalTimesteps));
        policy = StochasticActor<T>.For(observations, actions, options.Actor, rows, context.Random.Split("actor"), Parallelism);
        values = new Critic<T>(
            observations, options.Form == ActorCriticForm.PaperQ ? actions : null, options.Critic, rows, context.Random.Split("critic"), Parallelism);
        actor = Keep("actor", new Player<T>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor));
        critic = Keep("critic", new Player<T>("critic", values.Layout.Parameters, values.Parameters, options.Critic));
        if (values.Features is { } features)
        {
            Keep("critic_features", features);
        }

        collector = Keep("collector", new Collector(context, options.Environments));
        actionStream = Keep("action_stream", context.Random.Split("actions"));
        bootstrapStream = Keep("bootstrap_stream", context.Random.Split("bootstrap"));
        bootstrapAction = new double[actions.Size];
        rollout = new Rollout<T>(rows, observations.Size, policy.ActionSize);
        (choose, take) = (Choose, Take);

        objectives = new RolloutObjectives<T>(policy, actor, values, critic, rollout, options);
        var problem = new ActorCriticProblem<T>(objectives, options.Leading.Leader);
        round = Keep("round", options.Leading.Leader switch
        {
            LeaderRole.None => new Round<T>(problem, actor, critic, null, context.Random, context.Solvers, Math.Max(1, context.TotalTimesteps)) { Order = PlayOrder.LeaderFirst, FollowerSteps = options.Critic.Updates },
            LeaderRole.Actor => new Round<T>(problem, actor, critic, options.Leading.Hypergradient, context.Random, context.Solvers, Math.Max(1, context.TotalTimesteps))
            {
                Order = PlayOrder.LeaderFirst,
                FollowerSteps = options.Critic.Updates,
            },
            _ => new Round<T>(problem, critic, actor, options.Leading.Hypergradient, context.Random, context.Solvers, Math.Max(1, context.TotalTimesteps))
            {
                Order = PlayOrder.Simultaneous,
                LeaderSteps = options.Critic.Updates,
            },
        });
    }

    /// <inheritdoc/>
    public override long Steps => collector.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy => policy;

    /// <summary>V_w, or Q_w in the form <see cref="ActorCriticForm.PaperQ"/>.</summary>
    internal Critic<T> Values => values;

    /// <summary>The steps of the last collecting.</summary>
    internal Rollout<T> Rollout => rollout;

    /// <summary>The order of play.</summary>
    internal Round<T> Round => round;

    /// <summary>Takes steps without learning.</summary>
    internal void Fill(int steps, ITrainingSink sink) => Fill(steps, take, sink);

    /// <inheritdoc/>
    public LeaderGradientSnapshot TakeSnapshot()
    {
        LeaderGradientSnapshot.Require(options.Leading);
        var ends = new RecordedEnds<T>(rollout, take, options.TimeLimit, values.TakesActions ? bootstrapAction : null);
        Fill(rollout.Capacity, ends.Take, new SilentSink());
        return OnPolicySnapshot.Of(this, options, policy, values, objectives, ends);
    }

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) => Fill((int)Math.Min(rollout.Capacity, maximumSteps), sink);

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        // leader=none:   θ ← θ − α_θ ∂f_A/∂θ;  k times w ← w − α_w ∂L/∂w
        // leader=actor:  θ ← θ − α_θ D f_A;    k times w ← w − α_w ∂L/∂w
        // leader=critic: θ ← θ − α_θ ∂f_A/∂θ;  k times w ← w − α_w D L, the implicit term that of the first step
        RoundLosses losses = round.Play(Steps, Clock, sink);
        sink.Metric("actor/gradient_norm", Finite("the norm of the actor's gradient", Vectors.Norm<T>(actor.Gradient.Span)));
        sink.Metric("actor/entropy_before", objectives.MeanEntropy);
        sink.Metric("critic/loss_before", losses.CriticBefore(options.Leading.Leader));
        sink.Metric("critic/loss_before_last", Finite("the critic's loss", losses.CriticBeforeLast(options.Leading.Leader)));
    }

    private void Fill(int steps, TakeTransition take, ITrainingSink sink)
    {
        // every trajectory starts at an initial observation; the last one of each copy is cut and bootstrapped
        rollout.Clear();
        collector.Restart();
        collector.Collect(steps, choose, take, sink, Clock);
    }

    private void Choose(int copy, ReadOnlySpan<double> observation, Span<double> action)
    {
        policy.Draw(observation, action, PolicyMode.Stochastic, actionStream);
        rollout.Begin(observation, action);
        policy.ToEnvironment(action);
    }

    private void Take(in Transition t)
    {
        bool cut = !t.Result.Ended && t.IsLast;
        bool terminal = t.Result.Terminated || (t.Result.Truncated && options.TimeLimit == TimeLimit.Terminal);
        rollout.Complete(t.Result.Reward, t.Result.Ended || cut, isComplete: t.Result.Ended, terminal || !(t.Result.Ended || cut) ? 0 : Bootstrap(t.NextObservation));
    }

    /// <summary>The value of an observation where a trajectory was cut: V_w(s), or Q_w(s, a) with a fresh action.</summary>
    private double Bootstrap(ReadOnlySpan<double> observation)
    {
        if (!values.TakesActions)
        {
            return values.ValueOf(observation);
        }

        policy.Draw(observation, bootstrapAction, PolicyMode.Stochastic, bootstrapStream);
        return values.ValueOf(observation, bootstrapAction);
    }
}
