using System.Numerics;

namespace Stackelberg.Agents.Games;

/// <summary>Which equilibrium of a stage game counts.</summary>
public enum EquilibriumRule
{
    /// <summary>The first pure one, row by row.</summary>
    First,

    /// <summary>The pure one with the largest sum of both values.</summary>
    Optimal,

    /// <summary>The pure one that is best for the first agent.</summary>
    Leader,

    /// <summary>A pure one in which neither loses when the other deviates; the first one where there is none such.</summary>
    Saddle,
}

/// <summary>Finds one Nash equilibrium of two-player games of one size: a pure one by a rule, else a mixed one.</summary>
/// <remarks>
/// Mixed equilibria: supports of equal size, small ones first; on each, what makes the other player indifferent. The first pair without regret is taken. A game
/// that has none such is degenerate and is searched once more with its payoffs moved by less than 1e-9 of their range. Whatever happens, the pair of least regret
/// among all that were met is the answer, and <see cref="Regret"/> says what it is short of an equilibrium.
/// </remarks>
internal sealed class StageEquilibrium
{
    /// <summary>Most actions of a player: the number of supports doubles with each.</summary>
    public const int MostActions = 12;

    private readonly int rows, columns;
    private readonly double[] row, column, triedRow, triedColumn, first, second, system;

    /// <summary>A solver for games of a size.</summary>
    public StageEquilibrium(int rows, int columns)
    {
        (this.rows, this.columns) = (rows, columns);
        (row, column, triedRow, triedColumn) = (new double[rows], new double[columns], new double[rows], new double[columns]);
        (first, second) = (new double[rows * columns], new double[rows * columns]);
        int size = Math.Min(rows, columns) + 1;
        system = new double[size * (size + 1)];
    }

    /// <summary>The first player's strategy.</summary>
    public ReadOnlySpan<double> Row => row;

    /// <summary>The second player's strategy.</summary>
    public ReadOnlySpan<double> Column => column;

    /// <summary>What the first player gets.</summary>
    public double FirstValue { get; private set; }

    /// <summary>What the second player gets.</summary>
    public double SecondValue { get; private set; }

    /// <summary>The most that a player could gain by deviating: 0 but for rounding.</summary>
    public double Regret { get; private set; }

    /// <summary>Finds an equilibrium.</summary>
    /// <param name="a">Finite numbers, what the first player gets, row by row.</param>
    /// <param name="b">What the second player gets.</param>
    public void Solve(ReadOnlySpan<double> a, ReadOnlySpan<double> b, EquilibriumRule rule)
    {
        Regret = double.PositiveInfinity;
        if (Pure(a, b, rule) is >= 0 and var cell)
        {
            triedRow.AsSpan().Clear();
            triedColumn.AsSpan().Clear();
            (triedRow[cell / columns], triedColumn[cell % columns]) = (1, 1);
            Keep(a, b);
            return;
        }

        double range = Range(a) + Range(b), enough = 1e-10 * range;
        if (!Search(a, b, a, b, enough))
        {
            Move(a, first, 1e-9 * Range(a));
            Move(b, second, 1e-9 * Range(b));
            Search(first, second, a, b, 2e-9 * range);
        }
    }

    private int Pure(ReadOnlySpan<double> a, ReadOnlySpan<double> b, EquilibriumRule rule)
    {
        int best = -1;
        double bestScore = 0;
        for (int cell = 0; cell < rows * columns; cell++)
        {
            (int i, int j) = Math.DivRem(cell, columns);
            if (!IsLargestInColumn(a, i, j) || !IsLargestInRow(b, i, j))
            {
                continue;
            }

            double score = rule switch
            {
                EquilibriumRule.Optimal => a[cell] + b[cell],
                EquilibriumRule.Leader => a[cell],
                EquilibriumRule.Saddle => IsSaddle(a, b, i, j) ? 1 : 0,
                _ => 0,
            };
            (best, bestScore) = best < 0 || score > bestScore ? (cell, score) : (best, bestScore);
        }

        return best;
    }

    private bool IsLargestInColumn(ReadOnlySpan<double> a, int i, int j)
    {
        for (int k = 0; k < rows; k++)
        {
            if (a[(k * columns) + j] > a[(i * columns) + j])
            {
                return false;
            }
        }

        return true;
    }

    private bool IsLargestInRow(ReadOnlySpan<double> b, int i, int j)
    {
        for (int k = 0; k < columns; k++)
        {
            if (b[(i * columns) + k] > b[(i * columns) + j])
            {
                return false;
            }
        }

        return true;
    }

    private bool IsSaddle(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int i, int j)
    {
        bool holds = true;
        for (int k = 0; k < columns; k++)
        {
            holds &= a[(i * columns) + k] >= a[(i * columns) + j];
        }

        for (int k = 0; k < rows; k++)
        {
            holds &= b[(k * columns) + j] >= b[(i * columns) + j];
        }

        return holds;
    }

    /// <summary>Tries supports of the game (a, b), and judges what they give in the game (trueA, trueB).</summary>
    /// <returns>Whether the regret became small enough.</returns>
    private bool Search(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> trueA, ReadOnlySpan<double> trueB, double enough)
    {
        for (int size = 1; size <= Math.Min(rows, columns); size++)
        {
            for (uint i = (1u << size) - 1; i < 1u << rows; i = Following(i))
            {
                for (uint j = (1u << size) - 1; j < 1u << columns; j = Following(j))
                {
                    // the columns' weights make the rows in i equally good, and the other way round
                    if (Indifferent(a, i, j, size, columns, 1, triedColumn) && Indifferent(b, j, i, size, 1, columns, triedRow))
                    {
                        Keep(trueA, trueB);
                        if (Regret <= enough)
                        {
                            return true;
                        }
                    }
                }
            }
        }

        return false;
    }

