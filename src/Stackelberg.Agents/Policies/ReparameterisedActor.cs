using System.Numerics;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// A policy onto a bounded box whose action is a differentiable function a_θ(s, ε) of the observation and of noise that does not depend on θ: what
/// off-policy methods need of their actor. Derivatives are taken at an <see cref="ActorPoint{T}"/>.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
public abstract class ReparameterisedActor<T> : IPolicy
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input;
    private readonly T[] output;
    private readonly T[] centre;
    private readonly T[] half;
    private readonly double[] low;
    private readonly double[] high;

    /// <summary>Allocates and initialises parameters.</summary>
    /// <param name="outputsPerAction">Network outputs for each action.</param>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds.</exception>
    private protected ReparameterisedActor(
        Space observations, Space actions, NetworkOptions options, int outputsPerAction, Activation outputActivation, RandomStream random)
    {
        if (actions is not BoxSpace box || !double.IsFinite(box.Low.ToArray().Sum()) || !double.IsFinite(box.High.ToArray().Sum()))
        {
            throw new NotSupportedException($"This actor needs a box of actions with finite bounds; this environment has {actions}.");
        }

        (low, high) = (box.Low.ToArray(), box.High.ToArray());
        centre = [.. low.Zip(high, static (l, h) => T.CreateTruncating((l + h) / 2))];
        half = [.. low.Zip(high, static (l, h) => T.CreateTruncating((h - l) / 2))];
        Layout = new MlpLayout(observations.Size, options.Hidden, outputsPerAction * box.Size, options.Activation, outputActivation);
        Parameters = new FlatVector<T>(Layout.Parameters.Length);
        evaluator = new MlpEvaluator<T>(Layout);
        input = new T[Layout.Inputs];
        output = new T[Layout.Outputs];
        options.Fill(Layout, Parameters, random, headGain: 0.01);
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>θ</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>Numbers per action.</summary>
    public int ActionSize => half.Length;

    /// <summary>Centre of the range of every action.</summary>
    public ReadOnlySpan<T> Centre => centre;

    /// <summary>Half the range of every action.</summary>
    public ReadOnlySpan<T> HalfRange => half;

    /// <inheritdoc/>
    public abstract void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random);

    /// <summary>Picks a training action: deterministic actors add Gaussian noise, stochastic ones draw from their distribution.</summary>
    /// <param name="deviation">Standard deviation of added noise, in half ranges; stochastic actors ignore it.</param>
    public abstract void Explore(ReadOnlySpan<double> observation, Span<double> action, double deviation, RandomStream random);

    /// <summary>Makes room to evaluate batches and to take derivatives there.</summary>
    public abstract ActorPoint<T> CreatePoint(int maximumRows, RowParallelism? parallelism);

    /// <summary>The network's outputs for one observation, overwritten by the next call.</summary>
    private protected ReadOnlySpan<T> Outputs(ReadOnlySpan<double> observation)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = T.CreateTruncating(observation[i]);
        }

        evaluator.Evaluate(Parameters, input, output);
        return output;
    }

    /// <summary>The action at a place in the unit box [−1, 1]ⁿ, clipped to the bounds as the environment states them.</summary>
    private protected double Scale(int action, T unit) =>
        Math.Clamp(double.CreateTruncating(T.FusedMultiplyAdd(half[action], unit, centre[action])), low[action], high[action]);

    /// <summary>The value clipped to the bounds of an action.</summary>
    private protected double Clip(int action, double value) => Math.Clamp(value, low[action], high[action]);
}
