using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// Square systems without full rank, in double precision: the complete orthogonal decomposition A P = Q [T 0; 0 0] Z, by Householder reflections
/// with column pivoting from the left and then from the right (Golub and Van Loan, section 5.4.7).
/// </summary>
/// <remarks>Backward stable, as no inverse of an ill-conditioned factor is formed: T alone is divided by.</remarks>
/// <param name="size">Largest number of unknowns.</param>
internal sealed class PivotedQr(int size)
{
    // ε to the quarter: the square of what is left is then known to half its digits
    private const double LargestLoss = 1.2e-4;

    private readonly int[] positions = new int[size];
    private readonly double[] norms = new double[size];
    private readonly double[] measured = new double[size];
    private readonly double[] weights = new double[size];
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
        int rank = FactorLeft(entries, order, threshold, x);
        double outside = Vectors.Norm<double>(x[rank..]);
        FactorRight(entries, n, rank);
        SolveUpper(entries, n, rank, x);
        x[rank..].Clear();
        for (int k = 0; k < rank; k++)
        {
            ReflectRow(entries, n, rank, k, x);
        }

        Unpermute(order, x, work.AsSpan(0, n));
        return outside;
    }

    /// <summary>A P = Q R with the columns as rows of <paramref name="entries"/>; b ← Qᵀb. Returns the numerical rank.</summary>
    private int FactorLeft(Span<double> entries, Span<int> order, double threshold, Span<double> b)
    {
        int n = order.Length;
        for (int j = 0; j < n; j++)
        {
            order[j] = j;
            norms[j] = measured[j] = Vectors.Norm<double>(entries.Slice(j * n, n));
        }

        for (int k = 0; k < n; k++)
        {
            int pivot = k + Largest(norms.AsSpan(k, n - k));
            // norms are brought up to date without a look at the column, so the one that matters is taken anew
            double norm = Vectors.Norm<double>(entries.Slice((pivot * n) + k, n - k));
            if (!(norm > threshold))
            {
                return k;
            }

            DenseMatrix.Swap(entries.Slice(k * n, n), entries.Slice(pivot * n, n));
            (order[k], order[pivot]) = (order[pivot], order[k]);
            (norms[pivot], measured[pivot]) = (norms[k], measured[k]);
            Span<double> reflector = entries.Slice((k * n) + k, n - k);
            double diagonal = Reflector(reflector[0], reflector[1..], norm, out double weight);
            Reflect(reflector[1..], weight, b[k..]);
            for (int j = k + 1; j < n; j++)
            {
                Reflect(reflector[1..], weight, entries.Slice((j * n) + k, n - k));
                Shorten(j, entries.Slice((j * n) + k, n - k));
            }

            reflector[0] = diagonal;
        }

        return n;
    }

    /// <summary>
    /// Takes the first element out of a column's norm; measures what is left where the subtraction has cost half the digits since the last time
    /// (Drmač and Bujanović 2008), as the wrong pivot would end the factorisation early.
    /// </summary>
    private void Shorten(int j, ReadOnlySpan<double> column)
    {
        double share = norms[j] > 0 ? column[0] / norms[j] : 0;
        double left = norms[j] * Math.Sqrt(Math.Max(0, (1 - share) * (1 + share)));
        if (left <= LargestLoss * measured[j])
        {
            left = measured[j] = Vectors.Norm(column[1..]);
        }

        norms[j] = left;
    }

    /// <summary>[R₁₁ R₁₂] = [T 0] H₀ H₁ …, from the last row up; what is left of R₁₂ are the reflectors.</summary>
    private void FactorRight(Span<double> entries, int n, int rank)
    {
        for (int k = rank - 1; k >= 0; k--)
        {
            Span<double> tail = work.AsSpan(0, n - rank);
            for (int j = 0; j < tail.Length; j++)
            {
                tail[j] = entries[((rank + j) * n) + k];
            }

            double rest = Vectors.Norm<double>(tail);
            ref double diagonal = ref entries[(k * n) + k];
            diagonal = Reflector(diagonal, tail, double.Hypot(diagonal, rest), out weights[k]);
            Span<double> column = entries.Slice(k * n, k);
            Span<double> along = norms.AsSpan(0, k);
            column.CopyTo(along);
            for (int j = 0; j < tail.Length; j++)
            {
                entries[((rank + j) * n) + k] = tail[j];
                Vectors.AddScaled<double>(along, tail[j], entries.Slice((rank + j) * n, k));
            }

            Vectors.AddScaled<double>(column, -weights[k], along);
            for (int j = 0; j < tail.Length; j++)
            {
                Vectors.AddScaled<double>(entries.Slice((rank + j) * n, k), -weights[k] * tail[j], along);
            }
        }
    }

    /// <summary>x ← H_k x.</summary>
    private void ReflectRow(ReadOnlySpan<double> entries, int n, int rank, int k, Span<double> x)
    {
        double sum = x[k];
        for (int j = rank; j < n; j++)
        {
            sum += entries[(j * n) + k] * x[j];
        }

        sum *= weights[k];
        x[k] -= sum;
        for (int j = rank; j < n; j++)
        {
            x[j] -= sum * entries[(j * n) + k];
        }
    }

    /// <summary>I − weight v vᵀ with v = (1, tail) that turns (head, tail) into (diagonal, 0).</summary>
    /// <param name="norm">Norm of (head, tail).</param>
    private static double Reflector(double head, Span<double> tail, double norm, out double weight)
    {
        double diagonal = head > 0 ? -norm : norm;
        weight = norm == 0 ? 0 : (diagonal - head) / diagonal;
        for (int i = 0; i < tail.Length && norm != 0; i++)
        {
            tail[i] /= head - diagonal;
        }

        return diagonal;
    }

    private static void Reflect(ReadOnlySpan<double> tail, double weight, Span<double> x)
    {
        double sum = weight * (x[0] + Vectors.Dot(tail, x[1..]));
        x[0] -= sum;
        Vectors.AddScaled(x[1..], -sum, tail);
    }

    /// <summary>The first elements of x ← T⁻¹ of them; column k of T is the beginning of row k.</summary>
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
