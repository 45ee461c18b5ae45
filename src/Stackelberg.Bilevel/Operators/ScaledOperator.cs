using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>c A.</summary>
/// <remarks>Symmetry and the diagonal form are kept; positive semidefiniteness only for c ≥ 0.</remarks>
public sealed class ScaledOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearOperator<T> inner;
    private readonly double factor;

    /// <summary>Scales an operator by a finite factor.</summary>
    public ScaledOperator(ILinearOperator<T> inner, double factor)
    {
        if (!double.IsFinite(factor))
        {
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be finite.");
        }

        this.inner = inner;
        this.factor = factor;
        // the bit of semidefiniteness alone: its flag includes symmetry, which stays
        const OperatorProperties Definite = OperatorProperties.PositiveSemidefinite & ~OperatorProperties.Symmetric;
        Properties = factor >= 0 ? inner.Properties : inner.Properties & ~Definite;
    }

    /// <inheritdoc/>
    public int Dimension => inner.Dimension;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => inner.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties { get; }

    /// <inheritdoc/>
    public bool HasTransposed => inner.HasTransposed;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        inner.Multiply(x, result);
        Vectors.Scale(result, factor);
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        inner.MultiplyTransposed(x, result);
        Vectors.Scale(result, factor);
    }
}
