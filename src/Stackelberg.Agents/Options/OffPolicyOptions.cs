using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents;

/// <summary>A network of an off-policy method and the learning rate of its Adam.</summary>
public sealed record OffPolicyNetworkOptions
{
    /// <summary>Widths of hidden layers.</summary>
    [Option("Widths of the hidden layers.", Minimum = 1)]
    public int[] Hidden { get; init; } = [256, 256];

    /// <summary>Hidden activation.</summary>
    [Option("Activation of the hidden layers.")]
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>Initial weights.</summary>
    [Option("Initial weights.")]
    public Initialisation Initialisation { get; init; } = Initialisation.Pytorch;

    /// <summary>α</summary>
    [Option("Learning rate of Adam.", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRate { get; init; } = 1e-3;
}

/// <summary>Whose next action the critics' target is bootstrapped at.</summary>
public enum TargetPolicy
{
    /// <summary>The slowly following target actor's.</summary>
    Target,

    /// <summary>The current actor's.</summary>
    Current,
}

/// <summary>What off-policy methods share.</summary>
public record OffPolicyOptions
{
    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>ρ</summary>
    [Option("Share ρ of the target networks that each update keeps: target ← ρ target + (1 − ρ) network.", Minimum = 0, Maximum = 1)]
    public double Polyak { get; init; } = 0.995;

    /// <summary>Next action.</summary>
    [Option("Whose next action the critics' target is bootstrapped at: the target actor's, or the current actor's as in the released ST-DDPG.")]
    public TargetPolicy TargetPolicy { get; init; } = TargetPolicy.Target;

    /// <summary>B</summary>
    [Option("Transitions per update.", Minimum = 1, Maximum = 1e6)]
    public int BatchSize { get; init; } = 100;

    /// <summary>Replay capacity.</summary>
    [Option("Transitions the replay buffer keeps.", Minimum = 1, Maximum = 1e8)]
    public int BufferSize { get; init; } = 1_000_000;

    /// <summary>Steps with random actions.</summary>
    [Option("First environment steps, taken with actions drawn uniformly from the action space.", Minimum = 0, Maximum = 1e9)]
    public int LearningStarts { get; init; } = 10_000;

    /// <summary>Steps before the first update.</summary>
    [Option("Environment steps before the first update.", Minimum = 1, Maximum = 1e9)]
    public int UpdateAfter { get; init; } = 1000;

    /// <summary>Steps per iteration.</summary>
    [Option("Environment steps per iteration, between updates.", Minimum = 1, Maximum = 1e7)]
    public int UpdateEvery { get; init; } = 50;

    /// <summary>Updates per iteration.</summary>
    [Option("Updates per iteration.", Minimum = 1, Maximum = 1e7)]
    public int Updates { get; init; } = 50;

    /// <summary>σ of exploration.</summary>
    [Option("Standard deviation of the exploration noise, in units of half the action range.", Minimum = 0, Maximum = 10)]
    public double ActionNoise { get; init; } = 0.1;

    /// <summary>Arithmetic.</summary>
    [Option("Arithmetic of networks and updates; the replay buffer is single precision always.")]
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>Actor.</summary>
    public OffPolicyNetworkOptions Actor { get; init; } = new();

    /// <summary>Critic.</summary>
    public OffPolicyNetworkOptions Critic { get; init; } = new();
}
