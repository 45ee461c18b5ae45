using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>result ← A x.</summary>
public delegate void OperatorProduct<T>(ReadOnlySpan<T> x, Span<T> result);

/// <summary>An operator given by its product, such as a Hessian-vector product.</summary>
public sealed class DelegateOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OperatorProduct<T> product;
    private readonly OperatorProduct<T>? transposed;

    /// <summary>Wraps products over padded storage.</summary>
    /// <param name="dimension">Elements of a vector, padding included.</param>
    /// <param name="coordinates">The real coordinates.</param>
    /// <param name="properties">What is guaranteed; taken on trust, <see cref="OperatorCheck"/> probes it.</param>
    /// <param name="product">result ← A x; must keep padding zero.</param>
    /// <param name="transposed">result ← Aᵀ x; not needed for symmetric operators.</param>
    public DelegateOperator(
        int dimension,
        CoordinateMap coordinates,
        OperatorProperties properties,
        OperatorProduct<T> product,
        OperatorProduct<T>? transposed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        CoordinateArguments.Check(coordinates, dimension);

        Dimension = dimension;
        Coordinates = coordinates;
        Properties = properties;
        this.product = product;
        this.transposed = properties.HasFlag(OperatorProperties.Symmetric) ? product : transposed;
    }

    /// <summary>Wraps products over vectors without padding.</summary>
    public DelegateOperator(
        int dimension, OperatorProperties properties, OperatorProduct<T> product, OperatorProduct<T>? transposed = null)
        : this(dimension, CoordinateMap.Identity(dimension), properties, product, transposed)
    {
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties { get; }

    /// <inheritdoc/>
    public bool HasTransposed => transposed is not null;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => product(x, result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        if (transposed is null)
        {
            throw new NotSupportedException("This operator was built without a transposed product; pass one to the constructor.");
        }

        transposed(x, result);
    }
}
