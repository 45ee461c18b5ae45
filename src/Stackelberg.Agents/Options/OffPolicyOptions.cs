using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents;

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

    /// <summary>Copies of the environment.</summary>
    [Option("Copies of the environment that are stepped in turn.", Minimum = 1, Maximum = 4096)]
    public int Environments { get; init; } = 1;

    /// <summary>Actor.</summary>
    public NetworkOptions Actor { get; init; } = Wide([256, 256]);

    /// <summary>Critic.</summary>
    public NetworkOptions Critic { get; init; } = Wide([256, 256]);

    /// <summary>The leader.</summary>
    [InlineOptions]
    public OffPolicyLeaderOptions Leading { get; init; } = new();

    /// <summary>ReLU networks of these widths with learning rate 1e-3.</summary>
    internal static NetworkOptions Wide(int[] hidden) => new() { Hidden = hidden, Activation = Activation.Relu, LearningRate = 1e-3 };
}
