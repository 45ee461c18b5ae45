namespace Stackelberg.Environments;

/// <summary>What follows a joint action in a state: the rule a <see cref="MarkovGame"/> is tabulated from.</summary>
/// <param name="state">Index of the present state.</param>
/// <param name="actions">One action index per player, in the order of play.</param>
/// <param name="rewards">Receives one reward per player.</param>
/// <returns>The next state, and whether the episode terminates there.</returns>
public delegate (int Next, bool Terminates) MarkovGameRule(int state, ReadOnlySpan<int> actions, Span<double> rewards);

/// <summary>
/// The exact model of a finite game with deterministic transitions: states, one set of actions per player, next states, rewards and ends. Matrix
/// games are those with one state.
/// </summary>
/// <remarks>
/// Joint actions are numbered row by row: the last player's action changes fastest, so that in a bimatrix game joint action i·n + j is row i (the
/// leader's), column j (the follower's). <see cref="MarkovGameEnvironment"/> plays it; solvers read it here.
/// </remarks>
public sealed class MarkovGame
{
    private const int LargestTable = 1 << 24;

    private readonly int[] next;
    private readonly bool[] terminates;
    private readonly double[] rewards;
    private readonly double[] start;

    /// <summary>Tabulates a rule over all states and joint actions.</summary>
    /// <param name="name">Name of the game.</param>
    /// <param name="players">Names in the order of play, the leader first.</param>
    /// <param name="actions">Per player the names of its actions.</param>
    /// <param name="states">Names of the states.</param>
    /// <param name="start">Probability of each state to start an episode; they add up to 1.</param>
    /// <param name="rule">What follows a joint action. Called once for every state and joint action.</param>
    /// <exception cref="ArgumentException">A list is empty or of the wrong length, the table would have more than 2²⁴ entries, the start is no
    /// distribution, or the rule gives a state that does not exist or a reward that is not finite.</exception>
    public MarkovGame(
        string name,
        IReadOnlyList<string> players,
        IReadOnlyList<IReadOnlyList<string>> actions,
        IReadOnlyList<string> states,
        ReadOnlySpan<double> start,
        MarkovGameRule rule)
    {
        (Name, Players, Actions, States, this.start) = (name, players, actions, states, start.ToArray());
        JointActionCount = CountJointActions(name, players, actions, states.Count);
        RequireDistribution();
        int rows = states.Count * JointActionCount;
        (next, terminates, rewards) = (new int[rows], new bool[rows], new double[rows * players.Count]);
        int[] joint = new int[players.Count];
        for (int row = 0; row < rows; row++)
        {
            int state = row / JointActionCount;
            Split(row % JointActionCount, joint);
            Span<double> reward = rewards.AsSpan(row * players.Count, players.Count);
            (next[row], terminates[row]) = rule(state, joint, reward);
            if ((uint)next[row] >= (uint)states.Count)
            {
                throw new ArgumentException($"{name}: joint action [{string.Join(", ", joint)}] in state '{states[state]}' leads to state {next[row]}; " +
                    $"there are states 0 to {states.Count - 1}.", nameof(rule));
            }

            foreach (double value in reward)
            {
                if (!double.IsFinite(value))
                {
                    throw new ArgumentException($"{name}: joint action [{string.Join(", ", joint)}] in state '{states[state]}' pays {value}; " +
                        "rewards must be finite.", nameof(rule));
                }
            }
        }
    }

    /// <summary>Name of the game.</summary>
    public string Name { get; }

    /// <summary>Names of the players in the order of play, the leader first.</summary>
    public IReadOnlyList<string> Players { get; }

    /// <summary>Per player the names of its actions.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Actions { get; }

    /// <summary>Names of the states.</summary>
    public IReadOnlyList<string> States { get; }

    /// <summary>The board on which the states are positions; null for none. Only for looking at: no dynamics follow from it.</summary>
    /// <remarks>Of two players; state = first player's cell · cells + second player's cell, with cell = x + width · y.</remarks>
    /// <exception cref="ArgumentException">There are not two players, or not as many states as positions.</exception>
    public GridBoard? Board
    {
        get;
        init => field = value is null || (Players.Count == 2 && Math.Pow((double)value.Width * value.Height, 2) == States.Count)
            ? value
            : throw new ArgumentException(
                $"{Name}: a board of {value.Width} x {value.Height} cells with {Players.Count} player(s) and {States.Count} states; two players and (width · height)² states are needed.",
                nameof(value));
    }

    /// <summary>Number of joint actions: the product of the players' numbers of actions.</summary>
    public int JointActionCount { get; }

    /// <summary>Probability of each state to start an episode.</summary>
    public ReadOnlySpan<double> Start => start;

    /// <summary>The state that follows.</summary>
    public int Next(int state, int jointAction) => next[(state * JointActionCount) + jointAction];

    /// <summary>Whether the episode terminates with this transition.</summary>
    public bool Terminates(int state, int jointAction) => terminates[(state * JointActionCount) + jointAction];

    /// <summary>What a player is paid for this transition.</summary>
    public double Reward(int state, int jointAction, int player) => rewards[(((state * JointActionCount) + jointAction) * Players.Count) + player];

    /// <summary>The number of a joint action.</summary>
    /// <exception cref="ArgumentException">Not one valid index per player.</exception>
    public int JointAction(params ReadOnlySpan<int> actions)
    {
        if (actions.Length != Players.Count)
        {
            throw new ArgumentException($"{Name} has {Players.Count} players; got {actions.Length} action(s).", nameof(actions));
        }

        int joint = 0;
        for (int player = 0; player < actions.Length; player++)
        {
            if ((uint)actions[player] >= (uint)Actions[player].Count)
            {
                throw new ArgumentException(
                    $"{Name}: {Players[player]} has actions 0 to {Actions[player].Count - 1}; got {actions[player]}.", nameof(actions));
            }

            joint = (joint * Actions[player].Count) + actions[player];
        }

        return joint;
    }

    /// <summary>The single actions of a numbered joint action; the inverse of <see cref="JointAction"/>.</summary>
    public void Split(int jointAction, Span<int> actions)
    {
        for (int player = Players.Count - 1; player >= 0; player--)
        {
            (jointAction, actions[player]) = Math.DivRem(jointAction, Actions[player].Count);
        }
    }

    internal static int CountJointActions(
        string name, IReadOnlyList<string> players, IReadOnlyList<IReadOnlyList<string>> actions, int states)
    {
        if (players.Count == 0 || actions.Count != players.Count || states == 0 || actions.Any(a => a.Count == 0))
        {
            throw new ArgumentException($"{name}: {players.Count} player(s), {actions.Count} list(s) of actions, {states} state(s); a game needs at " +
                "least one player and one state, and one list with at least one action for each player.");
        }

        double entries = (double)states * players.Count;
        foreach (IReadOnlyList<string> list in actions)
        {
            entries *= list.Count;
        }

        return entries <= LargestTable
            ? (int)(entries / states / players.Count)
            : throw new ArgumentException($"{name}: the table would have {entries} entries; at most {LargestTable} are kept. Make the game smaller.");
    }

    private void RequireDistribution()
    {
        if (start.Length != States.Count || start.Any(p => !(p >= 0)) || !(Math.Abs(start.Sum() - 1) <= 1e-9))
        {
            throw new ArgumentException($"{Name}: the start [{string.Join(", ", start)}] is no distribution over {States.Count} state(s).");
        }
    }
}
