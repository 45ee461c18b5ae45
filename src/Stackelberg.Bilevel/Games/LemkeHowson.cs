using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>One Nash equilibrium by complementary pivoting (Lemke and Howson 1964) with the lexicographic rule, in exact arithmetic.</summary>
/// <remarks>Which equilibrium is found depends on the label that is dropped first; equilibria that no label leads to exist, so that restarts are no way
/// to find all. Degenerate games end as all others do.</remarks>
public static class LemkeHowson
{
    /// <summary>The most pivots; paths can be exponentially long, though only in games made for it.</summary>
    public const int MostPivots = 100_000;

    /// <summary>Follows the path from one label.</summary>
    /// <param name="label">The action dropped first: 0 to m − 1 are rows, m to m + n − 1 columns.</param>
    /// <returns>The equilibrium at the path's end, verified by definition.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such label.</exception>
    /// <exception cref="GameLimitException">The path is longer than <see cref="MostPivots"/>.</exception>
    public static StrategyPair Find(BimatrixGame game, int label)
    {
        (int m, int n) = (game.Rows, game.Columns);
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, m + n);
        IntegerPayoffs a = IntegerPayoffs.OfLeader(game), b = IntegerPayoffs.OfFollower(game);

        // Bᵀx + s = 1 and Ay + r = 1: x and r carry the labels of the rows, y and s those of the columns
        LexicographicTableau leader = Tableau(m, n, (j, i) => b[i, j]), follower = Tableau(n, m, (i, j) => a[i, j]);
        int entering = label;
        bool inLeader = label < m;
        for (int pivots = 0; pivots < MostPivots; pivots++)
        {
            int left = inLeader ? leader.Enter(entering) : (follower.Enter((entering + n) % (m + n)) + m) % (m + n);
            if (left == label)
            {
                return StrategyPair.In(game, StrategyPair.Normalised(leader.Solution()), StrategyPair.Normalised(follower.Solution())).VerifiedNash(game);
            }

            (entering, inLeader) = (left, !inLeader);
        }

        throw new GameLimitException($"the path of Lemke and Howson from label {label} is longer than {MostPivots} pivots; try another label");
    }

    private static LexicographicTableau Tableau(int variables, int rows, Func<int, int, BigInteger> entry)
    {
        BigInteger[][] coefficients = new BigInteger[rows][];
        for (int k = 0; k < rows; k++)
        {
            coefficients[k] = new BigInteger[variables];
            for (int v = 0; v < variables; v++)
            {
                coefficients[k][v] = entry(k, v);
            }
        }

        return new LexicographicTableau(coefficients, [.. Enumerable.Repeat(BigInteger.One, rows)]);
    }
}
