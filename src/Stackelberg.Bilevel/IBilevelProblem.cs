using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>What stands for the follower's second derivative.</summary>
public enum Curvature
{
    /// <summary>The exact Hessian.</summary>
    Hessian,

    /// <summary>The Gauss-Newton matrix, positive semidefinite.</summary>
    GaussNewton,
}

/// <summary>Which derivatives are asked for at a point; the others need not be prepared.</summary>
[Flags]
public enum Derivatives
{
    /// <summary>∂₁f₁: <see cref="IBilevelProblem{T}.DirectGradient"/>.</summary>
    Direct = 1,

    /// <summary>What the follower descends: <see cref="IBilevelProblem{T}.FollowerDescent"/>.</summary>
    Descent = 2,

    /// <summary>What the implicit term is made of: ∂₂f₁, ∂₂f₂, the follower's curvature and the mixed product.</summary>
    Implicit = 4,

    /// <summary>All of them.</summary>
    All = Direct | Descent | Implicit,
}

/// <summary>
/// A leader x that minimises f₁(x, y) while the follower y minimises f₂(x, y), known by its derivatives at a point.
/// </summary>
/// <remarks>
/// <para>The total derivative is D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹ ∂₂f₁.</para>
/// <para><see cref="Linearise"/> takes the point; everything else is asked for afterwards, in any order and as often as wanted. Vectors have the
/// storage layout of the parameters, padding zero.</para>
/// </remarks>
public interface IBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of the leader's vector, padding included.</summary>
    int LeaderDimension { get; }

    /// <summary>Elements of the follower's vector, padding included.</summary>
    int FollowerDimension { get; }

    /// <summary>Takes the present parameters of both players, and the present data, as the point of all derivatives.</summary>
    /// <param name="needs">What will be asked for; anything else is undefined until the next call.</param>
    void Linearise(Derivatives needs = Derivatives.All);

    /// <summary>result ← ∂₁f₁, the direct gradient.</summary>
    /// <returns>f₁, or NaN where the problem does not know its value.</returns>
    double DirectGradient(Span<T> result);

    /// <summary>result ← ∂₂f₁, the right-hand side of the linear system.</summary>
    void RightHandSide(Span<T> result);

    /// <summary>∂₂₂f₂, or what stands for it; the same object at every point.</summary>
    /// <exception cref="NotSupportedException">The problem has no curvature of this kind.</exception>
    ILinearOperator<T> FollowerCurvature(Curvature kind);

    /// <summary>result ← (∂₁₂f₂) v = ∂₁(∂₂f₂ · v), the implicit term before its sign.</summary>
    void MixedProduct(ReadOnlySpan<T> v, Span<T> result);

    /// <summary>result ← ∂₂f₂.</summary>
    void FollowerGradient(Span<T> result);

    /// <summary>
    /// result ← what the follower itself descends: ∂₂f₂, unless a method anticipates another loss than the one that is descended. The vector may then be
    /// longer than <see cref="FollowerDimension"/>, when f₁ does not depend on all of the follower.
    /// </summary>
    /// <returns>The loss that is descended, or NaN where the problem does not know its value.</returns>
    double FollowerDescent(Span<T> result)
    {
        FollowerGradient(result);
        return double.NaN;
    }
}
