using System.Numerics;
using Stackelberg.Agents.Policies;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of DDPG.</summary>
public record DdpgOptions : OffPolicyOptions
{
    /// <summary>Critic updates per update of the actor.</summary>
    [Option("Critic updates per update of the actor; above 1 the critic learns on a faster time scale.", Minimum = 1, Maximum = 1e6)]
    public int PolicyDelay { get; init; } = 1;
}

/// <summary>Deep deterministic policy gradient; with a leader in its options, ST-DDPG, SDDPG or FSDDPG (<see cref="StackelbergUpdate{T}"/>).</summary>
/// <remarks>Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver, Wierstra: Continuous control with deep reinforcement learning (ICLR 2016), algorithm 1.</remarks>
public sealed class Ddpg<T>(AlgorithmContext context, DdpgOptions options)
    : OffPolicyLearner<T>(context, options, MakeActor(context, options), critics: 1, actorCritics: 1)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    internal override double Update(long update)
    {
        // y = r + γ (1 − terminated) Q′(s′, μ′(s′))
        BellmanTargets();

        // w ← w − α_w ∂/∂w mean (Q_w(s, a) − y)²; w′ ← ρ w′ + (1 − ρ) w
        double loss = CriticGradients();
        StepCritics(track: true);

        // θ ← θ + α_θ ∂/∂θ mean Q_w(s, μ_θ(s)); θ′ ← ρ θ′ + (1 − ρ) θ
        if (MovesActor(update))
        {
            ActorLossGradient();
            StepActor(track: true);
        }

        return loss;
    }

    /// <inheritdoc/>
    internal override bool MovesActor(long update) => (update + 1) % options.PolicyDelay == 0;

    private static DeterministicActor<T> MakeActor(AlgorithmContext context, DdpgOptions options) =>
        new(context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor"));
}
