using System.Numerics;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of DDPG.</summary>
public record DdpgOptions : OffPolicyOptions;

/// <summary>Deep deterministic policy gradient.</summary>
/// <remarks>Lillicrap, Hunt, Pritzel, Heess, Erez, Tassa, Silver, Wierstra: Continuous control with deep reinforcement learning (ICLR 2016), algorithm 1.</remarks>
public sealed class Ddpg<T>(AlgorithmContext context, DdpgOptions options) : OffPolicyLearner<T>(context, options, critics: 1)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    internal override double Update(long update)
    {
        // y = r + γ (1 − terminated) Q′(s′, μ′(s′))
        BellmanTargets();

        // w ← w − α_w ∂/∂w mean (Q_w(s, a) − y)²; w′ ← ρ w′ + (1 − ρ) w
        double loss = Critics[0].LossGradient(Batch.Inputs, Targets, Batch.Rows);
        Critics[0].StepAndTrack(options.Polyak);

        // θ ← θ + α_θ ∂/∂θ mean Q_w(s, μ_θ(s)); θ′ ← ρ θ′ + (1 − ρ) θ
        ActorLossGradient();
        StepActor();
        return loss;
    }

    internal void BellmanTargets()
    {
        Actor.Join(Actor.Target, Batch.NextObservations, Batch.Rows, Joined);
        Bootstrap();
    }
}
