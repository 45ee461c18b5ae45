using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>Plain gradient descent, θ ← θ − α g.</summary>
public sealed class Sgd<T>(int length, double learningRate) : IOptimiser<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public double LearningRate { get; set; } = learningRate;

    /// <inheritdoc/>
    public void Step(FlatVector<T> parameters, FlatVector<T> gradient)
    {
        if (parameters.Length != length || gradient.Length != length)
        {
            throw new ArgumentException($"The optimiser was made for {length} parameters; got {parameters.Length} and a gradient of {gradient.Length}.");
        }

        Vectors.AddScaled<T>(parameters.Span, -LearningRate, gradient.Span);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write("learning_rate", LearningRate);

    /// <inheritdoc/>
    public void Load(StateReader reader) => LearningRate = reader.ReadDouble("learning_rate");
}
