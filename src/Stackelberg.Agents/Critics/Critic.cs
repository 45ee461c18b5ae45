using System.Numerics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Critics;

/// <summary>A network with one output: V_w(s), or Q_w(s, a) with the action appended to the observation (one-hot when discrete).</summary>
public sealed class Critic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int observationSize;
    private readonly int actionCode;
    private readonly bool discrete;
    private readonly Matrix<T>? joined;
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input;
    private Matrix<T>? inputs;

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
        Layout = new MlpLayout(observationSize + actionCode, options.Hidden, 1, options.Activation);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Linearisation = new Linearisation<T>(Layout, maximumRows, parallelism);
        joined = actionCode > 0 ? new Matrix<T>(maximumRows, Layout.Inputs) : null;
        evaluator = new MlpEvaluator<T>(Layout);
        input = new T[Layout.Inputs];
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

    /// <summary>Makes a rollout's steps the batch.</summary>
    public void Load(Rollout<T> rollout)
    {
        inputs = joined ?? rollout.Observations;
        for (int i = 0; joined is not null && i < rollout.Count; i++)
        {
            Join(rollout.Observations.Row(i), rollout.Actions.Row(i), joined.Row(i));
        }
    }

    /// <summary>Evaluates the loaded batch and keeps what derivatives need.</summary>
    public void Evaluate(int rows) => Linearisation.Forward(Parameters, Inputs, rows);

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
        evaluator.Evaluate(Parameters, input, new Span<T>(ref output));
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
