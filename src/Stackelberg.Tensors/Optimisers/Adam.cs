using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>Adam (Kingma and Ba 2015) with bias correction, ε outside the root as in PyTorch.</summary>
public sealed class Adam<T>(int length, double learningRate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : IOptimiser<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> first = new(length);
    private readonly FlatVector<T> second = new(length);
    private long steps;

    /// <inheritdoc/>
    public double LearningRate { get; set; } = learningRate;

    /// <inheritdoc/>
    public void Step(FlatVector<T> parameters, FlatVector<T> gradient)
    {
        if (parameters.Length != length || gradient.Length != length)
        {
            throw new ArgumentException($"The optimiser was made for {length} parameters; got {parameters.Length} and a gradient of {gradient.Length}.");
        }

        steps++;
        double correction = Math.Sqrt(1 - Math.Pow(beta2, steps));
        T rate = T.CreateTruncating(LearningRate / (1 - Math.Pow(beta1, steps)) * correction);
        T smallest = T.CreateTruncating(epsilon * correction);
        T decay1 = T.CreateTruncating(beta1);
        T decay2 = T.CreateTruncating(beta2);
        T weight1 = T.CreateTruncating(1 - beta1);
        T weight2 = T.CreateTruncating(1 - beta2);
        Span<T> theta = parameters.Span;
        Span<T> g = gradient.Span;
        Span<T> m = first.Span;
        Span<T> v = second.Span;
        for (int i = 0; i < theta.Length; i++)
        {
            m[i] = (decay1 * m[i]) + (weight1 * g[i]);
            v[i] = (decay2 * v[i]) + (weight2 * g[i] * g[i]);
            theta[i] -= rate * m[i] / (T.Sqrt(v[i]) + smallest);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", steps);
        writer.Write("learning_rate", LearningRate);
        writer.WriteArray("first_moment", MemoryMarshal.AsBytes(first.Span));
        writer.WriteArray("second_moment", MemoryMarshal.AsBytes(second.Span));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        steps = reader.ReadInt64("steps");
        LearningRate = reader.ReadDouble("learning_rate");
        reader.ReadArray("first_moment", MemoryMarshal.AsBytes(first.Span));
        reader.ReadArray("second_moment", MemoryMarshal.AsBytes(second.Span));
    }
}
