namespace Stackelberg.Agents.Games;

/// <summary>Solves zero-sum matrix games of one size: maximin and minimax strategies, and the value.</summary>
/// <remarks>
/// Payoffs are moved and scaled into [1, 2], where max Σ y subject to A y ≤ 1, y ≥ 0 is bounded and y = 0 a vertex to start at; the simplex method with Bland's
/// rule goes from there, and its prices are the row player's strategy (Dantzig 1951). If rounding should keep it from ending it stops at a feasible strategy; the
/// gap says how far from the value either player is then.
/// </remarks>
internal sealed class ZeroSumGame
{
    private const double Tolerance = 1e-11;

    private readonly int rows, columns, width;
    private readonly double[] tableau, row, column;
    private readonly int[] basis;

    /// <summary>A solver for games of a size.</summary>
    public ZeroSumGame(int rows, int columns)
    {
        (this.rows, this.columns, width) = (rows, columns, rows + columns + 1);
        tableau = new double[(rows + 1) * width];
        (row, column, basis) = (new double[rows], new double[columns], new int[rows]);
    }

    /// <summary>The strategy of the row player, who wants much.</summary>
    public ReadOnlySpan<double> Row => row;

    /// <summary>The strategy of the column player, who wants the row player to get little.</summary>
    public ReadOnlySpan<double> Column => column;

    /// <summary>What the row player is sure to get with its strategy.</summary>
    public double Value { get; private set; }

    /// <summary>What the column player may lose beyond the value: 0 but for rounding.</summary>
    public double Gap { get; private set; }

    /// <summary>Solves a game. Where all payoffs are equal both strategies are uniform.</summary>
    /// <param name="payoffs">Finite numbers, what the row player gets, row by row.</param>
    public void Solve(ReadOnlySpan<double> payoffs)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double payoff in payoffs)
        {
            (least, most) = (Math.Min(least, payoff), Math.Max(most, payoff));
        }

        double range = most - least;
        if (!(range > 0 && double.IsFinite(range)))
        {
            row.AsSpan().Fill(1.0 / rows);
            column.AsSpan().Fill(1.0 / columns);
        }
        else
        {
            Begin(payoffs, least, range);
            for (int pivots = 0; pivots < 100 * width && Entering() is >= 0 and var entering && Leaving(entering) is >= 0 and var leaving; pivots++)
            {
                Pivot(leaving, entering);
            }

            Read();
        }

        Judge(payoffs);
    }

    private void Begin(ReadOnlySpan<double> payoffs, double least, double range)
    {
        tableau.AsSpan().Clear();
        for (int i = 0; i < rows; i++)
        {
            Span<double> line = Line(i);
            for (int j = 0; j < columns; j++)
            {
                line[j] = 1 + ((payoffs[(i * columns) + j] - least) / range);
            }

            (line[columns + i], line[^1], basis[i]) = (1, 1, columns + i);
        }

        Line(rows)[..columns].Fill(-1);
    }

    // Bland: the first column that improves, and of equal ratios the row whose variable comes first; no vertex is met twice
    private int Entering()
    {
        ReadOnlySpan<double> costs = Line(rows);
        for (int j = 0; j < width - 1; j++)
        {
            if (costs[j] < -Tolerance)
            {
                return j;
            }
        }

        return -1;
    }

    private int Leaving(int entering)
    {
        int best = -1;
        double least = double.PositiveInfinity;
        for (int i = 0; i < rows; i++)
        {
            double slope = Line(i)[entering];
            if (slope <= Tolerance)
            {
                continue;
            }

            double ratio = Line(i)[^1] / slope;
            if (ratio < least || (ratio == least && basis[i] < basis[best]))
            {
                (best, least) = (i, ratio);
            }
        }

        return best;
    }

    private void Pivot(int leaving, int entering)
    {
        Span<double> pivot = Line(leaving);
        double scale = 1 / pivot[entering];
        for (int j = 0; j < width; j++)
        {
            pivot[j] *= scale;
        }

        for (int i = 0; i <= rows; i++)
        {
            Span<double> line = Line(i);
            double factor = line[entering];
            for (int j = 0; i != leaving && factor != 0 && j < width; j++)
            {
                line[j] -= factor * pivot[j];
            }
        }

        basis[leaving] = entering;
    }

    private void Read()
    {
        column.AsSpan().Clear();
        for (int i = 0; i < rows; i++)
        {
            if (basis[i] < columns)
            {
                column[basis[i]] = Line(i)[^1];
            }
        }

        Line(rows).Slice(columns, rows).CopyTo(row);
        Normalise(row);
        Normalise(column);
    }

    private static void Normalise(Span<double> strategy)
    {
        double sum = 0;
        foreach (ref double p in strategy)
        {
            p = Math.Max(p, 0);
            sum += p;
        }

        foreach (ref double p in strategy)
        {
            p /= sum;
        }
    }

    private void Judge(ReadOnlySpan<double> payoffs)
    {
        double sure = double.PositiveInfinity, most = double.NegativeInfinity;
        for (int j = 0; j < columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++)
            {
                sum += row[i] * payoffs[(i * columns) + j];
            }

            sure = Math.Min(sure, sum);
        }

        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                sum += column[j] * payoffs[(i * columns) + j];
            }

            most = Math.Max(most, sum);
        }

        (Value, Gap) = (sure, most - sure);
    }

    private Span<double> Line(int i) => tableau.AsSpan(i * width, width);
}
