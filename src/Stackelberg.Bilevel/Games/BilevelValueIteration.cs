namespace Stackelberg.Bilevel;

/// <summary>What became of bi-level value iteration.</summary>
public enum BilevelVerdict
{
    /// <summary>A fixed point whose play is worth to the leader what its optimal commitment is.</summary>
    Optimum,

    /// <summary>A fixed point, but the leader would get more by committing to another policy.</summary>
    SpuriousFixedPoint,

    /// <summary>No fixed point was reached: play went on changing, or the last joint policy does not reproduce itself exactly.</summary>
    NotConverged,
}

/// <summary>Where bi-level value iteration ended.</summary>
/// <param name="Verdict">Whether that is the bi-level optimum.</param>
/// <param name="LeaderPolicy">The leader's last action in every state.</param>
/// <param name="FollowerPolicy">The follower's answer to it in every state.</param>
/// <param name="LeaderValues">The leader's exact values of this play.</param>
/// <param name="FollowerValues">The follower's exact values of this play.</param>
/// <param name="LeaderValue">What it is worth to the leader under the distribution of the first state.</param>
/// <param name="Iterations">Sweeps done.</param>
/// <param name="Optimum">The optimum it was judged by.</param>
public sealed record BilevelValueIterationResult(
    BilevelVerdict Verdict, IReadOnlyList<int> LeaderPolicy, IReadOnlyList<int> FollowerPolicy, IReadOnlyList<Rational> LeaderValues,
    IReadOnlyList<Rational> FollowerValues, Rational LeaderValue, int Iterations, GlobalBilevelResult Optimum);

/// <summary>
/// Bi-level value iteration (Zhang et al. 2020, equations 8 to 11 with known dynamics): every state's value becomes that of the Stackelberg
/// equilibrium with pure commitment of its stage game, until nothing changes; then the verdict.
/// </summary>
/// <remarks>
/// The Bellman equation of the bi-level problem can have several solutions, and value iteration may settle on one that is no optimum: in the paper's
/// two-state game on (A, B), since the follower's value of going on makes it answer B with B. At every fixed point the follower's play is a best
/// answer to the leader's policy, so that the leader's value is feasible; it is compared with that of <see cref="GlobalBilevel"/>. Sweeps are in double
/// precision; whether a joint policy is a fixed point is decided in exact arithmetic.
/// </remarks>
public static class BilevelValueIteration
{
    private const int QuietSweeps = 100;

    // relative to the largest value
    private const double Settled = 1e-13;

    /// <summary>Iterates from given values.</summary>
    /// <param name="discount">0 ≤ γ &lt; 1.</param>
    /// <param name="start">Probability of every state to be the first, for the verdict.</param>
    /// <param name="leaderValues">The leader's first values; 0 unless given.</param>
    /// <param name="followerValues">The follower's first values; 0 unless given.</param>
    /// <exception cref="ArgumentException">The discount is out of range, the start no distribution, or there is not one first value per state.</exception>
    /// <exception cref="GameLimitException">The leader has too many policies for the verdict.</exception>
    public static BilevelValueIterationResult Run(
        FiniteMarkovGame game, Rational discount, IReadOnlyList<Rational> start, IReadOnlyList<Rational>? leaderValues = null,
        IReadOnlyList<Rational>? followerValues = null, FollowerTies ties = FollowerTies.Optimistic)
    {
        GlobalBilevelResult optimum = GlobalBilevel.Find(game, discount, start, ties);
        DoubleStages stages = new(game, discount.ToDouble(), ties);
        double[] leader = First(leaderValues, game.States, nameof(leaderValues)), follower = First(followerValues, game.States, nameof(followerValues));
        (int[] rows, int[] columns) = (new int[game.States], new int[game.States]);

        // twice as many as an error of the size of the values takes to fall below rounding
        int most = 1000 + (int)Math.Min(1e6, 60 / (1 - discount.ToDouble())), sweeps = 0;
        for (int quiet = 0; sweeps < most && quiet < QuietSweeps; sweeps++)
        {
            double change = stages.Sweep(leader, follower, rows, columns);
            quiet = change <= Settled ? quiet + 1 : 0;
        }

        (Rational[] exactLeader, Rational[] exactFollower) = game.Evaluate(rows, columns, discount);
        Rational value = GlobalBilevel.Expected(start, exactLeader);
        BilevelVerdict verdict = !IsFixedPoint(game, rows, columns, discount, ties) ? BilevelVerdict.NotConverged
            : value == optimum.LeaderValue ? BilevelVerdict.Optimum
            : BilevelVerdict.SpuriousFixedPoint;
        return new BilevelValueIterationResult(verdict, rows, columns, exactLeader, exactFollower, value, sweeps, optimum);
    }

    /// <summary>All stationary deterministic joint policies that solve the bi-level Bellman equation exactly, optimal or not.</summary>
    /// <param name="discount">0 ≤ γ &lt; 1.</param>
    /// <returns>The leader's and the follower's actions in every state, in counting order.</returns>
    /// <exception cref="ArgumentException">The discount is out of range.</exception>
    /// <exception cref="GameLimitException">There are more than <see cref="GlobalBilevel.MostPolicies"/> joint policies.</exception>
    public static IReadOnlyList<(IReadOnlyList<int> Leader, IReadOnlyList<int> Follower)> FixedPoints(
        FiniteMarkovGame game, Rational discount, FollowerTies ties = FollowerTies.Optimistic)
    {
        GlobalBilevel.Require(game, discount, StrategyPair.Pure(game.States, 0));
        if (Math.Pow((double)game.Rows * game.Columns, game.States) > GlobalBilevel.MostPolicies)
        {
            throw new GameLimitException($"there are ({game.Rows}·{game.Columns})^{game.States} joint policies; at most {GlobalBilevel.MostPolicies} are tried");
        }

        List<(IReadOnlyList<int>, IReadOnlyList<int>)> found = [];
        foreach (int[] joint in GlobalBilevel.Policies(game.Rows * game.Columns, game.States))
        {
            int[] rows = [.. joint.Select(a => a / game.Columns)], columns = [.. joint.Select(a => a % game.Columns)];
            if (IsFixedPoint(game, rows, columns, discount, ties))
            {
                found.Add((rows, columns));
            }
        }

        return found;
    }

