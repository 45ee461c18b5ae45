namespace Stackelberg.Bilevel;

/// <summary>All Nash equilibria in pure strategies, of any number of players, by looking at every joint action.</summary>
public static class PureNash
{
    /// <summary>The joint actions from which no player gains by deviating alone.</summary>
    /// <returns>Their numbers, ascending; <see cref="NormalFormGame.Split"/> gives the actions. All of them; there may be none.</returns>
    public static IReadOnlyList<int> Find(NormalFormGame game)
    {
        List<int> found = [];
        for (int profile = 0; profile < game.ProfileCount; profile++)
        {
            if (IsEquilibrium(game, profile))
            {
                found.Add(profile);
            }
        }

        return found;
    }

    /// <summary>The cells of a game of two players from which neither gains by deviating alone, row by row; all of them.</summary>
    public static IReadOnlyList<(int Row, int Column)> Find(BimatrixGame game)
    {
        List<(int Row, int Column)> found = [];
        Rational[] best = new Rational[game.Columns];
        for (int j = 0; j < game.Columns; j++)
        {
            best[j] = game.Leader(0, j);
            for (int i = 1; i < game.Rows; i++)
            {
                best[j] = Rational.Max(best[j], game.Leader(i, j));
            }
        }

        for (int i = 0; i < game.Rows; i++)
        {
            foreach (int j in PureCommitment.BestAnswers(game, i))
            {
                if (game.Leader(i, j) == best[j])
                {
                    found.Add((i, j));
                }
            }
        }

        return found;
    }

    private static bool IsEquilibrium(NormalFormGame game, int profile)
    {
        int[] actions = game.Split(profile);
        for (int player = 0; player < actions.Length; player++)
        {
            ReadOnlySpan<Rational> payoffs = game.Payoffs(player);
            int stride = game.Stride(player), first = profile - (actions[player] * stride);
            for (int action = 0; action < game.Actions[player].Count; action++)
            {
                if (payoffs[first + (action * stride)] > payoffs[profile])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