    /// <summary>The next larger set of as many actions (Gosper).</summary>
    private static uint Following(uint set)
    {
        uint lowest = set & (~set + 1), ripple = set + lowest;
        return ripple | (((set ^ ripple) >> 2) / lowest);
    }

    /// <summary>Solves Σ_w payoff(e, w) p_w = v for all e in <paramref name="equal"/>, Σ p = 1, by elimination.</summary>
    /// <param name="payoffs">Of the player who is to be indifferent.</param>
    /// <param name="equal">The actions that become equally good.</param>
    /// <param name="weighted">The actions of the other player that get weights.</param>
    /// <param name="size">How many each are.</param>
    /// <param name="step">Distance of two actions of the indifferent player in the payoffs.</param>
    /// <param name="otherStep">The same of the other player.</param>
    /// <param name="strategy">Receives the weights.</param>
    /// <returns>Whether there is one solution, without negative weights.</returns>
    private bool Indifferent(ReadOnlySpan<double> payoffs, uint equal, uint weighted, int size, int step, int otherStep, double[] strategy)
    {
        int unknowns = size + 1, width = unknowns + 1;
        Span<double> lines = system.AsSpan(0, unknowns * width);
        double scale = 0;
        int r = 0;
        for (uint e = equal; e != 0; e &= e - 1, r++)
        {
            int c = 0;
            for (uint w = weighted; w != 0; w &= w - 1, c++)
            {
                lines[(r * width) + c] = payoffs[(BitOperations.TrailingZeroCount(e) * step) + (BitOperations.TrailingZeroCount(w) * otherStep)];
                scale = Math.Max(scale, Math.Abs(lines[(r * width) + c]));
            }

            (lines[(r * width) + size], lines[(r * width) + unknowns]) = (-1, 0);
        }

        for (int k = 0; k < size * width; k++)
        {
            lines[k] = k % width < size && scale > 0 ? lines[k] / scale : lines[k];
        }

        lines.Slice(size * width, size).Fill(1);
        (lines[(size * width) + size], lines[(size * width) + unknowns]) = (0, 1);
        if (!Eliminate(lines, unknowns))
        {
            return false;
        }

        Array.Clear(strategy);
        double sum = 0;
        int place = 0;
        for (uint w = weighted; w != 0; w &= w - 1, place++)
        {
            double p = lines[(place * width) + unknowns];
            if (!(p >= -1e-9))
            {
                return false;
            }

            sum += strategy[BitOperations.TrailingZeroCount(w)] = Math.Max(p, 0);
        }

        foreach (ref double p in strategy.AsSpan())
        {
            p /= sum;
        }

        return sum > 0;
    }

    /// <summary>Gauss and Jordan with pivots by size; the last number of each line becomes the solution.</summary>
    private static bool Eliminate(Span<double> lines, int unknowns)
    {
        int width = unknowns + 1;
        for (int k = 0; k < unknowns; k++)
        {
            int pivot = k;
            for (int r = k + 1; r < unknowns; r++)
            {
                pivot = Math.Abs(lines[(r * width) + k]) > Math.Abs(lines[(pivot * width) + k]) ? r : pivot;
            }

            if (Math.Abs(lines[(pivot * width) + k]) < 1e-13)
            {
                return false;
            }

            for (int c = 0; c < width; c++)
            {
                (lines[(k * width) + c], lines[(pivot * width) + c]) = (lines[(pivot * width) + c], lines[(k * width) + c]);
            }

            for (int r = 0; r < unknowns; r++)
            {
                double factor = r == k ? 0 : lines[(r * width) + k] / lines[(k * width) + k];
                for (int c = k; factor != 0 && c < width; c++)
                {
                    lines[(r * width) + c] -= factor * lines[(k * width) + c];
                }
            }
        }

        for (int k = 0; k < unknowns; k++)
        {
            lines[(k * width) + unknowns] /= lines[(k * width) + k];
        }

        return true;
    }

    /// <summary>Keeps the tried pair where it has less regret than the kept one.</summary>
    private void Keep(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double valueA = 0, valueB = 0, bestA = double.NegativeInfinity, bestB = double.NegativeInfinity;
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int j = 0; j < columns; j++)
            {
                sum += triedColumn[j] * a[(i * columns) + j];
            }

            (valueA, bestA) = (valueA + (triedRow[i] * sum), Math.Max(bestA, sum));
        }

        for (int j = 0; j < columns; j++)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++)
            {
                sum += triedRow[i] * b[(i * columns) + j];
            }

            (valueB, bestB) = (valueB + (triedColumn[j] * sum), Math.Max(bestB, sum));
        }

        double regret = Math.Max(bestA - valueA, bestB - valueB);
        if (regret < Regret)
        {
            (Regret, FirstValue, SecondValue) = (regret, valueA, valueB);
            triedRow.CopyTo(row, 0);
            triedColumn.CopyTo(column, 0);
        }
    }

    private static double Range(ReadOnlySpan<double> values)
    {
        double least = double.PositiveInfinity, most = double.NegativeInfinity;
        foreach (double value in values)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return most - least;
    }

    // multiples of the golden ratio, modulo 1: spread evenly, and no two alike
    private static void Move(ReadOnlySpan<double> payoffs, Span<double> moved, double distance)
    {
        for (int k = 0; k < payoffs.Length; k++)
        {
            moved[k] = payoffs[k] + (distance * ((0.6180339887498949 * (k + 1)) % 1));
        }
    }
}
