using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>c g gᵀ: what a Gauss-Newton matrix becomes when gradients are averaged over the batch before their outer product is taken.</summary>
public sealed class RankOneOperator<T> : ISampleSpaceOperator<T>, IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> vector;

    /// <summary>An operator that reads <paramref name="vector"/> as it is at each product.</summary>
    /// <param name="vector">g; remembered, not copied.</param>
    /// <param name="coordinates">The real coordinates of g.</param>
    /// <param name="scale">c &gt; 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public RankOneOperator(FlatVector<T> vector, CoordinateMap coordinates, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        CoordinateArguments.Check(coordinates, vector.Length);
        this.vector = vector;
        Coordinates = coordinates;
        Scale = scale;
    }

    /// <inheritdoc/>
    public int Dimension => vector.Length;

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

    /// <inheritdoc/>
    public int Samples => 1;

    /// <inheritdoc/>
    public double Scale { get; }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) =>
        Vectors.Scale(vector.Span, Scale * Vectors.Dot(vector.Span, x), result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);

    /// <inheritdoc/>
    public void Kernel(Span<T> result) => result[0] = T.CreateTruncating(Vectors.Dot<T>(vector.Span, vector.Span));

    /// <inheritdoc/>
    public void MultiplyJacobian(ReadOnlySpan<T> x, Span<T> result) => result[0] = T.CreateTruncating(Vectors.Dot(vector.Span, x));

    /// <inheritdoc/>
    public void MultiplyJacobianTransposed(ReadOnlySpan<T> u, Span<T> result) =>
        Vectors.Scale(vector.Span, double.CreateTruncating(u[0]), result);

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        Vectors.Multiply<T>(vector.Span, vector.Span, result);
        Vectors.Scale(result, Scale);
    }
}
