using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>I.</summary>
public sealed class IdentityOperator<T> : IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The identity on storage with padding.</summary>
    /// <param name="dimension">Elements of a vector, padding included.</param>
    /// <param name="coordinates">The real coordinates; null: all.</param>
    /// <exception cref="ArgumentException">A coordinate lies beyond the dimension.</exception>
    public IdentityOperator(int dimension, CoordinateMap? coordinates = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Dimension = dimension;
        Coordinates = coordinates ?? CoordinateMap.Identity(dimension);
        CoordinateArguments.Check(Coordinates, dimension);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite | OperatorProperties.Diagonal;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => x.CopyTo(result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => x.CopyTo(result);

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        result.Clear();
        for (int i = 0; i < Coordinates.Count; i++)
        {
            result[Coordinates[i]] = T.One;
        }
    }
}
