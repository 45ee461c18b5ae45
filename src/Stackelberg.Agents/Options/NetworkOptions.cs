using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents;

/// <summary>How network weights start.</summary>
public enum Initialisation
{
    /// <summary>Weights and biases uniform in ±1/√fan-in, as PyTorch's linear layers; used by the STAC and ST-DDPG code.</summary>
    Pytorch,

    /// <summary>Orthogonal weights with gain √2 in hidden layers and a small gain in the head, zero biases; used by the BLPO code.</summary>
    Orthogonal,
}

/// <summary>Which optimiser takes the steps.</summary>
public enum OptimiserKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Plain gradient steps.</summary>
    Sgd,
}

/// <summary>Arithmetic of networks and updates.</summary>
public enum Precision
{
    /// <summary>32-bit: fast.</summary>
    Single,

    /// <summary>64-bit: to verify.</summary>
    Double,
}

/// <summary>The actor network and its optimiser.</summary>
public sealed record ActorOptions
{
    /// <summary>Widths of hidden layers.</summary>
    [Option("Widths of the hidden layers.", Minimum = 1)]
    public int[] Hidden { get; init; } = [64, 64];

    /// <summary>Hidden activation.</summary>
    [Option("Activation of the hidden layers.")]
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Initial weights.</summary>
    [Option("Initial weights.")]
    public Initialisation Initialisation { get; init; } = Initialisation.Pytorch;

    /// <summary>Optimiser.</summary>
    [Option("Optimiser of the actor.")]
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Adam;

    /// <summary>α_θ</summary>
    [Option("Learning rate of the actor, α_θ.", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Initial log σ of Gaussian actors.</summary>
    [Option("Initial log standard deviation of a Gaussian actor; one per action, independent of the observation.", Minimum = -20, Maximum = 5)]
    public double LogStd { get; init; } = -0.5;

    /// <summary>Clip to the action space.</summary>
    [Option("Clip continuous actions to the action space before the environment sees them.")]
    public bool ClipActions { get; init; } = true;
}

/// <summary>The critic network and its optimiser.</summary>
public sealed record CriticOptions
{
    /// <summary>Widths of hidden layers.</summary>
    [Option("Widths of the hidden layers.", Minimum = 1)]
    public int[] Hidden { get; init; } = [64, 64];

    /// <summary>Hidden activation.</summary>
    [Option("Activation of the hidden layers.")]
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Initial weights.</summary>
    [Option("Initial weights.")]
    public Initialisation Initialisation { get; init; } = Initialisation.Pytorch;

    /// <summary>Optimiser.</summary>
    [Option("Optimiser of the critic.")]
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Adam;

    /// <summary>α_w</summary>
    [Option("Learning rate of the critic, α_w.", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>k</summary>
    [Option("Critic steps per iteration, the follower's unrolling k.", Minimum = 1)]
    public int Updates { get; init; } = 10;
}

/// <summary>Builds what the options name.</summary>
internal static class OptionExtensions
{
    public static IOptimiser<T> Create<T>(this OptimiserKind kind, int length, double learningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        kind == OptimiserKind.Adam ? new Adam<T>(length, learningRate) : new Sgd<T>(length, learningRate);

    public static void Fill<T>(
        this Initialisation kind, MlpLayout layout, FlatVector<T> parameters, RandomStream random, double headGain)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == Initialisation.Pytorch)
        {
            MlpInitialisation.PyTorchDefault(layout, parameters, random);
        }
        else
        {
            Span<double> gains = stackalloc double[layout.Layers];
            gains.Fill(Math.Sqrt(2));
            gains[^1] = headGain;
            MlpInitialisation.Orthogonal(layout, parameters, gains, random);
        }
    }
}
