using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>Changes parameters along a gradient so that an objective becomes smaller. To maximise, hand in the negated gradient.</summary>
/// <remarks>
/// One optimiser serves one parameter vector. It saves its moments and step counter; hyperparameters and the schedule are configuration and come
/// from the constructor. A gradient that is not finite is not noticed here: check it with <see cref="Vectors.AllFinite{T}(ReadOnlySpan{T})"/> before.
/// </remarks>
public interface IOptimiser<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The learning rate of the next step.</summary>
    double LearningRate { get; }

    /// <summary>The learning rate by step; may be replaced at any time.</summary>
    LearningRateSchedule Schedule { get; set; }

    /// <summary>Steps taken so far.</summary>
    long Steps { get; }

    /// <summary>Takes one step in place.</summary>
    /// <param name="parameters">As many elements as the optimiser was made for; padding stays zero.</param>
    /// <param name="gradient">The gradient of the objective to minimise, in the same layout.</param>
    /// <exception cref="ArgumentException">A vector has another length.</exception>
    void Step(FlatVector<T> parameters, FlatVector<T> gradient);
}
