using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of TD3.</summary>
public record Td3Options : OffPolicyOptions
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

/// <summary>Twin delayed deep deterministic policy gradient; with a leader in its options, STD3 or FSTD3 (<see cref="StackelbergUpdate{T}"/>).</summary>
/// <remarks>Fujimoto, van Hoof, Meger: Addressing Function Approximation Error in Actor-Critic Methods (ICML 2018), algorithm 1.</remarks>
public sealed class Td3<T> : OffPolicyLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Td3Options options;
    private readonly T[] noise;
    private readonly bool[] clipped;

    /// <summary>Builds networks, optimisers, buffer and collector.</summary>
    public Td3(AlgorithmContext context, Td3Options options)
        : base(
            context,
            options,
            new DeterministicActor<T>(
                context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor")),
            critics: 2,
            actorCritics: 1)
    {
        this.options = options;
        noise = new T[options.BatchSize * Actor.ActionSize];
        clipped = new bool[options.BatchSize * Actor.ActionSize];
    }

    /// <inheritdoc/>
    internal override ReadOnlySpan<T> SmoothingNoise => noise;

    /// <inheritdoc/>
    internal override double Update(long update)
    {
        // y = r + γ (1 − terminated) min_i Q′_i(s′, clip(μ′(s′) + clip(ε, −c, c)))
        BellmanTargets();

        // w_i ← w_i − α_w ∂/∂w_i mean (Q_i(s, a) − y)²; every d-th time w_i′ ← ρ w_i′ + (1 − ρ) w_i
        double loss = CriticGradients();
        StepCritics(track: MovesTargets(update));

        // every d-th time θ ← θ + α_θ ∂/∂θ mean Q_1(s, μ_θ(s)); θ′ ← ρ θ′ + (1 − ρ) θ
        if (MovesActor(update))
        {
            ActorLossGradient();
            StepActor(track: true);
        }

        return loss;
    }

    /// <inheritdoc/>
    internal override bool MovesActor(long update) => (update + 1) % options.PolicyDelay == 0;

    /// <inheritdoc/>
    internal override bool MovesTargets(long update) => MovesActor(update);

    /// <summary>a′ ← clip(a′ + clip(ε, −c, c)), to the box of actions.</summary>
    private protected override void AlterNextActions()
    {
        NoiseStream.FillNormals(noise.AsSpan());
        ReadOnlySpan<T> half = Actor.HalfRange;
        ReadOnlySpan<T> centre = Actor.Centre;
        (T deviation, T limit) = (T.CreateTruncating(options.TargetNoise), T.CreateTruncating(options.NoiseClip));
        int k = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            Span<T> action = NextInputs.Row(i)[Actor.Layout.Inputs..];
            for (int j = 0; j < action.Length; j++, k++)
            {
                T moved = action[j] + (half[j] * T.Clamp(deviation * noise[k], -limit, limit));
                action[j] = T.Clamp(moved, centre[j] - half[j], centre[j] + half[j]);
                clipped[k] = action[j] != moved;
            }
        }
    }

    /// <summary>A next action at the edge of the box does not move with the actor.</summary>
    private protected override void MaskNextActions(Matrix<T> cotangents)
    {
        int k = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            Span<T> row = cotangents.Row(i);
            for (int j = 0; j < row.Length; j++, k++)
            {
                row[j] = clipped[k] ? T.Zero : row[j];
            }
        }
    }
}
