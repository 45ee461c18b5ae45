namespace Stackelberg.Bilevel;

/// <summary>
/// Stackelberg equilibria with pure commitment: the leader takes an action, the follower sees it and answers. This is the equilibrium of bi-level
/// learners such as Bi-AC (Zhang et al. 2020).
/// </summary>
public static class PureCommitment
{
    /// <summary>Finds all of them by looking at every row.</summary>
    /// <param name="ties">What the follower does where several answers are equally good for it.</param>
    /// <param name="preference">Which commitments to list where several are equally good for the leader.</param>
    /// <returns>Always complete, and attained.</returns>
    public static CommitmentResult Find(BimatrixGame game, FollowerTies ties = FollowerTies.Optimistic, FollowerPreference preference = FollowerPreference.None)
    {
        List<(int Row, int Column, Rational Value)> plays = [];
        for (int i = 0; i < game.Rows; i++)
        {
            List<int> answers = BestAnswers(game, i);
            Rational value = ties == FollowerTies.Optimistic ? answers.Max(j => game.Leader(i, j)) : answers.Min(j => game.Leader(i, j));
            foreach (int j in answers)
            {
                if (game.Leader(i, j) == value)
                {
                    plays.Add((i, j, value));
                }
            }
        }

        Rational best = plays.Max(p => p.Value);
        IEnumerable<Commitment> optimal = plays.Where(p => p.Value == best).Select(p => new Commitment(
            new StrategyPair(StrategyPair.Pure(game.Rows, p.Row), StrategyPair.Pure(game.Columns, p.Column), best, game.Follower(p.Row, p.Column)), p.Column, Attained: true));
        return new CommitmentResult(best, CommitmentResult.Ordered(optimal, preference), Attained: true, Complete: true, HasTies(game) || HasTwins(game));
    }

    /// <summary>The columns that pay the follower most against a row, ascending.</summary>
    public static List<int> BestAnswers(BimatrixGame game, int row)
    {
        List<int> best = [0];
        for (int j = 1; j < game.Columns; j++)
        {
            int order = game.Follower(row, j).CompareTo(game.Follower(row, best[0]));
            if (order > 0)
            {
                best.Clear();
            }

            if (order >= 0)
            {
                best.Add(j);
            }
        }

        return best;
    }

    /// <summary>Whether a pure strategy of either player has several best responses.</summary>
    public static bool HasTies(BimatrixGame game) => FollowerHasTies(game) || FollowerHasTies(game.Exchanged());

    /// <summary>Whether two rows, or two columns, are the same for both players.</summary>
    internal static bool HasTwins(BimatrixGame game) => HasTwinRows(game) || HasTwinRows(game.Exchanged());

    private static bool HasTwinRows(BimatrixGame game)
    {
        HashSet<string> rows = [];
        return !Enumerable.Range(0, game.Rows).All(i => rows.Add(string.Join(' ', Enumerable.Range(0, game.Columns).Select(j => $"{game.Leader(i, j)} {game.Follower(i, j)}"))));
    }

    private static bool FollowerHasTies(BimatrixGame game) => Enumerable.Range(0, game.Rows).Any(i => BestAnswers(game, i).Count > 1);
}
