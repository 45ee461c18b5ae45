using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>A way to compute the leader's total derivative, or what stands for it.</summary>
public interface IHypergradient<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name in reports: the solver's, <c>unrolled</c>, <c>finite-difference</c>, <c>darts</c> or <c>none</c>.</summary>
    string Name { get; }

    /// <summary>result ← D f₁ at the problem's current point.</summary>
    /// <param name="problem">The problem; a descent direction of the leader is minus the result.</param>
    /// <param name="damping">λ ≥ 0 of the linear system; methods without one ignore it.</param>
    /// <param name="result">Leader's dimension.</param>
    /// <exception cref="ArgumentException">A length is wrong, or the problem lacks what the method needs.</exception>
    HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result);
}
