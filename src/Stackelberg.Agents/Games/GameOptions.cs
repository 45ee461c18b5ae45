namespace Stackelberg.Agents.Games;

/// <summary>What methods with networks and a replay buffer have in common.</summary>
public record GameOptions
{
    /// <summary>γ</summary>
    [Option("Discount γ.", Minimum = 0, Maximum = 1)]
    public double Gamma { get; init; } = 0.99;

    /// <summary>Exploration.</summary>
    public ExplorationOptions Exploration { get; init; } = new() { RandomSteps = 500, Decay = 0.999999 };

    /// <summary>Capacity.</summary>
    [Option("Joint transitions that the replay buffer keeps.", Minimum = 1, Maximum = 100e6)]
    public int BufferSize { get; init; } = 10_000;

    /// <summary>Batch.</summary>
    [Option("Joint transitions per update, drawn uniformly with replacement.", Minimum = 1, Maximum = 1e6)]
    public int BatchSize { get; init; } = 512;

    /// <summary>First update.</summary>
    [Option("Environment steps before the first update; below exploration.random_steps the networks learn from random play already.", Minimum = 1)]
    public long UpdateAfter { get; init; } = 500;

    /// <summary>Steps between updates.</summary>
    [Option("Environment steps between updates.", Minimum = 1)]
    public int UpdateEvery { get; init; } = 1;

    /// <summary>Updates in a row.</summary>
    [Option("Updates in a row, every update_every steps.", Minimum = 1)]
    public int Updates { get; init; } = 1;

    /// <summary>δ of the loss.</summary>
    [Option("δ of the Huber loss: temporal differences beyond it count linearly. Infinity for half the squared error.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double Huber { get; init; } = 1;

    /// <summary>Clipping.</summary>
    [Option("Largest norm of the gradient of each weight matrix and each bias vector; infinity for none.", Minimum = 0, ExclusiveMinimum = true, AllowsInfinity = true)]
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>ρ</summary>
    [Option("Share ρ of the target networks that is kept when they follow.", Minimum = 0, Maximum = 1)]
    public double Polyak { get; init; } = 0.99;

    /// <summary>Updates between target updates.</summary>
    [Option("Updates after which the target networks follow once.", Minimum = 1)]
    public int TargetEvery { get; init; } = 10;

    /// <summary>Factor of rewards.</summary>
    [Option("Factor of rewards in what critics learn; returns are told as they are.", Minimum = 0, ExclusiveMinimum = true)]
    public double RewardScale { get; init; } = 1;

    /// <summary>Steps per iteration.</summary>
    [Option("Environment steps per iteration, with the updates that fall due in them; logs, evaluations and checkpoints fall between iterations.", Minimum = 1)]
    public int StepsPerIteration { get; init; } = 100;

    /// <summary>Copies of the environment.</summary>
    [Option("Copies of the environment that take turns.", Minimum = 1, Maximum = 4096)]
    public int Environments { get; init; } = 1;

    /// <summary>Arithmetic.</summary>
    [Option("Arithmetic of networks and updates.")]
    public Precision Precision { get; init; } = Precision.Single;

    /// <summary>The networks of the papers' games.</summary>
    internal static NetworkOptions Network(double learningRate) => new()
    {
        Hidden = [20, 20],
        Activation = Tensors.Networks.Activation.Relu,
        Initialisation = Initialisation.Glorot,
        LearningRate = learningRate,
        OptimiserEpsilon = 1e-7,
    };

    /// <summary>Half the squared error, linear beyond δ; and its derivative.</summary>
    internal (double Loss, double Slope) LossOf(double error) => Math.Abs(error) <= Huber
        ? (0.5 * error * error, error)
        : (Huber * (Math.Abs(error) - (0.5 * Huber)), Math.Clamp(error, -Huber, Huber)); // NaN stays NaN
}
