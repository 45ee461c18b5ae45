using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Optimisers;

/// <summary>Turns gradients into steps of a flat parameter vector, downhill.</summary>
public interface IOptimiser<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The step size now.</summary>
    double LearningRate { get; set; }

    /// <summary>Takes one step against <paramref name="gradient"/>.</summary>
    void Step(FlatVector<T> parameters, FlatVector<T> gradient);
}
