using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of SAC.</summary>
public record SacOptions : OffPolicyOptions
{
    /// <summary>Targets at the current actor's actions, and no noise beside the actor's own.</summary>
    public SacOptions() => (TargetPolicy, ActionNoise) = (TargetPolicy.Current, 0);

    /// <summary>α</summary>
    [Option("Temperature α, the weight of the entropy; where it begins with autotune.", Minimum = 0, Maximum = 1e6)]
    public double Temperature { get; init; } = 0.2;

    /// <summary>Whether α is learned.</summary>
    [Option("Whether the temperature is tuned so that the actor keeps its target entropy.")]
    public bool Autotune { get; init; }

    /// <summary>H̄ per action.</summary>
    [Option("Target entropy for each number of an action, in nats and units of half the action range; used with autotune.", Minimum = -100, Maximum = 100)]
    public double TargetEntropy { get; init; } = -1;

    /// <summary>α_α</summary>
    [Option("Learning rate of Adam on log α; used with autotune.", Minimum = 0, ExclusiveMinimum = true)]
    public double TemperatureLearningRate { get; init; } = 1e-3;
}

/// <summary>Soft actor-critic; with a leader in its options, ST-SAC (<see cref="StackelbergUpdate{T}"/>).</summary>
/// <remarks>
/// Haarnoja, Zhou, Abbeel, Levine: Soft Actor-Critic: Off-Policy Maximum Entropy Deep Reinforcement Learning with a Stochastic Actor (ICML 2018); the form
/// without a state value function and with a tuned temperature of Haarnoja et al.: Soft Actor-Critic Algorithms and Applications (2018), algorithm 1.
/// </remarks>
public sealed class Sac<T> : OffPolicyLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SacOptions options;
    private readonly double targetEntropy;
    private readonly FlatVector<double> logTemperature = new(1);
    private readonly FlatVector<double> logTemperatureGradient = new(1);
    private readonly Adam<double> temperatureOptimiser;
    private double entropy;

    /// <summary>Builds networks, optimisers, buffer and collector.</summary>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds, or targets are wanted at a target actor's actions.</exception>
    public Sac(AlgorithmContext context, SacOptions options)
        : base(
            context,
            options,
            new SquashedGaussianActor<T>(
                context.Environment.ObservationSpace, context.Environment.ActionSpace, options.Actor, context.Random.Split("actor")),
            critics: 2,
            actorCritics: 2)
    {
        if (options.TargetPolicy != TargetPolicy.Current)
        {
            throw new NotSupportedException("SAC has no target actor; set target_policy=current.");
        }

        this.options = options;
        targetEntropy = options.TargetEntropy * Actor.ActionSize;
        logTemperature[0] = Math.Log(options.Temperature);
        temperatureOptimiser = new Adam<double>(1, options.TemperatureLearningRate);
    }

    /// <inheritdoc/>
    internal override bool HasTargetActor => false;

    /// <inheritdoc/>
    private protected override string FurtherAdvice => base.FurtherAdvice + (options.Autotune ? ", with autotune a smaller temperature_learning_rate" : "");

    /// <summary>α</summary>
    internal override double Temperature => options.Autotune ? Math.Exp(logTemperature[0]) : options.Temperature;

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        // shown as a metric until the next actor step
        writer.Write("entropy", entropy);
        if (options.Autotune)
        {
            writer.Write("log_temperature", logTemperature[0]);
            writer.Write("temperature_optimiser", temperatureOptimiser);
        }
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        entropy = reader.ReadDouble("entropy");
        if (options.Autotune)
        {
            logTemperature[0] = reader.ReadDouble("log_temperature");
            reader.Read("temperature_optimiser", temperatureOptimiser);
        }
    }

    /// <inheritdoc/>
    internal override double Update(long update)
    {
        // y = r + γ (1 − terminated) (min_k Q′_k(s′, a′) − α log π(a′ | s′)), a′ ~ π_θ(s′)
        BellmanTargets();

        // w_k ← w_k − α_w ∂/∂w_k mean (Q_k(s, a) − y)²; w_k′ ← ρ w_k′ + (1 − ρ) w_k
        double loss = CriticGradients();
        StepCritics(track: true);

        // θ ← θ − α_θ ∂/∂θ mean (α log π_θ(a | s) − min_k Q_k(s, a)), a = a_θ(s, ε)
        ActorLossGradient();
        StepActor(track: false);
        return loss;
    }

    /// <summary>log α ← log α − α_α ∂/∂log α mean α (−log π(a | s) − H̄), at the actions of the actor's step.</summary>
    internal override void ActorStepped()
    {
        entropy = MeanEntropy();
        if (options.Autotune)
        {
            logTemperatureGradient[0] = Temperature * (entropy - targetEntropy);
            temperatureOptimiser.Step(logTemperature, logTemperatureGradient);
        }
    }

    /// <inheritdoc/>
    private protected override void Report(ITrainingSink sink)
    {
        sink.Metric("actor/entropy", entropy);
        sink.Metric("actor/temperature", Temperature);
    }

    /// <summary>−mean log π(a | s).</summary>
    private double MeanEntropy()
    {
        double sum = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            sum -= double.CreateTruncating(AtObservations.LogProbabilities[i]);
        }

        return sum / Batch.Rows;
    }
}
