using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// A Gauss-Newton matrix A = c JᵀJ with the Jacobian J [samples × parameters] of the network's output on a batch. The n×n system
/// (A + λI) x = b then reduces to one with as many unknowns as samples.
/// </summary>
public interface ISampleSpaceOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Number of samples (rows of J).</summary>
    int Samples { get; }

    /// <summary>c > 0; 2 / samples for a mean squared error.</summary>
    double Scale { get; }

    /// <summary>result ← J Jᵀ, row-major [samples × samples].</summary>
    void Kernel(Span<T> result);

    /// <summary>result ← J x; one element per sample.</summary>
    void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result);

    /// <summary>result ← Jᵀ u.</summary>
    void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result);
}
