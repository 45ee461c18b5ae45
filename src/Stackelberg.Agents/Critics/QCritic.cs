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
    /// <param name="observationSize">Numbers per observation.</param>
    /// <param name="actionSize">Numbers per action.</param>
    /// <param name="maximumRows">Most transitions per batch.</param>
    /// <param name="random">Where the weights are drawn from.</param>
    /// <param name="parallelism">Threads that share the rows, or null for the caller's own.</param>
    /// <param name="separatePoints">
    /// Whether derivatives at the batch's actions, at the actor's and at the next ones are needed together; otherwise the three places share memory, and
    /// evaluating one loses the others.
    /// </param>
    public QCritic(
        int observationSize,
        int actionSize,
        OffPolicyNetworkOptions options,
        int maximumRows,
        RandomStream random,
        RowParallelism? parallelism,
        bool separatePoints)
    {
        Layout = new MlpLayout(observationSize + actionSize, options.Hidden, 1, options.Activation);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Target = new FlatVector<T>(Layout.Parameters.Length);
        Gradient = new FlatVector<T>(Layout.Parameters.Length);
        AtBatch = new Linearisation<T>(Layout, maximumRows, parallelism);
        AtPolicy = separatePoints ? new Linearisation<T>(Layout, maximumRows, parallelism) : AtBatch;
        AtNext = separatePoints ? new Linearisation<T>(Layout, maximumRows, parallelism) : AtBatch;
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

    /// <summary>Q_w at the batch's own actions, (s, a).</summary>
    public Linearisation<T> AtBatch { get; }

    /// <summary>Q_w at the actor's actions, (s, a_θ(s)).</summary>
    public Linearisation<T> AtPolicy { get; }

    /// <summary>The target network at the next actions, (s′, a′).</summary>
    public Linearisation<T> AtNext { get; }

    /// <summary>Gradient ← ∂L/∂w of L = mean (Q_w(s, a) − y)², keeping nothing else. Returns L.</summary>
    /// <param name="inputs">(s, a), [rows × (observation size + action size)].</param>
    /// <param name="targets">y, [rows].</param>
    public double LossGradient(Matrix<T> inputs, ReadOnlySpan<T> targets, int rows) =>
        AtBatch.SquaredLossGradient(Parameters, inputs, targets, rows, Gradient);

    /// <summary>As <see cref="LossGradient"/>, and fixes the loss at <see cref="AtBatch"/> for second-order products.</summary>
    public double FixLoss(Matrix<T> inputs, ReadOnlySpan<T> targets, int rows)
    {
        AtBatch.Forward(Parameters, inputs, rows);
        AtBatch.SetSquaredLoss(targets);
        AtBatch.LossGradient(Gradient);
        ReadOnlySpan<T> values = AtBatch.Outputs.Span;
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            double error = double.CreateTruncating(values[i * AtBatch.Outputs.Stride] - targets[i]);
            sum += error * error;
        }

        return sum / rows;
    }

    /// <summary>w ← Adam(w, Gradient).</summary>
    public void Step() => optimiser.Step(Parameters, Gradient);

    /// <summary>w ← Adam(w, Gradient), and the target follows: target ← ρ target + (1 − ρ) w, in one pass.</summary>
    public void StepAndTrack(double polyak) => optimiser.StepAndTrack(Parameters, Gradient, Target, polyak);

    /// <summary>The target follows: target ← ρ target + (1 − ρ) w.</summary>
    public void Track(double polyak) => Vectors.Interpolate(Target.Span, polyak, Parameters.Span);

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
