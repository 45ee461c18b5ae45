using System.Numerics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Critics;

/// <summary>
/// A network with one output: V_w(s), or Q_w(s, a) with the action appended to the observation (one-hot when discrete). On fixed features w is the output
/// layer alone, and what it reads are the outputs of hidden layers that never change.
/// </summary>
public sealed class Critic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int observationSize;
    private readonly int actionCode;
    private readonly bool discrete;
    private readonly Matrix<T>? joined;
    private readonly FixedFeatures<T>? features;
    private readonly Matrix<T>? endFeatures;
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input;
    private Matrix<T>? inputs, endInputs;

    /// <summary>Allocates and initialises a critic.</summary>
    /// <param name="actions">The action space for Q_w, or null for V_w.</param>
    public Critic(Space observations, Space? actions, CriticOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        observationSize = observations.Size;
        discrete = actions is DiscreteSpace;
        actionCode = actions switch
        {
            null => 0,
            DiscreteSpace space => space.Count,
            _ => actions.Size,
        };
        int width = observationSize + actionCode;
        features = options.Features == CriticFeatures.Learned ? null : new FixedFeatures<T>(width, options, maximumRows, random.Split("features"));
        Layout = features is null ? new MlpLayout(width, options.Hidden, 1, options.Activation) : new MlpLayout(features.Count, [], 1, options.Activation);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Linearisation = new Linearisation<T>(Layout, maximumRows, parallelism);
        joined = actionCode > 0 ? new Matrix<T>(maximumRows, width) : null;
        endFeatures = features is null ? null : new Matrix<T>(maximumRows, features.Count);
        evaluator = new MlpEvaluator<T>(Layout);
        input = new T[width];
        options.Fill(Layout, Parameters, random, headGain: 1);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>w</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>The network at the parameters and batch of the last <see cref="Evaluate"/>.</summary>
    public Linearisation<T> Linearisation { get; }

    /// <summary>Whether actions are part of the input.</summary>
    public bool TakesActions => actionCode > 0;

    /// <summary>The inputs of the last <see cref="Load"/>, one row per step.</summary>
    public Matrix<T> Inputs => inputs ?? throw new InvalidOperationException("No rollout was loaded into the critic.");

    /// <summary>Whether hidden layers stay as they started.</summary>
    public bool HasFixedFeatures => features is not null;

    /// <summary>The fixed hidden layers, to be kept beside the player; null where all layers learn.</summary>
    internal IStateful? Features => features;

    /// <summary>The layers that stay as they started, with their parameters; null where all are learned.</summary>
    internal (MlpLayout Layout, FlatVector<T> Parameters)? FixedLayers => features is null ? null : (features.Layout, features.Parameters);

    /// <summary>What the critic reads of the observations after trajectories, from the last <see cref="LoadEnds"/>.</summary>
    internal Matrix<T> EndInputs => endInputs ?? throw new InvalidOperationException("No ends of trajectories were loaded into the critic.");

    /// <summary>Makes a rollout's steps the batch.</summary>
    public void Load(Rollout<T> rollout)
    {
        inputs = joined ?? rollout.Observations;
        for (int i = 0; joined is not null && i < rollout.Count; i++)
        {
            Join(rollout.Observations.Row(i), rollout.Actions.Row(i), joined.Row(i));
        }

        inputs = features?.Of(inputs, rollout.Count) ?? inputs;
    }

    /// <summary>Makes the observations after trajectories ready to be read; only for V_w.</summary>
    internal void LoadEnds(Rollout<T> rollout)
    {
        endInputs = rollout.EndObservations;
        if (features is not null)
        {
            features.Of(endInputs, rollout.EndCount, endFeatures!);
            endInputs = endFeatures;
        }
    }

    /// <summary>Evaluates the loaded batch and keeps what derivatives need.</summary>
    public void Evaluate(int rows) => Linearisation.Forward(Parameters, Inputs, rows);

    /// <summary>V_w of the loaded observations after trajectories, [rows × 1], valid until the next evaluation.</summary>
    internal Matrix<T> EvaluateEnds(int rows)
    {
        if (rows > 0)
        {
            Linearisation.Forward(Parameters, EndInputs, rows);
        }

        return Linearisation.Outputs;
    }

    /// <summary>The output for a single observation, and action if the critic takes actions.</summary>
    public double ValueOf(ReadOnlySpan<double> observation, ReadOnlySpan<double> action = default)
    {
        for (int i = 0; i < observationSize; i++)
        {
            input[i] = T.CreateTruncating(observation[i]);
        }

        for (int j = 0; j < actionCode; j++)
        {
            input[observationSize + j] = discrete ? (j == (int)action[0] ? T.One : T.Zero) : T.CreateTruncating(action[j]);
        }

        T output = default;
        evaluator.Evaluate(Parameters, features is null ? input : features.Of(input), new Span<T>(ref output));
        return double.CreateTruncating(output);
    }

    private void Join(ReadOnlySpan<T> observation, ReadOnlySpan<T> action, Span<T> row)
    {
        observation.CopyTo(row);
        Span<T> code = row[observationSize..];
        if (discrete)
        {
            code.Clear();
            code[int.CreateTruncating(action[0])] = T.One;
        }
        else
        {
            action.CopyTo(code);
        }
    }
}
