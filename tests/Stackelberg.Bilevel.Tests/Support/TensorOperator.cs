using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel.Tests;

/// <summary>
/// An operator without padding that says it is on the parameters of one layer, two thirds of them weights, and has the absolute values of a diagonal as its
/// Gauss-Newton diagonal.
/// </summary>
internal sealed class TensorOperator<T>(ILinearOperator<T> inner) : IKnownTensors<T>, IGaussNewtonDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Dimension => inner.Dimension;

    public CoordinateMap Coordinates => inner.Coordinates;

    public OperatorProperties Properties => inner.Properties;

    public IReadOnlyList<ParameterBlock> Tensors { get; } =
    [
        new("layers.0.weight", 1, inner.Dimension - (inner.Dimension / 3), 0),
        new("layers.0.bias", 1, inner.Dimension / 3, inner.Dimension - (inner.Dimension / 3)),
    ];

    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => inner.Multiply(x, result);

    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => inner.MultiplyTransposed(x, result);

    public void GaussNewtonDiagonal(Span<T> result)
    {
        ((IKnownDiagonal<T>)inner).Diagonal(result);
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = T.Abs(result[i]);
        }
    }
}
