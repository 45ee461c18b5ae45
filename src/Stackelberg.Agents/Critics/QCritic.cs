using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Critics;

/// <summary>Q_w(s, a) with its target network and its Adam.</summary>
public sealed class QCritic<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Adam<T> optimiser;

    /// <summary>Allocates and initialises a critic.</summary>
    public QCritic(
        int observationSize, int actionSize, OffPolicyNetworkOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        Layout = new MlpLayout(observationSize + actionSize, options.Hidden, 1, options.Activation);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Target = new FlatVector<T>(Layout.Parameters.Length);
        Gradient = new FlatVector<T>(Layout.Parameters.Length);
        Linearisation = new Linearisation<T>(Layout, maximumRows, parallelism);
        optimiser = new Adam<T>(Layout.Parameters.Length, options.LearningRate);
        options.Initialisation.Fill(Layout, Parameters, random, headGain: 1);
        Target.CopyFrom(Parameters);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>w</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>w of the target network.</summary>
    public FlatVector<T> Target { get; }

    /// <summary>∂L/∂w of the last update.</summary>
    public FlatVector<T> Gradient { get; }

    /// <summary>The network at the parameters and batch of the last evaluation.</summary>
    public Linearisation<T> Linearisation { get; }

    /// <summary>Gradient ← ∂L/∂w of L = mean (Q_w(s, a) − y)². Returns L.</summary>
    public double LossGradient(Matrix<T> inputs, ReadOnlySpan<T> targets, int rows) =>
        Linearisation.SquaredLossGradient(Parameters, inputs, targets, rows, Gradient);

    /// <summary>w ← Adam(w, Gradient).</summary>
    public void Step() => optimiser.Step(Parameters, Gradient);

    /// <summary>w ← Adam(w, Gradient), and the target follows: target ← ρ target + (1 − ρ) w, in one pass.</summary>
    public void StepAndTrack(double polyak) => optimiser.StepAndTrack(Parameters, Gradient, Target, polyak);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        NetworkState.Save(writer.Group("network"), Layout.Parameters, Parameters);
        NetworkState.Save(writer.Group("target"), Layout.Parameters, Target);
        writer.Write("optimiser", optimiser);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        NetworkState.Load(reader.Group("network"), Layout.Parameters, Parameters);
        NetworkState.Load(reader.Group("target"), Layout.Parameters, Target);
        reader.Read("optimiser", optimiser);
    }
}
