using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>
/// Nash equilibria with supports of equal size: for every pair of supports the strategies that make the other player indifferent on its own
/// (von Stengel 2002, algorithm 2.2). In a game that is not degenerate these are all equilibria; in others some may be missing.
/// </summary>
/// <remarks>Shares nothing with <see cref="VertexEnumeration"/> but the fractions. The pairs of supports number C(m+n, n) − 1.</remarks>
public static class SupportEnumeration
{
    /// <summary>The most pairs of supports that are looked at: games up to 10×10.</summary>
    public const int MostSupports = 200_000;

    /// <summary>Finds them.</summary>
    /// <returns>Complete only where the game is not degenerate, which is determined exactly on the way.</returns>
    /// <exception cref="GameLimitException">There are more than <see cref="MostSupports"/> pairs of supports.</exception>
    public static NashResult Find(BimatrixGame game)
    {
        if (CountSupports(game.Rows, game.Columns) > MostSupports)
        {
            throw new GameLimitException($"a game of {game.Rows} x {game.Columns} has more than {MostSupports} pairs of supports; enumerate vertices instead");
        }

        BimatrixGame exchanged = game.Exchanged();
        List<StrategyPair> equilibria = [];
        bool degenerate = false;
        foreach (int[] rows in Subsets(game.Rows))
        {
            foreach (int[] columns in Subsets(game.Columns))
            {
                if (rows.Length != columns.Length)
                {
                    continue;
                }

                Rational[]? x = Indifferent(game, rows, columns, ref degenerate), y = Indifferent(exchanged, columns, rows, ref degenerate);
                if (x is not null && y is not null)
                {
                    equilibria.Add(StrategyPair.In(game, x, y).VerifiedNash(game));
                }
            }
        }

        return new NashResult(NashResult.Ordered(equilibria), Complete: !degenerate, degenerate);
    }

    // The one mixture of exactly these own actions to which exactly or at least these answers are best; null where there is none, or no single one.
    // A strategy with more answers than actions always shows up here, because as many of its answers as it has actions determine it.
    private static Rational[]? Indifferent(BimatrixGame game, int[] own, int[] answers, ref bool degenerate)
    {
        int size = own.Length;
        Rational[,] system = new Rational[size + 1, size + 2];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                system[j, i] = game.Follower(own[i], answers[j]);
            }

            system[i, size] = -1;
            system[size, i] = 1;
        }

        system[size, size + 1] = 1;
        if (!LinearSystem.Solve(system))
        {
            return null;
        }

        Rational[] strategy = new Rational[game.Rows];
        for (int i = 0; i < size; i++)
        {
            strategy[own[i]] = system[i, size + 1];
            if (strategy[own[i]].Sign <= 0)
            {
                return null;
            }
        }

        Rational value = system[size, size + 1];
        bool ties = false;
        for (int j = 0, next = 0; j < game.Columns; j++)
        {
            if (next < size && answers[next] == j)
            {
                next++;
                continue;
            }

            int order = game.FollowerPayoff(strategy, j).CompareTo(value);
            if (order > 0)
            {
                return null;
            }

            ties |= order == 0;
        }

        degenerate |= ties;
        return strategy;
    }

    private static IEnumerable<int[]> Subsets(int count)
    {
        for (uint set = 1; set < 1u << count; set++)
        {
            int[] members = new int[BitOperations.PopCount(set)];
            for (int i = 0, k = 0; i < count; i++)
            {
                if ((set >> i & 1) != 0)
                {
                    members[k++] = i;
                }
            }

            yield return members;
        }
    }

    private static BigInteger CountSupports(int rows, int columns)
    {
        BigInteger count = BigInteger.One;
        for (int k = 1; k <= Math.Min(rows, columns); k++)
        {
            count = count * (rows + columns + 1 - k) / k;
        }

        return count - 1;
    }
}
