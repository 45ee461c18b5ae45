using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>
/// Gradient descent: θ ← θ − α g, or with momentum μ: b ← μ b + g, θ ← θ − α b (Polyak 1964, in PyTorch's form, where α scales the sum).
/// </summary>
public sealed class Sgd<T> : IOptimiser<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int length;
    private readonly double momentum;
    private readonly FlatVector<T>? velocity;

    /// <summary>Gradient descent for a vector of <paramref name="length"/> elements.</summary>
    /// <param name="learningRate">α; a number is a constant schedule.</param>
    /// <param name="momentum">μ in [0, 1); 0 is plain descent.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public Sgd(int length, LearningRateSchedule learningRate, double momentum = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        OptimiserArguments.ThrowIfNotBelowOne(momentum, nameof(momentum));
        this.length = length;
        this.momentum = momentum;
        Schedule = learningRate;
        velocity = momentum > 0 ? new FlatVector<T>(length) : null;
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
        OptimiserArguments.ThrowIfLengthsDiffer(length, parameters, gradient);
        FlatVector<T> direction = gradient;
        if (velocity is not null)
        {
            Vectors.ScaleAndAdd<T>(velocity.Span, momentum, gradient.Span);
            direction = velocity;
        }

        Vectors.AddScaled<T>(parameters.Span, -LearningRate, direction.Span);
        Steps++;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", Steps);
        velocity?.Save(writer, "velocity");
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        velocity?.Load(reader, "velocity");
        Steps = reader.ReadInt64("steps");
    }
}
