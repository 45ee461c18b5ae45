using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of TD3, without a leader or with one.</summary>
public sealed record Td3Options : OffPolicyOptions
{
    /// <summary>σ̃</summary>
    [Option("Standard deviation of the noise on the target's action, in units of half the action range.", Minimum = 0, Maximum = 10)]
    public double TargetNoise { get; init; } = 0.2;

    /// <summary>c</summary>
    [Option("Largest noise on the target's action, in units of half the action range.", Minimum = 0, Maximum = 10)]
    public double NoiseClip { get; init; } = 0.5;

    /// <summary>d</summary>
    [Option("Critic updates per update of the actor and of the target networks.", Minimum = 1, Maximum = 1e6)]
    public int PolicyDelay { get; init; } = 2;
}

/// <summary>
/// Twin delayed deep deterministic policy gradient (TD3). With a leader: STD3 and FSTD3, whose actor anticipates the first critic.
/// </summary>
/// <remarks>
/// Fujimoto, van Hoof, Meger: Addressing Function Approximation Error in Actor-Critic Methods (ICML 2018), algorithm 1. The leader as in
/// <see cref="Ddpg{T}"/>.
/// </remarks>
public sealed class Td3<T> : Learner<T>, ILeaderSnapshots
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeterministicActor<T> policy;
    private readonly Player<T> actor;
    private readonly QCritics<T> critics;
    private readonly Replay<T> replay;
    private readonly ReplayObjectives<T> objectives;
    private readonly Round<T> round;
    private readonly Td3Options options;

    /// <summary>Builds networks, buffer, objectives and the order of play.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds, or the options contradict each other.</exception>
    public Td3(AlgorithmContext context, Td3Options options)
        : base(context)
    {
        OptionsCheck.Require(options, OffPolicyFaults.Of);
        this.options = options;
        policy = new DeterministicActor<T>(context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor"));
        actor = Keep("actor", new Player<T>("actor", policy.Layout.Parameters, policy.Parameters, options.Actor, options.Polyak) { Delay = options.PolicyDelay });
        critics = new QCritics<T>(2, context, policy, options, Parallelism, trackingDelay: options.PolicyDelay);
        Keep("critic", critics.Player);
        replay = Keep("replay", new Replay<T>(context, policy, options));
        RandomStream noise = Keep("smoothing_stream", context.Random.Split("smoothing"));
        objectives = new ReplayObjectives<T>(policy, actor, critics, 1, replay.Batch, options, noise, Parallelism)
        {
            Smoothing = new TargetSmoothing(policy, options),
        };
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

            // a′ = clip(μ′(s′) + clip(ε, −c, c));  y = r + γ (1 − terminated) min_k Q′_k(s′, a′)
            // w_k ← w_k − α_w ∂L/∂w_k,  L = Σ_k mean (Q_k(s, a) − y)²
            // every d-th time θ ← θ − α_θ ∂f_A/∂θ,  f_A = −mean Q_1(s, μ_θ(s)), or with leader=actor θ ← θ − α_θ D f_A;  θ′ and w_k′ follow
            loss = round.Play(Steps, Clock, sink).CriticBefore(options.Leading.Leader);
        }

        if (replay.UpdatesDue > 0)
        {
            sink.Metric("critic/loss_before", Finite("the critic's loss", loss));
            sink.Metric("critic/target_mean", objectives.MeanTarget());
            sink.Metric("actor/gradient_norm", Finite("the norm of the actor's gradient", Vectors.Norm<T>(actor.Gradient.Span)));
        }
    }

    /// <summary>a′ ← clip(a′ + clip(ε, −c, c)), to the box of actions; clipped actions do not move with the actor.</summary>
    private sealed class TargetSmoothing(DeterministicActor<T> policy, Td3Options options) : ITargetSmoothing<T>
    {
        private readonly T[] draws = new T[options.BatchSize * policy.ActionSize];
        private readonly bool[] clipped = new bool[options.BatchSize * policy.ActionSize];

        public ReadOnlySpan<T> Draws => draws;

        public void Apply(Matrix<T> nextInputs, int rows, RandomStream noise, bool redraw)
        {
            if (redraw)
            {
                noise.FillNormals(draws.AsSpan());
            }

            ReadOnlySpan<T> half = policy.HalfRange;
            ReadOnlySpan<T> centre = policy.Centre;
            (T deviation, T limit) = (T.CreateTruncating(options.TargetNoise), T.CreateTruncating(options.NoiseClip));
            int k = 0;
            for (int i = 0; i < rows; i++)
            {
                Span<T> action = nextInputs.Row(i)[policy.Layout.Inputs..];
                for (int j = 0; j < action.Length; j++, k++)
                {
                    T moved = action[j] + (half[j] * T.Clamp(deviation * draws[k], -limit, limit));
                    action[j] = T.Clamp(moved, centre[j] - half[j], centre[j] + half[j]);
                    clipped[k] = action[j] != moved;
                }
            }
        }

        public void Mask(Matrix<T> cotangents)
        {
            int k = 0;
            for (int i = 0; i < cotangents.Rows; i++)
            {
                Span<T> row = cotangents.Row(i);
                for (int j = 0; j < row.Length; j++, k++)
                {
                    row[j] = clipped[k] ? T.Zero : row[j];
                }
            }
        }
    }
}
