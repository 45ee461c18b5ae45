namespace Stackelberg.Bilevel;

/// <summary>A mixed strategy of each player and what they are worth.</summary>
/// <param name="Leader">Probabilities of the rows, length m, adding up to 1.</param>
/// <param name="Follower">Probabilities of the columns, length n, adding up to 1.</param>
/// <param name="LeaderValue">What the leader gets on average.</param>
/// <param name="FollowerValue">What the follower gets on average.</param>
public sealed record StrategyPair(IReadOnlyList<Rational> Leader, IReadOnlyList<Rational> Follower, Rational LeaderValue, Rational FollowerValue)
{
    /// <summary>Two strategies with their values in a game.</summary>
    public static StrategyPair In(BimatrixGame game, IReadOnlyList<Rational> leader, IReadOnlyList<Rational> follower)
    {
        (Rational first, Rational second) = (default, default);
        for (int j = 0; j < game.Columns; j++)
        {
            if (!follower[j].IsZero)
            {
                first += follower[j] * game.LeaderPayoff(leader, j);
                second += follower[j] * game.FollowerPayoff(leader, j);
            }
        }

        return new StrategyPair(leader, follower, first, second);
    }

    /// <summary>Whether both are distributions and neither player gains by another pure strategy: the definition of a Nash equilibrium, in exact arithmetic.</summary>
    public bool IsNash(BimatrixGame game)
    {
        if (!IsDistribution(Leader, game.Rows) || !IsDistribution(Follower, game.Columns))
        {
            return false;
        }

        for (int i = 0; i < game.Rows; i++)
        {
            if (game.RowPayoff(i, Follower) > LeaderValue)
            {
                return false;
            }
        }

        return FollowerAnswersBest(game);
    }

    /// <summary>Whether no column pays the follower more against the leader's strategy.</summary>
    public bool FollowerAnswersBest(BimatrixGame game)
    {
        for (int j = 0; j < game.Columns; j++)
        {
            if (game.FollowerPayoff(Leader, j) > FollowerValue)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether these are the same strategies as another's.</summary>
    public bool HasStrategiesOf(StrategyPair other) => Leader.SequenceEqual(other.Leader) && Follower.SequenceEqual(other.Follower);

    internal static Rational[] Pure(int count, int action)
    {
        Rational[] strategy = new Rational[count];
        strategy[action] = Rational.One;
        return strategy;
    }

    /// <summary>The weights divided by their sum.</summary>
    internal static Rational[] Normalised(Rational[] weights)
    {
        Rational sum = default;
        foreach (Rational weight in weights)
        {
            sum += weight;
        }

        return [.. weights.Select(w => w / sum)];
    }

    internal StrategyPair VerifiedNash(BimatrixGame game) => IsNash(game)
        ? this
        : throw new InvalidOperationException($"({string.Join(", ", Leader)}) x ({string.Join(", ", Follower)}) was found but is no equilibrium: a fault of this library, not of the game.");

    private static bool IsDistribution(IReadOnlyList<Rational> strategy, int count)
    {
        Rational sum = default;
        foreach (Rational probability in strategy)
        {
            if (probability.Sign < 0)
            {
                return false;
            }

            sum += probability;
        }

        return strategy.Count == count && sum == Rational.One;
    }
}
