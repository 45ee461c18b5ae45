using System.Diagnostics;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary><c>none</c>: the direct gradient ∂₁f₁ alone; the leader takes the follower as fixed (ordinary actor-critic).</summary>
public sealed class FirstOrderHypergradient<T> : IHypergradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result)
    {
        long start = Stopwatch.GetTimestamp();
        HypergradientArguments.CheckResult(problem, result);
        double loss = problem.DirectGradient(result);
        return new HypergradientReport(
            Name, Vectors.Norm<T>(result), 0, double.NaN, 1, LinearSolution.None, false, Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            LeaderLoss = loss,
        };
    }

    /// <summary>Nothing is kept between calls.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }
}
