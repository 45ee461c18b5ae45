using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Square systems in double precision, row-major without padding, factorised in place.</summary>
internal static class DenseMatrix
{
    // a panel's part of a tile, 32 KiB, stays in first-level cache while all rows pass by
    private const int Panel = 32;
    private const int Tile = 128;
    private const int Narrow = 8;

    /// <summary>entries ← A + λI over the real coordinates, by one product per coordinate.</summary>
    /// <param name="column">Storage for a unit vector, all zero; zero again on return.</param>
    /// <param name="image">Storage for its image.</param>
    /// <returns>Whether every entry is finite.</returns>
    public static bool Materialise<T>(ILinearOperator<T> a, double damping, Span<double> entries, Span<T> column, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = a.Coordinates.Count;
        for (int j = 0; j < n; j++)
        {
            int position = a.Coordinates[j];
            column[position] = T.One;
            a.Multiply(column, image);
            column[position] = T.Zero;
            // the column as a row for now: writes that are n apart miss the cache
            Span<double> row = entries.Slice(j * n, n);
            for (int i = 0; i < n; i++)
            {
                row[i] = double.CreateTruncating(image[a.Coordinates[i]]);
            }

            row[j] += damping;
        }

        Transpose(entries[..(n * n)], n);
        return Vectors.AllFinite<double>(entries);
    }

    /// <summary>
    /// Takes out the idle coordinates, those with a zero right-hand side and zeros off the diagonal in row and column: they are 0 in a solution of
    /// smallest norm whatever their diagonal entry.
    /// </summary>
    /// <param name="entries">n × n; on return the matrix of the others, in the same order, in front.</param>
    /// <param name="b">Length n; on return that of the others in front.</param>
    /// <param name="kept">On return the old positions of the others, in front.</param>
    /// <returns>How many are left.</returns>
    public static int DropIdle(Span<double> entries, Span<double> b, Span<int> kept)
    {
        int n = b.Length;
        int count = 0;
        for (int i = 0; i < n; i++)
        {
            if (b[i] != 0 || !IsAlone(entries, n, i))
            {
                kept[count++] = i;
            }
        }

        for (int i = 0; i < count && count < n; i++)
        {
            for (int j = 0; j < count; j++)
            {
                entries[(i * count) + j] = entries[(kept[i] * n) + kept[j]];
            }

            b[i] = b[kept[i]];
        }

        return count;
    }

    /// <summary>LU with partial pivoting; <paramref name="pivots"/>[k] is the row swapped with row k.</summary>
    /// <remarks>By panels of columns: the rest of the matrix passes through the cache once per panel, with the same bits as once per column.</remarks>
    /// <returns>Whether every pivot is larger than <paramref name="threshold"/>.</returns>
    public static bool FactorLu(Span<double> entries, Span<int> pivots, double threshold)
    {
        int n = pivots.Length;
        for (int start = 0; start < n; start += Panel)
        {
            int end = Math.Min(start + Panel, n);
            if (!FactorPanel(entries, pivots, start, end, threshold))
            {
                return false;
            }

            for (int left = end; left < n; left += Tile)
            {
                Eliminate(entries, n, start, end, left, Math.Min(left + Tile, n));
            }
        }

        return true;
    }

    /// <summary>x ← A⁻¹ x with the factors of <see cref="FactorLu"/>.</summary>
    public static void SolveLu(ReadOnlySpan<double> factors, ReadOnlySpan<int> pivots, Span<double> x)
    {
        int n = pivots.Length;
        for (int k = 0; k < n; k++)
        {
            (x[k], x[pivots[k]]) = (x[pivots[k]], x[k]);
        }

        for (int i = 1; i < n; i++)
        {
            x[i] -= Vectors.Dot(factors.Slice(i * n, i), x[..i]);
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double sum = Vectors.Dot(factors.Slice((i * n) + i + 1, n - i - 1), x[(i + 1)..]);
            x[i] = (x[i] - sum) / factors[(i * n) + i];
        }
    }

    /// <summary>The lower Cholesky factor, in place; the upper triangle is left as it was.</summary>
    /// <param name="pivot">The last pivot met: where the factorisation failed, the one that is not larger than the threshold, or NaN.</param>
    /// <returns>Whether every pivot is larger than <paramref name="threshold"/>, so that the factor is complete.</returns>
    public static bool FactorCholesky(Span<double> entries, int n, double threshold, out double pivot)
    {
        pivot = double.NaN;
        for (int i = 0; i < n; i++)
        {
            Span<double> row = entries.Slice(i * n, n);
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - Vectors.Dot<double>(row[..j], entries.Slice(j * n, j))) / entries[(j * n) + j];
            }

            pivot = row[i] - Vectors.Dot<double>(row[..i], row[..i]);
            if (!(pivot > threshold))
            {
                return false;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return true;
    }

    /// <inheritdoc cref="FactorCholesky(Span{double}, int, double, out double)"/>
    public static bool FactorCholesky(Span<double> entries, int n, double threshold) => FactorCholesky(entries, n, threshold, out _);

