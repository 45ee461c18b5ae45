namespace Stackelberg.Environments;

/// <summary>Where an episode of a repeated game with memory starts.</summary>
public enum RepeatedGameStart
{
    /// <summary>In a state of its own: nothing was played yet.</summary>
    NoHistory,

    /// <summary>As if a uniformly drawn joint action had been played before.</summary>
    UniformHistory,
}

/// <summary>A normal-form game of any number of players: one payoff per player for every joint action.</summary>
/// <remarks>In games of two players the first is the leader and chooses the row, the second is the follower and chooses the column.</remarks>
public sealed class MatrixGame
{
    private readonly double[][] payoffs;

    /// <summary>A game from its payoffs.</summary>
    /// <param name="name">Name of the game.</param>
    /// <param name="players">Names in the order of play.</param>
    /// <param name="actions">Per player the names of its actions.</param>
    /// <param name="payoffs">Per player its payoff for every joint action, row by row: the last player's action changes fastest.</param>
    /// <exception cref="ArgumentException">Lengths do not fit together, or a payoff is not finite.</exception>
    public MatrixGame(
        string name, IReadOnlyList<string> players, IReadOnlyList<IReadOnlyList<string>> actions, IReadOnlyList<IReadOnlyList<double>> payoffs)
    {
        int joint = MarkovGame.CountJointActions(name, players, actions, 1);
        if (payoffs.Count != players.Count || payoffs.Any(p => p.Count != joint))
        {
            throw new ArgumentException($"{name}: {players.Count} players with {joint} joint actions need {players.Count} lists of {joint} payoffs; got " +
                $"{payoffs.Count} list(s) of {string.Join(", ", payoffs.Select(p => p.Count))}.", nameof(payoffs));
        }

        if (payoffs.Any(p => p.Any(v => !double.IsFinite(v))))
        {
            throw new ArgumentException($"{name}: a payoff is not finite.", nameof(payoffs));
        }

        (Name, Players, Actions, JointActionCount) = (name, players, actions, joint);
        this.payoffs = [.. payoffs.Select(p => p.ToArray())];
    }

    /// <summary>Name of the game.</summary>
    public string Name { get; }

    /// <summary>Names of the players in the order of play.</summary>
    public IReadOnlyList<string> Players { get; }

    /// <summary>Per player the names of its actions.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Actions { get; }

    /// <summary>Number of joint actions.</summary>
    public int JointActionCount { get; }

    /// <summary>A player's payoffs for all joint actions, row by row.</summary>
    public ReadOnlySpan<double> Payoffs(int player) => payoffs[player];

    /// <summary>A two-player game from the leader's and the follower's matrix; actions are called A, B, C … and X, Y, Z (A, B, C … beyond three).</summary>
    /// <exception cref="ArgumentException">The matrices differ in shape, or a payoff is not finite.</exception>
    public static MatrixGame Bimatrix(string name, double[,] leader, double[,] follower)
    {
        (int rows, int columns) = (leader.GetLength(0), leader.GetLength(1));
        if (follower.GetLength(0) != rows || follower.GetLength(1) != columns)
        {
            throw new ArgumentException(
                $"{name}: the leader's matrix is {rows} x {columns}, the follower's {follower.GetLength(0)} x {follower.GetLength(1)}; they must agree.",
                nameof(follower));
        }

        return new MatrixGame(name, ["leader", "follower"], [Letters('A', rows), Letters(columns <= 3 ? 'X' : 'A', columns)],
            [[.. leader.Cast<double>()], [.. follower.Cast<double>()]]);
    }

    /// <summary>The game as played once: one state, and every joint action terminates.</summary>
    public MarkovGame Once() => new(Name, Players, Actions, ["start"], [1], (_, joint, rewards) =>
    {
        Pay(joint, rewards);
        return (0, true);
    });

    /// <summary>The game repeated without end; a time limit is the environment's affair.</summary>
    public MarkovGame Repeated() => new($"{Name} repeated", Players, Actions, ["start"], [1], (_, joint, rewards) =>
    {
        Pay(joint, rewards);
        return (0, false);
    });

    /// <summary>The game repeated without end by players who remember the last joint action: its number is the state.</summary>
    public MarkovGame RepeatedWithMemory(RepeatedGameStart from)
    {
        int count = JointActionCount;
        bool extra = from == RepeatedGameStart.NoHistory;
        string[] states = new string[extra ? count + 1 : count];
        double[] start = new double[states.Length];
        int[] split = new int[Players.Count];
        MarkovGame once = Once();
        for (int joint = 0; joint < count; joint++)
        {
            once.Split(joint, split);
            states[joint] = string.Join("-", split.Select((a, player) => Actions[player][a]));
            start[joint] = extra ? 0 : 1.0 / count;
        }

        if (extra)
        {
            (states[count], start[count]) = ("start", 1);
        }

        return new MarkovGame($"{Name} repeated", Players, Actions, states, start, (_, joint, rewards) => (Pay(joint, rewards), false));
    }

    /// <summary>Pearson's correlation of two players' payoffs over all joint actions: the cooperation level of the pair.</summary>
    /// <exception cref="InvalidOperationException">A player's payoffs are all equal, so that no correlation exists.</exception>
    public double CooperationLevel(int player = 0, int other = 1)
    {
        double mean = payoffs[player].Average(), otherMean = payoffs[other].Average();
        (double cross, double square, double otherSquare) = (0, 0, 0);
        for (int k = 0; k < JointActionCount; k++)
        {
            (double a, double b) = (payoffs[player][k] - mean, payoffs[other][k] - otherMean);
            (cross, square, otherSquare) = (cross + (a * b), square + (a * a), otherSquare + (b * b));
        }

        return square > 0 && otherSquare > 0
            ? cross / Math.Sqrt(square * otherSquare)
            : throw new InvalidOperationException($"{Name}: a player's payoffs are all equal; their correlation with another's does not exist.");
    }

    private static string[] Letters(char first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => first + i <= 'Z' ? ((char)(first + i)).ToString() : $"{first}{i}")];

    private int Pay(ReadOnlySpan<int> joint, Span<double> rewards)
    {
        int index = 0;
        for (int player = 0; player < joint.Length; player++)
        {
            index = (index * Actions[player].Count) + joint[player];
        }

        for (int player = 0; player < rewards.Length; player++)
        {
            rewards[player] = payoffs[player][index];
        }

        return index;
    }
}
