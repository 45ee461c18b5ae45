using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Square systems without full rank, in double precision: QR by Householder reflections with column pivoting (Businger and Golub 1965).</summary>
/// <param name="size">Largest number of unknowns.</param>
internal sealed class PivotedQr(int size)
{
    private readonly int[] positions = new int[size];
    private readonly double[] work = new double[size];

    /// <summary>x ← A⁺ x, the least-squares solution of minimum norm.</summary>
    /// <param name="entries">A, row-major; overwritten.</param>
    /// <param name="threshold">Columns whose remaining norm is not larger count as dependent on those before.</param>
    /// <returns>Norm of the part of b outside the range.</returns>
    public double SolveMinimumNorm(Span<double> entries, double threshold, Span<double> x)
    {
        int n = x.Length;
        Span<int> order = positions.AsSpan(0, n);
        // columns as rows: all that follows runs along them
        DenseMatrix.Transpose(entries, n);
        int rank = Factor(entries, order, threshold, x, work.AsSpan(0, n));
        double outside = Vectors.Norm<double>(x[rank..]);

        // R₁₁⁻¹ of Qᵀb and of the dependent columns, which become W = R₁₁⁻¹R₁₂
        SolveUpper(entries, n, rank, x);
        for (int j = rank; j < n; j++)
        {
            SolveUpper(entries, n, rank, entries.Slice(j * n, n));
        }

        // the null space is spanned by the columns of (−W, I): the shortest y = (y₁ − W z, z) has z = (I + WᵀW)⁻¹Wᵀy₁ = Wᵀ(I + WWᵀ)⁻¹y₁
        Span<double> y = x[..rank];
        Span<double> z = x[rank..];
        ReadOnlySpan<double> w = entries[(rank * n)..];
        // R₁₁ has been used up
        Span<double> gram = entries[..(rank * n)];
        if (z.Length <= rank)
        {
            MultiplyTransposed(w, n, y, z);
            OfColumns(w, n, rank, gram, z.Length);
            SolvePositive(gram, z);
        }
        else
        {
            Span<double> projected = work.AsSpan(0, rank);
            y.CopyTo(projected);
            OfRows(w, n, z.Length, gram, rank);
            SolvePositive(gram, projected);
            MultiplyTransposed(w, n, projected, z);
        }

        for (int i = 0; i < z.Length; i++)
        {
            Vectors.AddScaled(y, -z[i], w.Slice(i * n, rank));
        }

        Unpermute(order, x, work.AsSpan(0, n));
        return outside;
    }

    /// <summary>A P = Q R with the columns as rows of <paramref name="entries"/>; b ← Qᵀb. Returns the numerical rank.</summary>
    /// <param name="squares">Storage for the squared norms of what is left of the columns.</param>
    private static int Factor(Span<double> entries, Span<int> order, double threshold, Span<double> b, Span<double> squares)
    {
        int n = order.Length;
        for (int j = 0; j < n; j++)
        {
            order[j] = j;
            ReadOnlySpan<double> column = entries.Slice(j * n, n);
            squares[j] = Vectors.Dot<double>(column, column);
        }

        for (int k = 0; k < n; k++)
        {
            int pivot = k + Largest(squares[k..]);
            Span<double> rest = entries.Slice((pivot * n) + k, n - k);
            // squares are brought up to date by subtraction, so the one that matters is taken anew
            double norm = Vectors.Norm<double>(rest);
            if (!(norm > threshold))
            {
                return k;
            }

            DenseMatrix.Swap(entries.Slice(k * n, n), entries.Slice(pivot * n, n));
            (order[k], order[pivot]) = (order[pivot], order[k]);
            squares[pivot] = squares[k];
            Span<double> reflector = entries.Slice((k * n) + k, n - k);
            double diagonal = reflector[0] > 0 ? -norm : norm;
            reflector[0] -= diagonal;
            double scale = -1 / (diagonal * reflector[0]);
            Reflect(reflector, scale, b[k..]);
            for (int j = k + 1; j < n; j++)
            {
                Reflect(reflector, scale, entries.Slice((j * n) + k, n - k));
                double entry = entries[(j * n) + k];
                squares[j] = Math.Max(0, squares[j] - (entry * entry));
            }

            reflector[0] = diagonal;
        }

        return n;
    }

    /// <summary>z ← Wᵀ y with the columns of W as rows.</summary>
    private static void MultiplyTransposed(ReadOnlySpan<double> w, int n, ReadOnlySpan<double> y, Span<double> z)
    {
        for (int i = 0; i < z.Length; i++)
        {
            z[i] = Vectors.Dot(w.Slice(i * n, y.Length), y);
        }
    }

    /// <summary>The lower triangle of I + WᵀW.</summary>
    private static void OfColumns(ReadOnlySpan<double> w, int n, int rank, Span<double> gram, int side)
    {
        for (int i = 0; i < side; i++)
        {
            MultiplyTransposed(w, n, w.Slice(i * n, rank), gram.Slice(i * side, i + 1));
            gram[(i * side) + i]++;
        }
    }

    /// <summary>The lower triangle of I + WWᵀ.</summary>
    private static void OfRows(ReadOnlySpan<double> w, int n, int columns, Span<double> gram, int side)
    {
        gram[..(side * side)].Clear();
        for (int i = 0; i < side; i++)
        {
            Span<double> row = gram.Slice(i * side, i + 1);
            row[i] = 1;
            for (int k = 0; k < columns; k++)
            {
                ReadOnlySpan<double> column = w.Slice(k * n, side);
                Vectors.AddScaled(row, column[i], column[..(i + 1)]);
            }
        }
    }

    private static void SolvePositive(Span<double> gram, Span<double> x)
    {
        DenseMatrix.FactorCholesky(gram, x.Length, 0);
        DenseMatrix.SolveCholesky(gram, x.Length, x);
    }

    private static void Reflect(ReadOnlySpan<double> reflector, double scale, Span<double> x) =>
        Vectors.AddScaled(x, -scale * Vectors.Dot<double>(reflector, x), reflector);

    /// <summary>The first elements of x ← R₁₁⁻¹ of them; column k of R₁₁ is the beginning of row k.</summary>
    private static void SolveUpper(ReadOnlySpan<double> entries, int n, int rank, Span<double> x)
    {
        for (int k = rank - 1; k >= 0; k--)
        {
            x[k] /= entries[(k * n) + k];
            Vectors.AddScaled(x[..k], -x[k], entries.Slice(k * n, k));
        }
    }

    private static int Largest(ReadOnlySpan<double> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
        {
            largest = values[i] > values[largest] ? i : largest;
        }

        return largest;
    }

    private static void Unpermute(ReadOnlySpan<int> order, Span<double> x, Span<double> permuted)
    {
        x.CopyTo(permuted);
        for (int k = 0; k < order.Length; k++)
        {
            x[order[k]] = permuted[k];
        }
    }
}
