using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Critics;

/// <summary>The hidden layers of a critic as they were initialised: features on which its output layer is linear.</summary>
/// <remarks>They are part of a learner's state: a critic's output layer means nothing on others.</remarks>
internal sealed class FixedFeatures<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterLayout layers;
    private readonly FlatVector<T> parameters;
    private readonly MlpEvaluator<T> evaluator;
    private readonly Matrix<T> batch;
    private readonly T[] single;

    /// <summary>Draws the layers.</summary>
    /// <param name="inputs">Numbers per input.</param>
    /// <param name="options">At least one hidden layer, its activation and initialisation.</param>
    public FixedFeatures(int inputs, CriticOptions options, int maximumRows, RandomStream random)
    {
        var layout = new MlpLayout(inputs, options.Hidden.AsSpan(..^1), options.Hidden[^1], options.Activation, options.Activation);
        layers = layout.Parameters;
        parameters = new FlatVector<T>(layers.Length);
        options.Fill(layout, parameters, random, headGain: Math.Sqrt(2));
        evaluator = new MlpEvaluator<T>(layout);
        batch = new Matrix<T>(maximumRows, layout.Outputs);
        single = new T[layout.Outputs];
    }

    /// <summary>Features per input.</summary>
    public int Count => single.Length;

    /// <summary>The features of a batch, valid until the next is asked for.</summary>
    public Matrix<T> Of(Matrix<T> inputs, int rows)
    {
        Of(inputs, rows, batch);
        return batch;
    }

    /// <summary>result ← the features of a batch.</summary>
    public void Of(Matrix<T> inputs, int rows, Matrix<T> result) => evaluator.Evaluate(parameters, inputs, result, rows);

    /// <summary>The features of one input, valid until the next is asked for.</summary>
    public ReadOnlySpan<T> Of(ReadOnlySpan<T> input)
    {
        evaluator.Evaluate(parameters, input, single);
        return single;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => NetworkState.Save(writer, layers, parameters);

    /// <inheritdoc/>
    public void Load(StateReader reader) => NetworkState.Load(reader, layers, parameters);
}
