using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>A matrix given by its entries, row-major without padding.</summary>
public sealed class DenseOperator<T> : IKnownDiagonal<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] entries;

    /// <summary>Copies a matrix.</summary>
    /// <param name="dimension">n, at least 1.</param>
    /// <param name="rowMajor">n² entries.</param>
    /// <param name="properties">What is guaranteed. Symmetry and the diagonal form are checked, definiteness is taken on trust
    /// (<see cref="OperatorCheck"/> probes it).</param>
    /// <exception cref="ArgumentException">The number of entries is not n², or an entry contradicts
    /// <paramref name="properties"/>.</exception>
    public DenseOperator(int dimension, ReadOnlySpan<T> rowMajor, OperatorProperties properties)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        if (rowMajor.Length != (long)dimension * dimension)
        {
            throw new ArgumentException(
                $"{rowMajor.Length} entries given; a {dimension}×{dimension} matrix has {(long)dimension * dimension}.", nameof(rowMajor));
        }

        Dimension = dimension;
        Properties = properties;
        Coordinates = CoordinateMap.Identity(dimension);
        entries = rowMajor.ToArray();
        CheckEntries();
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public CoordinateMap Coordinates { get; }

    /// <inheritdoc/>
    public OperatorProperties Properties { get; }

    /// <summary>One row of the matrix.</summary>
    public ReadOnlySpan<T> Row(int row) => entries.AsSpan(row * Dimension, Dimension);

    /// <inheritdoc/>
    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        for (int row = 0; row < Dimension; row++)
        {
            result[row] = T.CreateTruncating(Vectors.Dot(Row(row), x));
        }
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result)
    {
        // not HasFlag, which allocates until the method is optimised
        if ((Properties & OperatorProperties.Symmetric) != 0)
        {
            Multiply(x, result);
            return;
        }

        result.Clear();
        for (int row = 0; row < Dimension; row++)
        {
            Vectors.AddScaled(result, double.CreateTruncating(x[row]), Row(row));
        }
    }

    /// <inheritdoc/>
    public void Diagonal(Span<T> result)
    {
        for (int i = 0; i < Dimension; i++)
        {
            result[i] = entries[(i * Dimension) + i];
        }
    }

    private void CheckEntries()
    {
        for (int row = 0; row < Dimension; row++)
        {
            for (int column = 0; column < row; column++)
            {
                T lower = entries[(row * Dimension) + column], upper = entries[(column * Dimension) + row];
                // written so that NaN passes: a NaN entry is reported by the solve, as a status
                if (Properties.HasFlag(OperatorProperties.Diagonal) && (IsNonzero(lower) || IsNonzero(upper)))
                {
                    throw new ArgumentException(
                        $"The matrix is declared diagonal but entries ({row}, {column}) and ({column}, {row}) are {lower} and {upper}.");
                }

                if (Properties.HasFlag(OperatorProperties.Symmetric) && T.Abs(lower - upper) > Slack(lower, upper))
                {
                    throw new ArgumentException(
                        $"The matrix is declared symmetric but entry ({row}, {column}) is {lower} and entry ({column}, {row}) is {upper}. "
                        + $"Symmetrise it, or declare {nameof(OperatorProperties)}.{nameof(OperatorProperties.None)}.");
                }
            }
        }
    }

    private static bool IsNonzero(T value) => T.Abs(value) > T.Zero;

    // rounding of a symmetric product computed in two orders
    private static T Slack(T a, T b) => (T.Abs(a) + T.Abs(b)) * T.CreateTruncating(Numbers<T>.Epsilon * 64);
}