    /// <summary>Whether the values of a joint policy are, in every state, those of its own play as Stackelberg equilibrium of the stage game.</summary>
    internal static bool IsFixedPoint(FiniteMarkovGame game, IReadOnlyList<int> rows, IReadOnlyList<int> columns, Rational discount, FollowerTies ties)
    {
        (Rational[] leader, Rational[] follower) = game.Evaluate(rows, columns, discount);
        for (int s = 0; s < game.States; s++)
        {
            CommitmentResult stage = PureCommitment.Find(game.Stage(s, leader, follower, discount), ties);
            if (!stage.Commitments.Any(c => c.Play.Leader[rows[s]] == Rational.One && c.Answer == columns[s]))
            {
                return false;
            }
        }

        return true;
    }

    private static double[] First(IReadOnlyList<Rational>? values, int states, string name) => values is null ? new double[states]
        : values.Count == states ? [.. values.Select(v => v.ToDouble())]
        : throw new ArgumentException($"{values.Count} first value(s) for {states} state(s); give one each.", name);

    /// <summary>The stage games in double precision.</summary>
    private sealed class DoubleStages
    {
        // values that differ by rounding alone count as ties, or answers would flicker
        private const double Tie = 1e-12;

        private readonly FiniteMarkovGame game;
        private readonly FollowerTies ties;
        private readonly double[,] leader, follower;
        private readonly (double Leader, double Follower, (int Next, double Weight)[] Transitions)[] table;

        public DoubleStages(FiniteMarkovGame game, double discount, FollowerTies ties)
        {
            (this.game, this.ties) = (game, ties);
            (leader, follower) = (new double[game.Rows, game.Columns], new double[game.Rows, game.Columns]);
            table = new (double, double, (int, double)[])[game.States * leader.Length];
            for (int k = 0; k < table.Length; k++)
            {
                (int s, int i, int j) = (k / leader.Length, k / game.Columns % game.Rows, k % game.Columns);
                List<(int, double)> next = [];
                foreach (MarkovTransition t in game.Transitions(s, i, j))
                {
                    if (t.Next != FiniteMarkovGame.End)
                    {
                        next.Add((t.Next, discount * t.Probability.ToDouble()));
                    }
                }

                table[k] = (game.LeaderReward(s, i, j).ToDouble(), game.FollowerReward(s, i, j).ToDouble(), [.. next]);
            }
        }

        /// <summary>One sweep in place of both players' values.</summary>
        /// <returns>The largest change, relative to the largest value.</returns>
        public double Sweep(double[] leaderValues, double[] followerValues, int[] rows, int[] columns)
        {
            double[] first = [.. leaderValues], second = [.. followerValues];
            (double change, double size) = (0, 1);
            for (int s = 0; s < game.States; s++)
            {
                Fill(s, first, second);
                (rows[s], columns[s]) = Solve();
                (leaderValues[s], followerValues[s]) = (leader[rows[s], columns[s]], follower[rows[s], columns[s]]);
                change = Math.Max(change, Math.Max(Math.Abs(leaderValues[s] - first[s]), Math.Abs(followerValues[s] - second[s])));
                size = Math.Max(size, Math.Max(Math.Abs(leaderValues[s]), Math.Abs(followerValues[s])));
            }

            return change / size;
        }

        private void Fill(int s, double[] leaderValues, double[] followerValues)
        {
            for (int k = 0; k < leader.Length; k++)
            {
                (double first, double second, (int Next, double Weight)[] transitions) = table[(s * leader.Length) + k];
                foreach ((int next, double weight) in transitions)
                {
                    first += weight * leaderValues[next];
                    second += weight * followerValues[next];
                }

                (leader[k / game.Columns, k % game.Columns], follower[k / game.Columns, k % game.Columns]) = (first, second);
            }
        }

        private (int Row, int Column) Solve()
        {
            (int Row, int Column) best = (-1, -1);
            for (int i = 0; i < game.Rows; i++)
            {
                int answer = Answer(i);
                best = best.Row < 0 || leader[i, answer] > leader[best.Row, best.Column] + Tolerance(leader[i, answer]) ? (i, answer) : best;
            }

            return best;
        }

        private int Answer(int row)
        {
            double most = double.NegativeInfinity;
            for (int j = 0; j < game.Columns; j++)
            {
                most = Math.Max(most, follower[row, j]);
            }

            int best = -1, sign = ties == FollowerTies.Optimistic ? 1 : -1;
            for (int j = 0; j < game.Columns; j++)
            {
                if (follower[row, j] >= most - Tolerance(most) && (best < 0 || sign * (leader[row, j] - leader[row, best]) > Tolerance(leader[row, j])))
                {
                    best = j;
                }
            }

            return best;
        }

        private static double Tolerance(double value) => Tie * Math.Max(1, Math.Abs(value));
    }
}
