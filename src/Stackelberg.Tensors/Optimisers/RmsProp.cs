using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012, lecture 6e, with PyTorch's place of ε): v ← β v + (1 − β) g², θ ← θ − α g / (√v + ε), v from 0.
/// </summary>
public sealed class RmsProp<T> : IOptimiser<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> squares;
    private readonly T decay;
    private readonly T epsilon;

    /// <summary>RMSprop for a vector of <paramref name="length"/> elements.</summary>
    /// <param name="learningRate">α; a number is a constant schedule.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="decay">β in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public RmsProp(int length, LearningRateSchedule learningRate, double epsilon = 1e-8, double decay = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        OptimiserArguments.ThrowIfNotBelowOne(decay, nameof(decay));
        if (!(T.CreateTruncating(epsilon) > T.Zero && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"Epsilon must be finite and above 0 in {typeof(T).Name}; the usual value is 1e-8.");
        }

        squares = new FlatVector<T>(length);
        Schedule = learningRate;
        (this.decay, this.epsilon) = (T.CreateTruncating(decay), T.CreateTruncating(epsilon));
    }

    /// <inheritdoc/>
    public double LearningRate => Schedule.At(Steps);

    /// <inheritdoc/>
    public LearningRateSchedule Schedule { get; set; }

    /// <inheritdoc/>
    public long Steps { get; private set; }

    /// <inheritdoc/>
    public void Step(FlatVector<T> parameters, FlatVector<T> gradient)
    {
        OptimiserArguments.ThrowIfLengthsDiffer(squares.Length, parameters, gradient);
        T rate = T.CreateTruncating(LearningRate), rest = T.One - decay;
        Span<T> theta = parameters.Span, v = squares.Span;
        ReadOnlySpan<T> g = gradient.Span;
        for (int i = 0; i < theta.Length; i++)
        {
            v[i] = (decay * v[i]) + (rest * g[i] * g[i]);
            theta[i] -= rate * g[i] / (T.Sqrt(v[i]) + epsilon);
        }

        Steps++;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", Steps);
        squares.Save(writer, "second_moment");
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        squares.Load(reader, "second_moment");
        Steps = reader.ReadInt64("steps");
    }
}
