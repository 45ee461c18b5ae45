using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// K = JJᵀ ≈ L Lᵀ with L [B × r] by Cholesky with diagonal pivoting: the r pivot samples span the row space of J to rounding.
/// </summary>
internal sealed class PivotedCholesky
{
    private readonly int count;
    private readonly int[] pivots;
    private readonly double[] columns;
    private readonly double[] pivotRows;
    private readonly double[] gram;
    private readonly double[] rightHandSide;

    private PivotedCholesky(int count, int rank, int[] pivots, double[] columns)
    {
        this.count = count;
        this.pivots = pivots;
        this.columns = columns;
        Rank = rank;
        pivotRows = new double[rank * rank];
        gram = new double[rank * rank];
        rightHandSide = new double[rank];
        for (int i = 0; i < rank; i++)
        {
            for (int j = 0; j < rank; j++)
            {
                pivotRows[(i * rank) + j] = columns[(j * count) + pivots[i]];
                gram[(i * rank) + j] = Vectors.Dot<double>(Column(i), Column(j));
            }
        }

        IsUsable = rank > 0 && DenseMatrix.FactorCholesky(gram, rank, 0);
    }

    public int Rank { get; }

    /// <summary>Whether systems can be solved: K is not zero and LᵀL could be factorised.</summary>
    public bool IsUsable { get; }

    /// <summary>Factorises until the largest remaining pivot is rounding.</summary>
    /// <param name="kernel">K, row-major [count × count].</param>
    /// <param name="epsilon">Precision of its entries: pivots below count · ε · the largest are rounding.</param>
    public static PivotedCholesky Of(ReadOnlySpan<double> kernel, int count, double epsilon)
    {
        double[] remaining = new double[count];
        for (int i = 0; i < count; i++)
        {
            remaining[i] = kernel[(i * count) + i];
        }

        var pivots = new int[count];
        // column-major: each step writes one column of L
        var columns = new double[count * count];
        double largest = 0;
        int rank = 0;
        for (; rank < count; rank++)
        {
            int pivot = IndexOfLargest(remaining);
            largest = Math.Max(largest, remaining[pivot]);
            if (!(remaining[pivot] > count * epsilon * largest))
            {
                break;
            }

            pivots[rank] = pivot;
            double root = Math.Sqrt(remaining[pivot]);
            Span<double> column = columns.AsSpan(rank * count, count);
            kernel.Slice(pivot * count, count).CopyTo(column);
            for (int k = 0; k < rank; k++)
            {
                Vectors.AddScaled(column, -columns[(k * count) + pivot], columns.AsSpan(k * count, count));
            }

            Vectors.Scale(column, 1 / root);
            for (int i = 0; i < count; i++)
            {
                remaining[i] -= column[i] * column[i];
            }

            for (int k = 0; k <= rank; k++)
            {
                // exact zeros where rounding would leave dust: pivot rows of L are triangular
                remaining[pivots[k]] = 0;
                column[pivots[k]] = k == rank ? root : 0;
            }
        }

        return new PivotedCholesky(count, rank, pivots, columns);
    }

    /// <summary>
    /// u ← the sample-space coefficients of the minimum-norm x = Jᵀu with JᵀJ x = b, given J b on entry. Only pivot samples get a
    /// coefficient.
    /// </summary>
    /// <remarks>With x = J_Pᵀ u: K_P: K_:P u = J_P b, and K_P: K_:P = L_P (LᵀL) L_Pᵀ.</remarks>
    public void SolveMinimumNorm(Span<double> u)
    {
        for (int i = 0; i < Rank; i++)
        {
            rightHandSide[i] = u[pivots[i]];
        }

        DenseMatrix.SolveLower(pivotRows, Rank, rightHandSide);
        DenseMatrix.SolveCholesky(gram, Rank, rightHandSide);
        DenseMatrix.SolveLowerTransposed(pivotRows, Rank, rightHandSide);
        u.Clear();
        for (int i = 0; i < Rank; i++)
        {
            u[pivots[i]] = rightHandSide[i];
        }
    }

    private ReadOnlySpan<double> Column(int index) => columns.AsSpan(index * count, count);

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }
}
