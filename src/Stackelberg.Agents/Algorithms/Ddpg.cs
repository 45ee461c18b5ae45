using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of DDPG, without a leader or with one.</summary>
public sealed record DdpgOptions : OffPolicyOptions
{
    /// <summary>Critic updates per update of the actor.</summary>
    [Option("Critic updates per update of the actor; above 1 the critic learns on a faster time scale.", Minimum = 1, Maximum = 1e6)]
    public int PolicyDelay { get; init; } = 1;
}

/// <summary>
/// Deep deterministic policy gradient (DDPG). With a leader: SDDPG and FSDDPG, where the actor anticipates the critic's loss at its own actions, and
/// ST-DDPG, where it does so through the critic's target.
/// </summary>
/// <remarks>
/// Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver, Wierstra: Continuous control with deep reinforcement learning (ICLR 2016), algorithm 1. The
/// leader: FSDDPG (2021), algorithm 1 and equations 3 to 7; Zheng et al.: Stackelberg Actor-Critic (AAAI 2022). docs/algorithms/off-policy.md.
/// </remarks>
public sealed class Ddpg<T> : Learner<T>, ILeaderSnapshots
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeterministicActor<T> policy;
    private readonly Player<T> actor;
    private readonly QCritics<T> critics;
    private readonly Replay<T> replay;
    private readonly ReplayObjectives<T> objectives;
    private readonly Round<T> round;
    private readonly DdpgOptions options;

    /// <summary>Builds networks, buffer, objectives and the order of play.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds, or the options contradict each other.</exception>
    public Ddpg(AlgorithmContext context, DdpgOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, OffPolicyFaults.Of);
        this.options = options;
        policy = new DeterministicActor<T>(context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor"));
        actor = Keep("actor", new Player<T>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor, options.Polyak) { Delay = options.PolicyDelay });
        critics = new QCritics<T>(1, context, policy, options, Parallelism);
        Keep("critic", critics.Player);
        replay = Keep("replay", new Replay<T>(context, policy, options));
        objectives = new ReplayObjectives<T>(policy, actor, critics, 1, replay.Batch, options, context.Random.Split("smoothing"), Parallelism);
        round = Keep("round", OffPolicyRound.Of(objectives, options.Leading, context));
    }

    /// <inheritdoc/>
    public override long Steps => replay.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy => policy;

    /// <inheritdoc/>
    public override ReplayMemory? ReplayMemory => replay.Buffer.Memory;

    /// <summary>What is collected, and the batch of the last round.</summary>
    internal Replay<T> Replay => replay;

    /// <summary>f_A and L on that batch.</summary>
    internal ReplayObjectives<T> Objectives => objectives;

    /// <summary>The order of play.</summary>
    internal Round<T> Round => round;

    /// <inheritdoc/>
    public LeaderGradientSnapshot TakeSnapshot() => ReplaySnapshot.Of(this, options, policy, critics, replay, objectives, round);

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) => replay.Collect(maximumSteps, sink, Clock);

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        double loss = 0;
        for (int i = 0; i < replay.UpdatesDue; i++)
        {
            replay.Sample();

            // y = r + γ (1 − terminated) Q′(s′, μ′(s′));                        w ← w − α_w ∂L/∂w,  L = mean (Q_w(s, a) − y)²
            // θ ← θ − α_θ ∂f_A/∂θ,  f_A = −mean Q_w(s, μ_θ(s));                 leader=actor:  θ ← θ − α_θ D f_A
            // θ′ ← ρ θ′ + (1 − ρ) θ,  w′ ← ρ w′ + (1 − ρ) w                     leader=critic: w ← w − α_w D L
            loss = round.Play(Steps, Clock, sink).CriticBefore(options.Leading.Leader);
        }

        if (replay.UpdatesDue > 0)
        {
            sink.Metric("critic/loss_before", Finite("the critic's loss", loss));
            sink.Metric("critic/target_mean", objectives.MeanTarget());
            sink.Metric("actor/gradient_norm", Finite("the norm of the actor's gradient", Vectors.Norm<T>(actor.Gradient.Span)));
        }
    }
}