    /// <summary>x ← (LLᵀ)⁻¹ x with the factor of <see cref="FactorCholesky(Span{double}, int, double, out double)"/>.</summary>
    public static void SolveCholesky(ReadOnlySpan<double> factor, int n, Span<double> x)
    {
        SolveLower(factor, n, x);
        SolveLowerTransposed(factor, n, x);
    }

    /// <summary>x ← L⁻¹ x.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> x)
    {
        for (int i = 0; i < n; i++)
        {
            x[i] = (x[i] - Vectors.Dot(factor.Slice(i * n, i), x[..i])) / factor[(i * n) + i];
        }
    }

    /// <summary>x ← L⁻ᵀ x.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> factor, int n, Span<double> x)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            x[i] /= factor[(i * n) + i];
            Vectors.AddScaled(x[..i], -x[i], factor.Slice(i * n, i));
        }
    }

    /// <summary>Pivots up to this are taken for zero: rounding of entries of precision <typeparamref name="T"/>.</summary>
    public static double PivotThreshold<T>(ReadOnlySpan<double> entries, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        foreach (double entry in entries)
        {
            largest = Math.Max(largest, Math.Abs(entry));
        }

        return 2 * Math.Sqrt(n) * Numbers<T>.Epsilon * largest;
    }

    /// <summary>The factorisation of the columns from <paramref name="start"/> to <paramref name="end"/> alone, by halves; rows are swapped whole.</summary>
    private static bool FactorPanel(Span<double> entries, Span<int> pivots, int start, int end, double threshold)
    {
        if (end - start <= Narrow)
        {
            return FactorColumns(entries, pivots, start, end, threshold);
        }

        int middle = (start + end) / 2;
        if (!FactorPanel(entries, pivots, start, middle, threshold))
        {
            return false;
        }

        Eliminate(entries, pivots.Length, start, middle, middle, end);
        return FactorPanel(entries, pivots, middle, end, threshold);
    }

    private static bool FactorColumns(Span<double> entries, Span<int> pivots, int start, int end, double threshold)
    {
        int n = pivots.Length;
        for (int k = start; k < end; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
            {
                pivot = Math.Abs(entries[(i * n) + k]) > Math.Abs(entries[(pivot * n) + k]) ? i : pivot;
            }

            pivots[k] = pivot;
            if (!(Math.Abs(entries[(pivot * n) + k]) > threshold))
            {
                return false;
            }

            Swap(entries.Slice(k * n, n), entries.Slice(pivot * n, n));
            ReadOnlySpan<double> row = entries.Slice((k * n) + k, end - k);
            double inverse = 1 / row[0];
            for (int i = k + 1; i < n; i++)
            {
                Span<double> eliminated = entries.Slice((i * n) + k, end - k);
                double factor = eliminated[0] *= inverse;
                for (int j = 1; j < eliminated.Length; j++)
                {
                    eliminated[j] = Math.FusedMultiplyAdd(-factor, row[j], eliminated[j]);
                }
            }
        }

        return true;
    }

    /// <summary>Brings the columns from <paramref name="left"/> to <paramref name="right"/> up to date with the factorised columns from start to end.</summary>
    private static void Eliminate(Span<double> entries, int n, int start, int end, int left, int right)
    {
        for (int i = start + 1; i < n; i++)
        {
            int known = Math.Min(i, end) - start;
            Vectors.SubtractCombination<double>(
                entries.Slice((i * n) + left, right - left),
                entries.Slice((i * n) + start, known),
                entries.Slice((start * n) + left, ((known - 1) * n) + right - left),
                n);
        }
    }

    private static bool IsAlone(ReadOnlySpan<double> entries, int n, int i)
    {
        ReadOnlySpan<double> row = entries.Slice(i * n, n);
        if (row[..i].ContainsAnyExcept(0.0) || row[(i + 1)..].ContainsAnyExcept(0.0))
        {
            return false;
        }

        for (int j = 0; j < n; j++)
        {
            if (j != i && entries[(j * n) + i] != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>entries ← entriesᵀ, by tiles that stay in the cache.</summary>
    public static void Transpose(Span<double> entries, int n)
    {
        const int Side = 16;
        for (int top = 0; top < n; top += Side)
        {
            for (int left = top; left < n; left += Side)
            {
                for (int i = top; i < Math.Min(top + Side, n); i++)
                {
                    for (int j = Math.Max(left, i + 1); j < Math.Min(left + Side, n); j++)
                    {
                        (entries[(i * n) + j], entries[(j * n) + i]) = (entries[(j * n) + i], entries[(i * n) + j]);
                    }
                }
            }
        }
    }

    /// <summary>Exchanges two rows.</summary>
    public static void Swap(Span<double> a, Span<double> b)
    {
        if (a == b)
        {
            return;
        }

        for (int i = 0; i < a.Length; i++)
        {
            (a[i], b[i]) = (b[i], a[i]);
        }
    }
}
