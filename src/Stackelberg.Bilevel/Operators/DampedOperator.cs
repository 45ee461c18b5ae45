using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>A + λI.</summary>
/// <remarks>Keeps every property of A, since λ ≥ 0.</remarks>
public sealed class DampedOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearOperator<T> inner;

    /// <summary>Adds λ to the diagonal.</summary>
    /// <param name="inner">A.</param>
    /// <param name="damping">λ, finite and at least 0.</param>
    public DampedOperator(ILinearOperator<T> inner, double damping)
    {
        SolverArguments.CheckDamping(damping);
        this.inner = inner;
        Damping = damping;
    }

    /// <summary>λ.</summary>
    public double Damping { get; }

    /// <inheritdoc/>
    public int Dimension => inner.Dimension;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => inner.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties => inner.Properties;

    /// <inheritdoc/>
    public bool HasTransposed => inner.HasTransposed;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        inner.Multiply(x, result);
        Vectors.AddScaled(result, Damping, x);
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        inner.MultiplyTransposed(x, result);
        Vectors.AddScaled(result, Damping, x);
    }
}
