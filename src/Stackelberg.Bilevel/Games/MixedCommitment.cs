namespace Stackelberg.Bilevel;

/// <summary>
/// Stackelberg equilibria with mixed commitment: the leader announces probabilities, and the follower answers knowing these but not the action drawn.
/// One linear program for every answer (Conitzer and Sandholm 2006), in exact arithmetic.
/// </summary>
/// <remarks>
/// Optimistic ties: the value is the largest that the leader gets where an answer is best, and it is attained. Pessimistic ties: the value is the
/// supremum over commitments x of the least that the leader gets from any best answer to x. Only answers that are best on a region of full dimension
/// count, as the leader can step into its inside (von Stengel and Zamir 2010); there it may be worth more than any commitment pays exactly, which
/// <see cref="CommitmentResult.Attained"/> tells. Answers that pay the follower the same against every row count as one, worth their worst.
/// </remarks>
public static class MixedCommitment
{
    /// <summary>The most cells that a game may have: 32×32.</summary>
    public const int MostCells = 1024;

    /// <summary>The most actions that the follower may have: there is a program for each.</summary>
    public const int MostColumns = 64;

    /// <summary>Finds the value and the optimal commitments.</summary>
    /// <param name="ties">What the follower does where several answers are equally good for it.</param>
    /// <param name="preference">Which commitments to list where several are equally good for the leader.</param>
    /// <returns>Complete up to 63 actions of both players together, unless the optimal commitments have too many vertices to enumerate; otherwise
    /// one commitment for every optimal answer.</returns>
    /// <exception cref="GameLimitException">The game has more than <see cref="MostCells"/> cells or <see cref="MostColumns"/> columns.</exception>
    public static CommitmentResult Find(BimatrixGame game, FollowerTies ties = FollowerTies.Optimistic, FollowerPreference preference = FollowerPreference.None)
    {
        if (game.Rows * game.Columns > MostCells || game.Columns > MostColumns)
        {
            throw new GameLimitException($"mixed commitment takes games of at most {MostCells} cells and {MostColumns} columns; this one is {game.Rows} x {game.Columns}");
        }

        bool pessimistic = ties == FollowerTies.Pessimistic;
        List<CommitmentRegion> regions = [.. pessimistic ? CommitmentRegion.OfClasses(game).Where(r => r.HasInside()) : CommitmentRegion.OfAnswers(game)];
        (Rational? best, bool complete) = (null, true);
        List<(CommitmentRegion Region, Rational[] Point)> optimal = [];
        foreach (CommitmentRegion region in regions)
        {
            if (region.Maximise() is { } found && (best is null || found.Value >= best))
            {
                optimal.RemoveAll(_ => found.Value > best);
                optimal.Add((region, found.Point));
                best = found.Value;
            }
        }

        List<Commitment> commitments = [];
        foreach ((CommitmentRegion region, Rational[] point) in optimal)
        {
            IReadOnlyList<Rational[]> points = Vertices(region, best!.Value, point, ref complete);
            if (pessimistic && !points.Any(x => Attains(game, x, best.Value)) && region.PointThatAttains(best.Value) is { } within)
            {
                points = [.. points, within];
            }

            foreach (Rational[] x in points)
            {
                foreach (int j in region.Answers)
                {
                    StrategyPair play = StrategyPair.In(game, x, StrategyPair.Pure(game.Columns, j));
                    if (play.LeaderValue == best)
                    {
                        commitments.Add(new Commitment(play, j, !pessimistic || Attains(game, x, best.Value)));
                    }
                }
            }
        }

        bool? degenerate = PureCommitment.HasTwins(game) ? true : BestResponseVertices.Degenerate(game);
        return new CommitmentResult(best!.Value, CommitmentResult.Ordered(commitments, preference), commitments.Any(c => c.Attained), complete, degenerate);
    }

    private static IReadOnlyList<Rational[]> Vertices(CommitmentRegion region, Rational value, Rational[] point, ref bool complete)
    {
        try
        {
            return region.OptimalVertices(value);
        }
        catch (GameLimitException)
        {
            complete = false;
            return [point];
        }
    }

    // with pessimistic ties
    private static bool Attains(BimatrixGame game, Rational[] x, Rational value)
    {
        Rational[] payoffs = [.. Enumerable.Range(0, game.Columns).Select(j => game.FollowerPayoff(x, j))];
        Rational best = payoffs.Max();
        return Enumerable.Range(0, game.Columns).All(j => payoffs[j] != best || game.LeaderPayoff(x, j) >= value);
    }
}
