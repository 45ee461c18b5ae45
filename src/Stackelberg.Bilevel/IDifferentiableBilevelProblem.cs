using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// A bilevel problem whose derivatives can be had at any point, as unrolled, DARTS and finite-difference hypergradients need, and adaptive damping.
/// </summary>
public interface IDifferentiableBilevelProblem<T> : IBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The real coordinates of the leader's vector.</summary>
    CoordinateMap LeaderCoordinates { get; }

    /// <summary>x of the current point; valid until the next <see cref="MoveTo"/>.</summary>
    ReadOnlySpan<T> Leader { get; }

    /// <summary>y of the current point; valid until the next <see cref="MoveTo"/>.</summary>
    ReadOnlySpan<T> Follower { get; }

    /// <summary>
    /// Copies a point into the players' parameters and linearises there, for all derivatives but <see cref="Derivatives.Descent"/>. Data and noise stay as
    /// they are.
    /// </summary>
    void MoveTo(ReadOnlySpan<T> leader, ReadOnlySpan<T> follower);

    /// <summary>f₁(x, y)</summary>
    double LeaderLoss();

    /// <summary>f₂(x, y)</summary>
    double FollowerLoss();

    /// <summary>result ← ∂₁f₂.</summary>
    void FollowerLossLeaderGradient(Span<T> result);
}
