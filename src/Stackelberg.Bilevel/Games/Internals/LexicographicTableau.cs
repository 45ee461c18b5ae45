using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// The system rows·z + slack = right side, z ≥ 0, slack ≥ 0, with one variable basic in each row, in whole numbers over one common denominator
/// (integer pivoting, Edmonds 1967). Columns: the n variables z, then one slack per row, then the right side.
/// </summary>
/// <remarks>The leaving row is the lexicographically smallest ratio, taken over right side and slack columns (Charnes 1952): no basis can come back,
/// however degenerate the system is.</remarks>
internal sealed class LexicographicTableau
{
    private readonly BigInteger[][] rows;
    private readonly int[] basis;
    private readonly int variables;
    private BigInteger denominator = BigInteger.One;

    /// <summary>The tableau with all slacks basic.</summary>
    /// <param name="objective">Maximised where given; its row is kept beside the others.</param>
    /// <exception cref="ArgumentException">A right side is negative: the start would not be feasible.</exception>
    public LexicographicTableau(IReadOnlyList<BigInteger[]> coefficients, IReadOnlyList<BigInteger> right, BigInteger[]? objective = null)
    {
        variables = coefficients[0].Length;
        basis = [.. Enumerable.Range(variables, coefficients.Count)];
        rows = new BigInteger[coefficients.Count + (objective is null ? 0 : 1)][];
        for (int i = 0; i < coefficients.Count; i++)
        {
            rows[i] = new BigInteger[variables + coefficients.Count + 1];
            coefficients[i].CopyTo(rows[i], 0);
            rows[i][variables + i] = BigInteger.One;
            rows[i][^1] = right[i].Sign >= 0 ? right[i] : throw new ArgumentException($"Right side {i} is {right[i]}; 0 or more is needed.", nameof(right));
        }

        if (objective is not null)
        {
            rows[^1] = new BigInteger[variables + coefficients.Count + 1];
            for (int j = 0; j < variables; j++)
            {
                rows[^1][j] = -objective[j];
            }
        }
    }

    /// <summary>Value of the objective.</summary>
    public Rational Objective => new(rows[^1][^1], denominator);

    /// <summary>Makes a column's variable basic.</summary>
    /// <returns>The column of the variable that left, or −1 where the column grows without bound.</returns>
    public int Enter(int column)
    {
        int row = LeavingRow(column);
        if (row < 0)
        {
            return -1;
        }

        int left = basis[row];
        Pivot(row, column);
        return left;
    }

    /// <summary>The column that improves the objective fastest, or −1 at its maximum.</summary>
    public int BestColumn()
    {
        BigInteger[] costs = rows[^1];
        int best = -1;
        for (int j = 0; j < costs.Length - 1; j++)
        {
            best = costs[j].Sign < 0 && (best < 0 || costs[j] < costs[best]) ? j : best;
        }

        return best;
    }

    /// <summary>The values of the n variables.</summary>
    public Rational[] Solution()
    {
        Rational[] solution = new Rational[variables];
        for (int i = 0; i < basis.Length; i++)
        {
            if (basis[i] < variables)
            {
                solution[basis[i]] = new Rational(rows[i][^1], denominator);
            }
        }

        return solution;
    }

    private int LeavingRow(int column)
    {
        int best = -1;
        for (int i = 0; i < basis.Length; i++)
        {
            best = rows[i][column].Sign > 0 && (best < 0 || HasSmallerRatio(rows[i], rows[best], column)) ? i : best;
        }

        return best;
    }

    private bool HasSmallerRatio(BigInteger[] a, BigInteger[] b, int column)
    {
        int order = (a[^1] * b[column]).CompareTo(b[^1] * a[column]);
        for (int j = variables; order == 0 && j < a.Length - 1; j++)
        {
            order = (a[j] * b[column]).CompareTo(b[j] * a[column]);
        }

        return order < 0;
    }

    private void Pivot(int row, int column)
    {
        BigInteger[] pivotRow = rows[row];
        BigInteger pivot = pivotRow[column];
        foreach (BigInteger[] other in rows)
        {
            if (ReferenceEquals(other, pivotRow))
            {
                continue;
            }

            BigInteger factor = other[column];
            for (int j = 0; j < other.Length; j++)
            {
                // always without rest
                other[j] = ((other[j] * pivot) - (factor * pivotRow[j])) / denominator;
            }
        }

        denominator = pivot;
        basis[row] = column;
    }
}
