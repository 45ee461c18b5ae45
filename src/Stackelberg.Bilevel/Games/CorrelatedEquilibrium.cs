using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>A correlated equilibrium: a public lottery over joint actions whose private recommendations no player gains by disobeying.</summary>
/// <param name="Joint">Probability of every joint action, m×n.</param>
/// <param name="LeaderValue">What the leader gets on average.</param>
/// <param name="FollowerValue">What the follower gets on average.</param>
public sealed record CorrelatedResult(Rational[,] Joint, Rational LeaderValue, Rational FollowerValue)
{
    /// <summary>Whether it is a distribution and obeying is best after every recommendation: the definition, in exact arithmetic.</summary>
    public bool IsEquilibrium(BimatrixGame game) => IsDistribution() && Obeys(game, (i, j) => Joint[i, j]) && Obeys(game.Exchanged(), (j, i) => Joint[i, j]);

    private static bool Obeys(BimatrixGame game, Func<int, int, Rational> joint)
    {
        for (int told = 0; told < game.Rows; told++)
        {
            for (int done = 0; done < game.Rows; done++)
            {
                Rational loss = default;
                for (int j = 0; j < game.Columns; j++)
                {
                    loss += joint(told, j) * (game.Leader(told, j) - game.Leader(done, j));
                }

                if (loss.Sign < 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool IsDistribution() =>
        Joint.Cast<Rational>().All(p => p.Sign >= 0) && Joint.Cast<Rational>().Aggregate(Rational.Zero, (sum, p) => sum + p) == Rational.One;
}

/// <summary>The correlated equilibrium (Aumann 1974) with the largest sum of payoffs, by one linear program in exact arithmetic.</summary>
public static class CorrelatedEquilibrium
{
    /// <summary>The most cells that a game may have: 6×6.</summary>
    public const int MostCells = 36;

    /// <summary>Finds one. The sum is the largest; other equilibria may reach it as well.</summary>
    /// <exception cref="GameLimitException">The game has more than <see cref="MostCells"/> cells.</exception>
    public static CorrelatedResult Find(BimatrixGame game)
    {
        (int m, int n) = (game.Rows, game.Columns);
        if (m * n > MostCells)
        {
            throw new GameLimitException($"the program of a correlated equilibrium takes games of at most {MostCells} cells; this one is {m} x {n}");
        }

        (IntegerPayoffs a, IntegerPayoffs b) = (IntegerPayoffs.OfLeader(game), IntegerPayoffs.OfFollower(game));
        List<BigInteger[]> incentives =
        [
            .. from told in Enumerable.Range(0, m)
               from done in Enumerable.Range(0, m)
               where told != done
               select Cells(m, n, (i, j) => i == told ? a[done, j] - a[told, j] : BigInteger.Zero),
            .. from told in Enumerable.Range(0, n)
               from done in Enumerable.Range(0, n)
               where told != done
               select Cells(m, n, (i, j) => j == told ? b[i, done] - b[i, told] : BigInteger.Zero),
        ];
        IntegerPayoffs sums = IntegerPayoffs.OfLeader(SumOf(game));
        (_, Rational[] point) = ExactSimplex.Maximise(Cells(m, n, (i, j) => sums[i, j]), incentives, m * n);

        Rational[,] joint = new Rational[m, n];
        (Rational leader, Rational follower) = (default, default);
        for (int k = 0; k < m * n; k++)
        {
            joint[k / n, k % n] = point[k];
            leader += point[k] * game.Leader(k / n, k % n);
            follower += point[k] * game.Follower(k / n, k % n);
        }

        CorrelatedResult result = new(joint, leader, follower);
        return result.IsEquilibrium(game) ? result : throw new InvalidOperationException("A lottery was found that is no correlated equilibrium: a fault of this library, not of the game.");
    }

    private static BimatrixGame SumOf(BimatrixGame game)
    {
        Rational[,] sum = new Rational[game.Rows, game.Columns];
        for (int i = 0; i < game.Rows; i++)
        {
            for (int j = 0; j < game.Columns; j++)
            {
                sum[i, j] = game.Leader(i, j) + game.Follower(i, j);
            }
        }

        return new BimatrixGame(sum, sum);
    }

    private static BigInteger[] Cells(int rows, int columns, Func<int, int, BigInteger> entry)
    {
        BigInteger[] cells = new BigInteger[rows * columns];
        for (int k = 0; k < cells.Length; k++)
        {
            cells[k] = entry(k / columns, k % columns);
        }

        return cells;
    }
}
