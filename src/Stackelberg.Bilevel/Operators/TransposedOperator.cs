using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Aᵀ. Keeps every property: symmetry, semidefiniteness and the diagonal form are those of A.</summary>
public sealed class TransposedOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearOperator<T> inner;

    /// <summary>Transposes an operator.</summary>
    /// <exception cref="ArgumentException">The operator has no transposed products.</exception>
    public TransposedOperator(ILinearOperator<T> inner)
    {
        if (!inner.HasTransposed)
        {
            throw new ArgumentException("The operator has no transposed products, so its transpose cannot be multiplied.", nameof(inner));
        }

        this.inner = inner;
    }

    /// <inheritdoc/>
    public int Dimension => inner.Dimension;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => inner.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties => inner.Properties;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => inner.MultiplyTransposed(x, result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => inner.Multiply(x, result);
}
