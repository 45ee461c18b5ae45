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
        for (int size = 1; size <= Math.Min(game.Rows, game.Columns); size++)
        {
            List<int[]> answers = [.. Subsets(game.Columns, size)];
            foreach (int[] rows in Subsets(game.Rows, size))
            {
                foreach (int[] columns in answers)
                {
                    Rational[]? x = Indifferent(game, rows, columns, ref degenerate), y = Indifferent(exchanged, columns, rows, ref degenerate);
                    if (x is not null && y is not null)
                    {
                        equilibria.Add(StrategyPair.In(game, x, y).VerifiedNash(game));
                    }
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

    // in lexicographic order
    private static IEnumerable<int[]> Subsets(int count, int size)
    {
        int[] members = [.. Enumerable.Range(0, size)];
        int last;
        do
        {
            yield return [.. members];
            for (last = size - 1; last >= 0 && members[last] == count - size + last; last--)
            {
            }

            for (int i = last; i >= 0 && i < size; i++)
            {
                members[i] = i == last ? members[i] + 1 : members[i - 1] + 1;
            }
        }
        while (last >= 0);
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
