using System.Numerics;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>μ_θ(s) = centre + half range ∘ tanh(network(s)): a deterministic policy onto a bounded box of actions.</summary>
public sealed class DeterministicActor<T> : IPolicy
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input;
    private readonly T[] output;
    private readonly T[] centre;
    private readonly T[] half;
    private readonly double[] low;
    private readonly double[] high;

    /// <summary>Allocates and initialises an actor.</summary>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds.</exception>
    public DeterministicActor(
        Space observations, Space actions, OffPolicyNetworkOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        if (actions is not BoxSpace box || !double.IsFinite(box.Low.ToArray().Sum()) || !double.IsFinite(box.High.ToArray().Sum()))
        {
            throw new NotSupportedException($"A deterministic actor needs a box of actions with finite bounds; this environment has {actions}.");
        }

        (low, high) = (box.Low.ToArray(), box.High.ToArray());
        centre = [.. low.Zip(high, static (l, h) => T.CreateTruncating((l + h) / 2))];
        half = [.. low.Zip(high, static (l, h) => T.CreateTruncating((h - l) / 2))];
        Layout = new MlpLayout(observations.Size, options.Hidden, box.Size, options.Activation, Activation.Tanh);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        Target = new FlatVector<T>(Layout.Parameters.Length);
        Linearisation = new Linearisation<T>(Layout, maximumRows, parallelism);
        evaluator = new MlpEvaluator<T>(Layout);
        input = new T[Layout.Inputs];
        output = new T[Layout.Outputs];
        options.Initialisation.Fill(Layout, Parameters, random, headGain: 0.01);
        Target.CopyFrom(Parameters);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>θ</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>θ of the target network.</summary>
    public FlatVector<T> Target { get; }

    /// <summary>The network at the parameters and batch of the last evaluation.</summary>
    public Linearisation<T> Linearisation { get; }

    /// <summary>Half the range of every action.</summary>
    public ReadOnlySpan<T> HalfRange => half;

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = T.CreateTruncating(observation[i]);
        }

        evaluator.Evaluate(Parameters, input, output);
        for (int j = 0; j < output.Length; j++)
        {
            action[j] = Math.Clamp(double.CreateTruncating(T.FusedMultiplyAdd(half[j], output[j], centre[j])), low[j], high[j]);
        }
    }

    /// <summary>Adds Gaussian noise of the given deviation, in half ranges, and clips to the box.</summary>
    public void Explore(Span<double> action, double deviation, RandomStream random)
    {
        for (int j = 0; j < action.Length; j++)
        {
            double noise = deviation * double.CreateTruncating(half[j]) * random.NextNormal();
            action[j] = Math.Clamp(action[j] + noise, low[j], high[j]);
        }
    }

    /// <summary>Evaluates a batch and writes each observation with its action, (s, μ(s)), as a row of a critic's input.</summary>
    /// <param name="parameters">θ, or that of the target network.</param>
    public void Join(FlatVector<T> parameters, Matrix<T> observations, int rows, Matrix<T> inputs)
    {
        Linearisation.Forward(parameters, observations, rows);
        for (int i = 0; i < rows; i++)
        {
            Span<T> row = inputs.Row(i);
            observations.Row(i).CopyTo(row);
            ReadOnlySpan<T> unit = Linearisation.Outputs.Row(i);
            Span<T> action = row[observations.Columns..];
            for (int j = 0; j < action.Length; j++)
            {
                action[j] = T.FusedMultiplyAdd(half[j], unit[j], centre[j]);
            }
        }
    }

    /// <summary>Adds clipped Gaussian noise to the actions of a critic's input and clips them to the box (TD3's target smoothing).</summary>
    /// <param name="deviation">In half ranges.</param>
    /// <param name="limit">Largest noise, in half ranges.</param>
    public void Smooth(Matrix<T> inputs, int rows, double deviation, double limit, RandomStream random)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<T> action = inputs.Row(i)[Layout.Inputs..];
            for (int j = 0; j < action.Length; j++)
            {
                T noise = half[j] * T.CreateTruncating(Math.Clamp(deviation * random.NextNormal(), -limit, limit));
                action[j] = T.Clamp(action[j] + noise, centre[j] - half[j], centre[j] + half[j]);
            }
        }
    }
}
