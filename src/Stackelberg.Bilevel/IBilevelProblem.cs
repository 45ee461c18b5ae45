using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// A leader x that minimises f₁(x, y) while the follower y minimises f₂(x, y), known by its derivatives at the current point.
/// </summary>
/// <remarks>The total derivative is D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹ ∂₂f₁.</remarks>
public interface IBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of the leader's vector, padding included.</summary>
    int LeaderDimension { get; }

    /// <summary>Elements of the follower's vector, padding included.</summary>
    int FollowerDimension { get; }

    /// <summary>∂₂₂f₂, or what stands for it (Gauss-Newton, Fisher, …).</summary>
    ILinearOperator<T> FollowerCurvature { get; }

    /// <summary>result ← ∂₁f₁, the direct gradient.</summary>
    void LeaderGradient(Span<T> result);

    /// <summary>result ← ∂₂f₁, the right-hand side of the linear system.</summary>
    void RightHandSide(Span<T> result);

    /// <summary>result ← (∂₁₂f₂) v = ∂₁(∂₂f₂ · v), the implicit term before its sign.</summary>
    void MixedProduct(ReadOnlySpan<T> v, Span<T> result);
}
