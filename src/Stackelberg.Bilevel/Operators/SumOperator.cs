using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>A + B. Has the properties that both have.</summary>
public sealed class SumOperator<T> : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearOperator<T> first, second;
    private readonly FlatVector<T> term;

    /// <summary>Adds two operators over the same coordinates.</summary>
    /// <exception cref="ArgumentException">Dimensions or coordinates differ.</exception>
    public SumOperator(ILinearOperator<T> first, ILinearOperator<T> second)
    {
        if (first.Dimension != second.Dimension || !first.Coordinates.Equals(second.Coordinates))
        {
            throw new ArgumentException(
                $"The first operator has dimension {first.Dimension} and {first.Coordinates.Count} coordinates, the second {second.Dimension} "
                + $"and {second.Coordinates.Count}, or they lie elsewhere; a sum needs the same space.");
        }

        this.first = first;
        this.second = second;
        term = new FlatVector<T>(first.Dimension);
    }

    /// <inheritdoc/>
    public int Dimension => first.Dimension;

    /// <inheritdoc/>
    public CoordinateMap Coordinates => first.Coordinates;

    /// <inheritdoc/>
    public OperatorProperties Properties => first.Properties & second.Properties;

    /// <inheritdoc/>
    public bool HasTransposed => first.HasTransposed && second.HasTransposed;

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        first.Multiply(x, result);
        second.Multiply(x, term.Span);
        Vectors.AddScaled<T>(result, 1, term.Span);
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        first.MultiplyTransposed(x, result);
        second.MultiplyTransposed(x, term.Span);
        Vectors.AddScaled<T>(result, 1, term.Span);
    }
}
