using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>A diagonal matrix.</summary>
public sealed class DiagonalOperator<T> : IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] diagonal;

    /// <summary>Copies the diagonal, padding included (where it is zero).</summary>
    /// <param name="diagonal">One entry per element of storage.</param>
    /// <param name="coordinates">The real coordinates; null: all.</param>
    /// <exception cref="ArgumentException">A coordinate lies beyond the diagonal.</exception>
    public DiagonalOperator(ReadOnlySpan<T> diagonal, CoordinateMap? coordinates = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(diagonal.Length, nameof(diagonal));
        this.diagonal = diagonal.ToArray();
        Coordinates = coordinates ?? CoordinateMap.Identity(diagonal.Length);
        CoordinateArguments.Check(Coordinates, diagonal.Length);
        bool nonnegative = true;
        foreach (T entry in diagonal)
        {
            nonnegative &= entry >= T.Zero;
        }

        Properties = OperatorProperties.Diagonal | (nonnegative ? OperatorProperties.PositiveSemidefinite : OperatorProperties.None);
    }

    /// <inheritdoc/>
    public int Dimension => diagonal.Length;

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <summary>Diagonal, and positive semidefinite when no entry is negative.</summary>
    public OperatorProperties Properties { get; }

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result) => Vectors.Multiply(diagonal, x, result);

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);

    /// <inheritdoc/>
    public void Diagonal(Span<T> result) => diagonal.CopyTo(result);
}
