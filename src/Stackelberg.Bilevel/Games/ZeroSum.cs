using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>The solution of a game whose payoffs always add up to the same sum.</summary>
/// <param name="Value">What the leader gets under optimal play; the follower gets the rest of the sum.</param>
/// <param name="Solutions">Pairs of optimal strategies: each one of the leader's extreme optimal strategies with each one of the follower's.</param>
/// <param name="Complete">Whether all extreme optimal strategies are there; otherwise one pair.</param>
/// <param name="Degenerate">Whether some mixed strategy has more pure best responses than actions it uses; null where the game is too large to find out.</param>
public sealed record ZeroSumResult(Rational Value, IReadOnlyList<StrategyPair> Solutions, bool Complete, bool? Degenerate);

/// <summary>
/// Zero-sum games, and constant-sum ones with them, by linear programming (von Neumann 1928, Dantzig 1951) in exact arithmetic. Nash equilibrium and
/// Stackelberg equilibrium with mixed commitment have the same value here, and neither player has a use for moving first.
/// </summary>
public static class ZeroSum
{
    /// <summary>The most cells that a game may have: 32×32.</summary>
    public const int MostCells = MixedCommitment.MostCells;

    /// <summary>Finds the value and the optimal strategies.</summary>
    /// <exception cref="ArgumentException">The sum of the payoffs is not the same in all cells; the message names two that differ.</exception>
    /// <exception cref="GameLimitException">The game has more than <see cref="MostCells"/> cells.</exception>
    public static ZeroSumResult Find(BimatrixGame game)
    {
        RequireConstantSum(game);
        if (game.Rows * game.Columns > MostCells)
        {
            throw new GameLimitException($"zero-sum programs take games of at most {MostCells} cells; this one is {game.Rows} x {game.Columns}");
        }

        BimatrixGame exchanged = game.Exchanged();
        (Rational value, Rational[] x) = Maximin(game);
        (_, Rational[] y) = Maximin(exchanged);
        bool complete = true;
        IReadOnlyList<Rational[]> leader = Extreme(game, value, x, ref complete);
        IReadOnlyList<Rational[]> follower = Extreme(exchanged, game.Leader(0, 0) + game.Follower(0, 0) - value, y, ref complete);
        IEnumerable<StrategyPair> pairs = leader.SelectMany(_ => follower, (a, b) => StrategyPair.In(game, a, b).VerifiedNash(game));
        return new ZeroSumResult(value, NashResult.Ordered(pairs), complete, BestResponseVertices.Degenerate(game));
    }

    private static void RequireConstantSum(BimatrixGame game)
    {
        Rational sum = game.Leader(0, 0) + game.Follower(0, 0);
        for (int k = 1; k < game.Rows * game.Columns; k++)
        {
            (int i, int j) = (k / game.Columns, k % game.Columns);
            Rational other = game.Leader(i, j) + game.Follower(i, j);
            if (other != sum)
            {
                throw new ArgumentException($"the payoffs add up to {sum} in row 0, column 0 and to {other} in row {i}, column {j}: the game is neither zero-sum nor constant-sum", nameof(game));
            }
        }
    }

    // max v, the last coordinate, with v ≤ a_j·x for all columns j
    private static (Rational Value, Rational[] Strategy) Maximin(BimatrixGame game)
    {
        IntegerPayoffs payoffs = IntegerPayoffs.OfLeader(game);
        BigInteger[] objective = new BigInteger[game.Rows + 1];
        objective[^1] = BigInteger.One;
        (Rational value, Rational[] point) = ExactSimplex.Maximise(
            objective,
            Enumerable.Range(0, game.Columns).Select(j => (BigInteger[])[.. Enumerable.Range(0, game.Rows).Select(i => -payoffs[i, j]), BigInteger.One]),
            game.Rows);
        return (payoffs.Back(value), StrategyPair.Normalised(point[..^1]));
    }

    private static IReadOnlyList<Rational[]> Extreme(BimatrixGame game, Rational value, Rational[] one, ref bool complete)
    {
        IntegerPayoffs payoffs = IntegerPayoffs.OfLeader(game);
        Rational whole = payoffs.Forth(value);
        try
        {
            List<BigInteger[]> inequalities = [.. Enumerable.Range(0, game.Columns).Select(j =>
                (BigInteger[])[.. Enumerable.Range(0, game.Rows).Select(i => (whole.Denominator * payoffs[i, j]) - whole.Numerator)])];
            return [.. ExtremeRays.Of(game.Rows, inequalities).Select(ray => ray.Normalised(game.Rows))];
        }
        catch (GameLimitException)
        {
            complete = false;
            return [one];
        }
    }
}
