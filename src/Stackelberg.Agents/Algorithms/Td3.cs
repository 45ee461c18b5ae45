using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Primitives;

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

/// <summary>Twin delayed deep deterministic policy gradient.</summary>
/// <remarks>Fujimoto, van Hoof, Meger: Addressing Function Approximation Error in Actor-Critic Methods (ICML 2018), algorithm 1.</remarks>
public sealed class Td3<T>(AlgorithmContext context, Td3Options options) : OffPolicyLearner<T>(context, options, critics: 2)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RandomStream smoothingStream = context.Random.Split("smoothing");

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write("smoothing_stream", smoothingStream);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        reader.Read("smoothing_stream", smoothingStream);
    }

    /// <inheritdoc/>
    internal override double Update(long update)
    {
        // y = r + γ (1 − terminated) min_i Q′_i(s′, clip(μ′(s′) + clip(ε, −c, c)))
        BellmanTargets();

        // w_i ← w_i − α_w ∂/∂w_i mean (Q_i(s, a) − y)²; every d-th time w_i′ ← ρ w_i′ + (1 − ρ) w_i
        bool delayed = (update + 1) % options.PolicyDelay == 0;
        double loss = 0;
        foreach (QCritic<T> critic in Critics)
        {
            loss += critic.LossGradient(Batch.Inputs, Targets, Batch.Rows) / Critics.Length;
            if (delayed)
            {
                critic.StepAndTrack(options.Polyak);
            }
            else
            {
                critic.Step();
            }
        }

        // every d-th time θ ← θ + α_θ ∂/∂θ mean Q_1(s, μ_θ(s)); θ′ ← ρ θ′ + (1 − ρ) θ
        if (delayed)
        {
            ActorLossGradient();
            StepActor();
        }

        return loss;
    }

    internal void BellmanTargets()
    {
        Actor.Join(Actor.Target, Batch.NextObservations, Batch.Rows, Joined);
        Actor.Smooth(Joined, Batch.Rows, options.TargetNoise, options.NoiseClip, smoothingStream);
        Bootstrap();
    }
}
