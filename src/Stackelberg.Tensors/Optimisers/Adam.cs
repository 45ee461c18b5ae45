using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1, with PyTorch's place of ε): m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²,
/// θ ← θ − α / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε). Moments that fall below the least normal number are 0 from then on.
/// </summary>
public sealed unsafe class Adam<T> : IOptimiser<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AdamOptions options;
    private readonly FlatVector<T> first;
    private readonly FlatVector<T> second;

    /// <summary>Adam with <see cref="AdamOptions.Default"/> for a vector of <paramref name="length"/> elements.</summary>
    /// <param name="learningRate">α; a number is a constant schedule.</param>
    public Adam(int length, LearningRateSchedule learningRate)
        : this(length, learningRate, AdamOptions.Default)
    {
    }

    /// <summary>Adam for a vector of <paramref name="length"/> elements.</summary>
    /// <param name="learningRate">α; a number is a constant schedule.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public Adam(int length, LearningRateSchedule learningRate, AdamOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        OptimiserArguments.ThrowIfNotBelowOne(options.Beta1, nameof(options.Beta1));
        OptimiserArguments.ThrowIfNotBelowOne(options.Beta2, nameof(options.Beta2));
        if (!(T.CreateTruncating(options.Epsilon) > T.Zero && double.IsFinite(options.Epsilon)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Epsilon, $"Epsilon must be finite and above 0 in {typeof(T).Name}; the usual value is 1e-8.");
        }

        this.options = options;
        Schedule = learningRate;
        first = new FlatVector<T>(length);
        second = new FlatVector<T>(length);
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
        OptimiserArguments.ThrowIfLengthsDiffer(first.Length, parameters, gradient);
        Update(parameters, gradient, null, T.Zero);
    }

    /// <summary>One step, and in the same pass over memory the polyak average: target ← ρ target + (1 − ρ) parameters.</summary>
    /// <param name="target">The parameters of the target network, in the same layout.</param>
    /// <param name="rho">Share of the target that is kept, in [0, 1].</param>
    /// <exception cref="ArgumentException">A vector has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rho"/> is outside [0, 1] or NaN.</exception>
    public void StepAndTrack(FlatVector<T> parameters, FlatVector<T> gradient, FlatVector<T> target, double rho)
    {
        OptimiserArguments.ThrowIfLengthsDiffer(first.Length, parameters, gradient);
        OptimiserArguments.ThrowIfLengthsDiffer(first.Length, parameters, target);
        if (!(rho >= 0 && rho <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rho), rho, "The share of the target that is kept must lie in [0, 1].");
        }

        Update(parameters, gradient, target, T.CreateTruncating(rho));
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", Steps);
        first.Save(writer, "first_moment");
        second.Save(writer, "second_moment");
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        first.Load(reader, "first_moment");
        second.Load(reader, "second_moment");
        Steps = reader.ReadInt64("steps");
    }

    private void Update(FlatVector<T> parameters, FlatVector<T> gradient, FlatVector<T>? target, T rho)
    {
        double rate = LearningRate;
        Steps++;
        var coefficients = new AdamCoefficients<T>(
            T.CreateTruncating(options.Beta1),
            T.CreateTruncating(1 - options.Beta1),
            T.CreateTruncating(options.Beta2),
            T.CreateTruncating(1 - options.Beta2),
            T.CreateTruncating(-rate / (1 - Math.Pow(options.Beta1, Steps))),
            T.CreateTruncating(1 / Math.Sqrt(1 - Math.Pow(options.Beta2, Steps))),
            T.CreateTruncating(options.Epsilon),
            rho,
            T.One - rho);
        AdamKernel.Run(
            first.Capacity, in coefficients, parameters.Pointer, gradient.Pointer, first.Pointer, second.Pointer,
            target is null ? null : target.Pointer);
        GC.KeepAlive(parameters);
        GC.KeepAlive(gradient);
        GC.KeepAlive(target);
        GC.KeepAlive(this);
    }
}
