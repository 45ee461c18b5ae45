namespace Stackelberg.Bilevel;

/// <summary>What follows a joint action with some probability.</summary>
/// <param name="Next">The next state, or <see cref="FiniteMarkovGame.End"/>.</param>
/// <param name="Probability">Above 0; those of one joint action add up to 1.</param>
public readonly record struct MarkovTransition(int Next, Rational Probability);

/// <summary>What a joint action in a state does: the rule that a <see cref="FiniteMarkovGame"/> is tabulated from.</summary>
/// <returns>What the leader and the follower are paid, and what follows.</returns>
public delegate (Rational Leader, Rational Follower, IReadOnlyList<MarkovTransition> Transitions) FiniteMarkovRule(int state, int row, int column);

/// <summary>A Markov (stochastic) game of two players with finitely many states, exact rewards and exact transition probabilities.</summary>
public sealed class FiniteMarkovGame
{
    /// <summary>In place of a next state: the game ends.</summary>
    public const int End = -1;

    /// <summary>The most entries states × rows × columns.</summary>
    public const int MostEntries = 1_000_000;

    private readonly (Rational Leader, Rational Follower, MarkovTransition[] Transitions)[] table;

    /// <summary>Tabulates a rule over all states and joint actions.</summary>
    /// <param name="states">Number of states, at least 1.</param>
    /// <param name="rows">Number of the leader's actions in every state.</param>
    /// <param name="columns">Number of the follower's actions in every state.</param>
    /// <param name="rule">Called once for every state and joint action.</param>
    /// <exception cref="ArgumentException">A count is below 1 or the table too large, a next state does not exist, or probabilities are not above 0 or do
    /// not add up to 1.</exception>
    public FiniteMarkovGame(int states, int rows, int columns, FiniteMarkovRule rule)
    {
        if (Math.Min(states, Math.Min(rows, columns)) < 1 || (double)states * rows * columns > MostEntries)
        {
            throw new ArgumentException($"{states} state(s), {rows} x {columns} actions: at least 1 of each, and at most {MostEntries} entries in all.");
        }

        (States, Rows, Columns) = (states, rows, columns);
        table = new (Rational, Rational, MarkovTransition[])[states * rows * columns];
        for (int k = 0; k < table.Length; k++)
        {
            (int state, int row, int column) = (k / (rows * columns), k / columns % rows, k % columns);
            (Rational leader, Rational follower, IReadOnlyList<MarkovTransition> transitions) = rule(state, row, column);
            Rational sum = default;
            foreach (MarkovTransition t in transitions)
            {
                if (t.Next < End || t.Next >= states || t.Probability.Sign <= 0)
                {
                    throw new ArgumentException(
                        $"State {state}, row {row}, column {column} leads to state {t.Next} with probability {t.Probability}; states are 0 to {states - 1}, {End} is the end, probabilities are above 0.", nameof(rule));
                }

                sum += t.Probability;
            }

            table[k] = sum == Rational.One
                ? (leader, follower, [.. transitions])
                : throw new ArgumentException($"State {state}, row {row}, column {column}: the probabilities add up to {sum}, not 1.", nameof(rule));
        }
    }

    /// <summary>Number of states.</summary>
    public int States { get; }

    /// <summary>Number of the leader's actions.</summary>
    public int Rows { get; }

    /// <summary>Number of the follower's actions.</summary>
    public int Columns { get; }

    /// <summary>What the leader is paid at once.</summary>
    public Rational LeaderReward(int state, int row, int column) => At(state, row, column).Leader;

    /// <summary>What the follower is paid at once.</summary>
    public Rational FollowerReward(int state, int row, int column) => At(state, row, column).Follower;

    /// <summary>What follows.</summary>
    public ReadOnlySpan<MarkovTransition> Transitions(int state, int row, int column) => At(state, row, column).Transitions;

    /// <summary>The game of one stage: rewards plus discounted values of the state that follows, 0 at the end.</summary>
    /// <param name="leaderValues">The leader's value of every state.</param>
    /// <param name="followerValues">The follower's value of every state.</param>
    public BimatrixGame Stage(int state, IReadOnlyList<Rational> leaderValues, IReadOnlyList<Rational> followerValues, Rational discount)
    {
        (Rational[,] leader, Rational[,] follower) = (new Rational[Rows, Columns], new Rational[Rows, Columns]);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                (leader[i, j], follower[i, j], _) = At(state, i, j);
                foreach (MarkovTransition t in Transitions(state, i, j))
                {
                    if (t.Next != End)
                    {
                        leader[i, j] += discount * t.Probability * leaderValues[t.Next];
                        follower[i, j] += discount * t.Probability * followerValues[t.Next];
                    }
                }
            }
        }

        return new BimatrixGame(leader, follower);
    }

    /// <summary>The exact discounted values of stationary deterministic play.</summary>
    /// <param name="rows">The leader's action in every state.</param>
    /// <param name="columns">The follower's action in every state.</param>
    /// <param name="discount">0 ≤ γ &lt; 1.</param>
    internal (Rational[] Leader, Rational[] Follower) Evaluate(IReadOnlyList<int> rows, IReadOnlyList<int> columns, Rational discount)
    {
        Rational[][] values = new Rational[2][];
        for (int player = 0; player < 2; player++)
        {
            Rational[,] system = new Rational[States, States + 1];
            for (int s = 0; s < States; s++)
            {
                system[s, s] += Rational.One;
                foreach (MarkovTransition t in Transitions(s, rows[s], columns[s]))
                {
                    if (t.Next != End)
                    {
                        system[s, t.Next] -= discount * t.Probability;
                    }
                }

                system[s, States] = player == 0 ? LeaderReward(s, rows[s], columns[s]) : FollowerReward(s, rows[s], columns[s]);
            }

            // I − γP is regular for γ < 1
            LinearSystem.Solve(system);
            values[player] = [.. Enumerable.Range(0, States).Select(s => system[s, States])];
        }

        return (values[0], values[1]);
    }

    private (Rational Leader, Rational Follower, MarkovTransition[] Transitions) At(int state, int row, int column) => table[(((state * Rows) + row) * Columns) + column];
}
