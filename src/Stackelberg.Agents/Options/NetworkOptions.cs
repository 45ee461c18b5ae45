using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Primitives;
using System.Numerics;

namespace Stackelberg.Agents;

/// <summary>How network weights start.</summary>
public enum Initialisation
{
    /// <summary>Weights and biases uniform in ±1/√fan-in, as PyTorch's linear layers; used by the STAC and ST-DDPG code.</summary>
    Pytorch,

    /// <summary>Orthogonal weights with gain √2 in hidden layers and a small gain in the head, zero biases; used by the BLPO code.</summary>
    Orthogonal,

    /// <summary>Weights uniform in ±√(6 / (fan-in + fan-out)), zero biases (Glorot and Bengio 2010), as Keras' dense layers; used by the Bi-AC code.</summary>
    Glorot,
}

/// <summary>Which optimiser takes the steps.</summary>
public enum OptimiserKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Plain gradient steps.</summary>
    Sgd,

    /// <summary>RMSprop (Tieleman and Hinton 2012) with decay 0.99, as A2C uses it.</summary>
    RmsProp,
}

/// <summary>How a learning rate changes over training.</summary>
public enum RateSchedule
{
    /// <summary>The same throughout.</summary>
    Constant,

    /// <summary>α + (α_final − α) t / total, t in environment steps.</summary>
    Linear,

    /// <summary>α exp(−t / decay), t in environment steps.</summary>
    Exponential,
}

/// <summary>Arithmetic of networks and updates.</summary>
public enum Precision
{
    /// <summary>32-bit: fast.</summary>
    Single,

    /// <summary>64-bit: to verify.</summary>
    Double,
}

/// <summary>A player's network, its optimiser and the schedule of its learning rate.</summary>
public record NetworkOptions
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
    [Option("Optimiser of the network.")]
    public OptimiserKind Optimiser { get; init; } = OptimiserKind.Adam;

    /// <summary>ε of the optimiser.</summary>
    [Option("ε that Adam and RMSprop add to the root of the second moment.", Minimum = 0, ExclusiveMinimum = true, Maximum = 1)]
    public double OptimiserEpsilon { get; init; } = 1e-8;

    /// <summary>α</summary>
    [Option("Learning rate α, at the start where it has a schedule.", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Schedule of α.</summary>
    [Option("How the learning rate changes over training: not at all, linearly to final_learning_rate at the last step, or by 1/e every learning_rate_decay steps.")]
    public RateSchedule LearningRateSchedule { get; init; } = RateSchedule.Constant;

    /// <summary>α at the end of a linear schedule.</summary>
    [Option("Learning rate at the end of training; read with learning_rate_schedule=linear.", Minimum = 0)]
    public double FinalLearningRate { get; init; }

    /// <summary>Time constant of an exponential schedule.</summary>
    [Option("Environment steps after which the learning rate has fallen to 1/e; read with learning_rate_schedule=exponential.", Minimum = 0, ExclusiveMinimum = true)]
    public double LearningRateDecay { get; init; } = 1e6;

    /// <summary>α at an environment step.</summary>
    /// <param name="step">Environment steps so far.</param>
    /// <param name="total">Planned environment steps.</param>
    internal double RateAt(long step, long total) => LearningRateSchedule switch
    {
        RateSchedule.Linear => LearningRate + ((FinalLearningRate - LearningRate) * Math.Min(step, total) / total),
        RateSchedule.Exponential => LearningRate * Math.Exp(-step / LearningRateDecay),
        _ => LearningRate,
    };

    /// <summary>Settings of the schedule that differ from their defaults and that the schedule chosen does not read.</summary>
    /// <param name="group">The key of these options, such as <c>actor</c>.</param>
    internal IEnumerable<(string Key, string Message)> Unread(string group)
    {
        if (Optimiser == OptimiserKind.Sgd && OptimiserEpsilon != 1e-8)
        {
            yield return ($"{group}.optimiser_epsilon", $"{group}.optimiser=sgd has none.");
        }

        if (LearningRateSchedule != RateSchedule.Linear && FinalLearningRate != 0)
        {
            yield return ($"{group}.final_learning_rate", $"it is the end of {group}.learning_rate_schedule=linear.");
        }

        if (LearningRateSchedule != RateSchedule.Exponential && LearningRateDecay != 1e6)
        {
            yield return ($"{group}.learning_rate_decay", $"it belongs to {group}.learning_rate_schedule=exponential.");
        }
    }

    /// <summary>Fills a network's parameters.</summary>
    /// <param name="headGain">Gain of an orthogonal head.</param>
    internal void Fill<T>(MlpLayout layout, FlatVector<T> parameters, RandomStream random, double headGain)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Initialisation == Initialisation.Pytorch)
        {
            MlpInitialisation.PyTorchDefault(layout, parameters, random);
        }
        else if (Initialisation == Initialisation.Glorot)
        {
            MlpInitialisation.Glorot(layout, parameters, random);
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

/// <summary>A stochastic actor over discrete or unbounded actions.</summary>
public sealed record ActorOptions : NetworkOptions
{
    /// <summary>Initial log σ of Gaussian actors.</summary>
    [Option("Initial log standard deviation of a Gaussian actor; one per action, independent of the observation.", Minimum = -20, Maximum = 5)]
    public double LogStd { get; init; } = -0.5;

    /// <summary>Clip to the action space.</summary>
    [Option("Clip continuous actions to the action space before the environment sees them.")]
    public bool ClipActions { get; init; } = true;
}

/// <summary>What a critic learns.</summary>
public enum CriticFeatures
{
    /// <summary>All layers.</summary>
    Learned,

    /// <summary>
    /// The output layer alone: hidden layers stay as they start, so that the critic is linear on fixed features and its squared error quadratic.
    /// </summary>
    Fixed,
}

/// <summary>A critic that takes several steps per iteration.</summary>
public sealed record CriticOptions : NetworkOptions
{
    /// <summary>Features.</summary>
    [Option("Whether all layers of the critic learn, or the output layer alone, on the fixed features that the hidden layers start with.")]
    public CriticFeatures Features { get; init; } = CriticFeatures.Learned;

    /// <summary>k</summary>
    [Option("Critic steps per update, the follower's unrolling k: per iteration of AC, per minibatch of PPO.", Minimum = 1)]
    public int Updates { get; init; } = 10;
}
