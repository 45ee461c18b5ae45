namespace Stackelberg.Bilevel;

/// <summary>The leader's optimal stationary commitment in a discounted Markov game and the follower's answer.</summary>
/// <param name="LeaderPolicy">The leader's action in every state.</param>
/// <param name="FollowerPolicy">The follower's action in every state, given the leader's policy.</param>
/// <param name="LeaderValues">The leader's value of every state.</param>
/// <param name="FollowerValues">The follower's value of every state.</param>
/// <param name="LeaderValue">What the leader's commitment is worth under the distribution of the first state.</param>
/// <param name="Optima">How many of the leader's policies are worth as much; the first of them in counting order is given.</param>
public sealed record GlobalBilevelResult(
    IReadOnlyList<int> LeaderPolicy, IReadOnlyList<int> FollowerPolicy, IReadOnlyList<Rational> LeaderValues, IReadOnlyList<Rational> FollowerValues,
    Rational LeaderValue, int Optima);

/// <summary>
/// The bi-level optimum of a discounted Markov game: max over π₁ of E[V₁(s₀; π₁, π₂)] with π₂ among the best answers to π₁ (Zhang et al. 2020,
/// section 3.1), for stationary deterministic policies of the leader, which the follower sees and answers in the decision process they leave it.
/// </summary>
/// <remarks>
/// Exact, by trying all rowsˢᵗᵃᵗᵉˢ policies of the leader; for each the follower's process is solved by policy iteration in fractions. Where
/// several answers are optimal in a state, ties say which: optimistic the policy among them that is best for the leader from every state, pessimistic the worst.
/// </remarks>
public static class GlobalBilevel
{
    /// <summary>The most policies of the leader that are tried.</summary>
    public const int MostPolicies = 10_000;

    /// <summary>Finds the optimum.</summary>
    /// <param name="discount">0 ≤ γ &lt; 1.</param>
    /// <param name="start">Probability of every state to be the first.</param>
    /// <exception cref="ArgumentException">The discount is out of range or the start no distribution.</exception>
    /// <exception cref="GameLimitException">The leader has more than <see cref="MostPolicies"/> policies.</exception>
    public static GlobalBilevelResult Find(FiniteMarkovGame game, Rational discount, IReadOnlyList<Rational> start, FollowerTies ties = FollowerTies.Optimistic)
    {
        Require(game, discount, start);
        GlobalBilevelResult? best = null;
        foreach (int[] policy in Policies(game.Rows, game.States))
        {
            int[] answer = Answer(game, policy, discount, ties);
            (Rational[] leader, Rational[] follower) = game.Evaluate(policy, answer, discount);
            Rational value = Expected(start, leader);
            best = best is null || value > best.LeaderValue ? new GlobalBilevelResult([.. policy], answer, leader, follower, value, 1)
                : value == best.LeaderValue ? best with { Optima = best.Optima + 1 }
                : best;
        }

        return best!;
    }

    /// <summary>The follower's best answer to a policy, ties broken as asked, then by the smallest index.</summary>
    internal static int[] Answer(FiniteMarkovGame game, IReadOnlyList<int> policy, Rational discount, FollowerTies ties)
    {
        List<int>[] all = [.. Enumerable.Range(0, game.States).Select(_ => Enumerable.Range(0, game.Columns).ToList())];
        List<int>[] optimal = Improve(game, policy, all, discount, (s, j) => game.FollowerReward(s, policy[s], j));
        int sign = ties == FollowerTies.Optimistic ? 1 : -1;
        return [.. Improve(game, policy, optimal, discount, (s, j) => sign * game.LeaderReward(s, policy[s], j)).Select(answers => answers[0])];
    }

    internal static Rational Expected(IReadOnlyList<Rational> start, IReadOnlyList<Rational> values) =>
        start.Zip(values).Aggregate(Rational.Zero, (sum, pair) => sum + (pair.First * pair.Second));

    internal static void Require(FiniteMarkovGame game, Rational discount, IReadOnlyList<Rational> start)
    {
        if (discount < Rational.Zero || discount >= Rational.One)
        {
            throw new ArgumentException($"The discount is {discount}; it lies from 0 to below 1.", nameof(discount));
        }

        if (start.Count != game.States || start.Any(p => p.Sign < 0) || start.Aggregate(Rational.Zero, (sum, p) => sum + p) != Rational.One)
        {
            throw new ArgumentException($"The start [{string.Join(", ", start)}] is no distribution over {game.States} state(s).", nameof(start));
        }

        if (Math.Pow(game.Rows, game.States) > MostPolicies)
        {
            throw new GameLimitException($"the leader has {game.Rows}^{game.States} policies; at most {MostPolicies} are tried");
        }
    }

    internal static IEnumerable<int[]> Policies(int actions, int states)
    {
        int[] policy = new int[states];
        int state;
        do
        {
            yield return policy;
            for (state = states - 1; state >= 0 && ++policy[state] == actions; state--)
            {
                policy[state] = 0;
            }
        }
        while (state >= 0);
    }

    // Howard's policy iteration among the allowed answers: in every state all that are optimal for the reward
    private static List<int>[] Improve(FiniteMarkovGame game, IReadOnlyList<int> rows, List<int>[] allowed, Rational discount, Func<int, int, Rational> reward)
    {
        FiniteMarkovGame process = new(game.States, 1, game.Columns, (s, _, j) => (reward(s, j), default, game.Transitions(s, rows[s], j).ToArray()));
        int[] none = new int[game.States], answer = [.. allowed.Select(a => a[0])];
        while (true)
        {
            (Rational[] values, _) = process.Evaluate(none, answer, discount);
            List<int>[] best = new List<int>[game.States];
            bool changed = false;
            for (int s = 0; s < game.States; s++)
            {
                BimatrixGame stage = process.Stage(s, values, values, discount);
                Rational most = allowed[s].Max(j => stage.Leader(0, j));
                best[s] = allowed[s].FindAll(j => stage.Leader(0, j) == most);
                if (!best[s].Contains(answer[s]))
                {
                    (answer[s], changed) = (best[s][0], true);
                }
            }

            if (!changed)
            {
                return best;
            }
        }
    }
}
