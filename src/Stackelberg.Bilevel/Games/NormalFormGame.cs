namespace Stackelberg.Bilevel;

/// <summary>A finite game in normal form of any number of players with exact payoffs.</summary>
/// <remarks>
/// Joint actions (profiles) are numbered row by row: the last player's action changes fastest. Games of two players are turned into a
/// <see cref="BimatrixGame"/>, which more solvers take; for three and more there is <see cref="PureNash"/> alone.
/// </remarks>
public sealed class NormalFormGame
{
    /// <summary>The most actions that a player may have.</summary>
    public const int MostActions = 2000;

    /// <summary>The most joint actions that a game may have.</summary>
    public const int MostProfiles = 1_000_000;

    private readonly Rational[][] payoffs;

    /// <summary>A game from its payoffs.</summary>
    /// <param name="name">What it is called; may be empty.</param>
    /// <param name="players">Names in the order of play; the first one leads.</param>
    /// <param name="actions">Per player the names of its actions.</param>
    /// <param name="payoffs">Per player its payoff for every joint action, the last player's action changing fastest.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together, a player has no action, or the game is too large.</exception>
    public NormalFormGame(
        string name, IReadOnlyList<string> players, IReadOnlyList<IReadOnlyList<string>> actions, IReadOnlyList<IReadOnlyList<Rational>> payoffs)
    {
        if (players.Count == 0 || actions.Count != players.Count || payoffs.Count != players.Count)
        {
            throw new ArgumentException(
                $"{players.Count} player(s), {actions.Count} list(s) of actions and {payoffs.Count} list(s) of payoffs; a game has at least one player, and as many lists of either kind.");
        }

        ProfileCount = CountProfiles([.. actions.Select(a => a.Count)]);
        if (payoffs.FirstOrDefault(p => p.Count != ProfileCount) is { } wrong)
        {
            throw new ArgumentException($"{ProfileCount} joint actions need as many payoffs of each player; one has {wrong.Count}.", nameof(payoffs));
        }

        (Name, Players, Actions) = (name, [.. players], [.. actions.Select(a => a.ToArray())]);
        this.payoffs = [.. payoffs.Select(p => p.ToArray())];
    }

    /// <summary>What the game is called; may be empty.</summary>
    public string Name { get; }

    /// <summary>Names of the players in the order of play; the first one leads.</summary>
    public IReadOnlyList<string> Players { get; }

    /// <summary>Per player the names of its actions.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Actions { get; }

    /// <summary>Number of joint actions.</summary>
    public int ProfileCount { get; }

    /// <summary>A player's payoffs for all joint actions, the last player's action changing fastest.</summary>
    public ReadOnlySpan<Rational> Payoffs(int player) => payoffs[player];

    /// <summary>The number by which a joint action grows when this player takes its next action.</summary>
    public int Stride(int player)
    {
        int stride = 1;
        for (int later = player + 1; later < Players.Count; later++)
        {
            stride *= Actions[later].Count;
        }

        return stride;
    }

    /// <summary>The single actions of a numbered joint action.</summary>
    public int[] Split(int profile)
    {
        int[] split = new int[Players.Count];
        for (int player = Players.Count - 1; player >= 0; player--)
        {
            (profile, split[player]) = Math.DivRem(profile, Actions[player].Count);
        }

        return split;
    }

    /// <summary>The game as two matrices, the first player's actions being the rows.</summary>
    /// <exception cref="InvalidOperationException">There are not two players.</exception>
    public BimatrixGame ToBimatrix()
    {
        if (Players.Count != 2)
        {
            throw new InvalidOperationException($"The game has {Players.Count} player(s), not 2: only pure Nash equilibria are computed for it.");
        }

        (int rows, int columns) = (Actions[0].Count, Actions[1].Count);
        (Rational[,] leader, Rational[,] follower) = (new Rational[rows, columns], new Rational[rows, columns]);
        for (int k = 0; k < ProfileCount; k++)
        {
            (leader[k / columns, k % columns], follower[k / columns, k % columns]) = (payoffs[0][k], payoffs[1][k]);
        }

        return new BimatrixGame(leader, follower) { Name = Name, LeaderActions = Actions[0], FollowerActions = Actions[1] };
    }

    /// <summary>The number of joint actions of players with so many actions.</summary>
    /// <exception cref="ArgumentException">A player has no action or more than <see cref="MostActions"/>, or there are more than <see cref="MostProfiles"/> joint actions.</exception>
    internal static int CountProfiles(IReadOnlyList<int> counts)
    {
        long product = 1;
        foreach (int count in counts)
        {
            product *= count is >= 1 and <= MostActions
                ? count
                : throw new ArgumentException($"A player has {count} actions; 1 to {MostActions} are possible.");
            if (product > MostProfiles)
            {
                throw new ArgumentException($"The game has more than {MostProfiles} joint actions ({string.Join(" x ", counts)}); make it smaller.");
            }
        }

        return (int)product;
    }
}
