namespace Stackelberg.Environments;

/// <summary>Exact dynamic programming on <see cref="FiniteMdp"/>s: what learners on them can be measured against.</summary>
/// <remarks>A policy is row-major [S × A] of action probabilities (<see cref="Greedy"/> makes one from chosen actions).</remarks>
public static class MdpPlanning
{
    /// <summary>State values of a policy without horizon: solves v = r + γ P v by Gaussian elimination with pivoting.</summary>
    /// <exception cref="ArgumentException">The policy has a wrong length or a row that is no distribution.</exception>
    /// <exception cref="InvalidOperationException">The values do not exist: without discount the episode may never end.</exception>
    public static double[] Evaluate(FiniteMdp mdp, ReadOnlySpan<double> policy)
    {
        RequirePolicy(mdp, policy);
        double[] rewards = new double[mdp.StateCount];
        for (int s = 0; s < rewards.Length; s++)
        {
            for (int a = 0; a < mdp.ActionCount && !mdp.IsTerminal(s); a++)
            {
                rewards[s] += policy[(s * mdp.ActionCount) + a] * mdp.ExpectedReward(s, a);
            }
        }

        return SolveFor(mdp, policy, rewards);
    }

    /// <summary>v = r + γ P v for rewards [S] given by state, 0 in terminal ones.</summary>
    internal static double[] SolveFor(FiniteMdp mdp, ReadOnlySpan<double> policy, double[] rewards)
    {
        int n = mdp.StateCount;
        double[,] system = new double[n, n + 1];
        for (int s = 0; s < n; s++)
        {
            system[s, s] = 1;
            system[s, n] = rewards[s];
            for (int a = 0; a < mdp.ActionCount && !mdp.IsTerminal(s); a++)
            {
                double weight = policy[(s * mdp.ActionCount) + a];
                ReadOnlySpan<double> row = mdp.Transition(s, a);
                for (int next = 0; next < n; next++)
                {
                    system[s, next] -= mdp.IsTerminal(next) ? 0 : mdp.Discount * weight * row[next];
                }
            }
        }

        return Solve(mdp, system);
    }

    /// <summary>Optimal state values without horizon, by policy iteration: exact up to the rounding of a linear solve.</summary>
    /// <exception cref="InvalidOperationException">The discount is 1: give a discount below 1, or use a horizon.</exception>
    public static (double[] Values, int[] Actions) Optimum(FiniteMdp mdp)
    {
        if (mdp.Discount >= 1)
        {
            throw new InvalidOperationException($"MDP '{mdp.Name}' is not discounted; optimal values without horizon need a discount below 1. " +
                "Use WithDiscount, or Optimum with a horizon.");
        }

        int[] actions = new int[mdp.StateCount];
        while (true)
        {
            double[] values = Evaluate(mdp, Greedy(mdp, actions));
            bool changed = false;
            for (int s = 0; s < actions.Length; s++)
            {
                double best = ActionValue(mdp, values, s, actions[s]);
                double margin = 1e-12 * (1 + Math.Abs(best));
                for (int a = 0; a < mdp.ActionCount; a++)
                {
                    double value = ActionValue(mdp, values, s, a);
                    if (value > best + margin)
                    {
                        (best, actions[s], changed) = (value, a, true);
                    }
                }
            }

            if (!changed)
            {
                return (values, actions);
            }
        }
    }

    /// <summary>
    /// Optimal state values by value iteration (Bellman 1957), every one of them within <paramref name="accuracy"/>: proven by the contraction, rounding
    /// included, whatever the discount. Between sweeps, which are made in twice double's precision, the greedy policy is evaluated.
    /// </summary>
    /// <exception cref="InvalidOperationException">The discount is 1, or the values are so large that double precision cannot hold them so accurately.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The accuracy is not positive.</exception>
    public static double[] ValueIteration(FiniteMdp mdp, double accuracy = 1e-10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(accuracy);
        if (mdp.Discount >= 1)
        {
            throw new InvalidOperationException($"MDP '{mdp.Name}' is not discounted; value iteration need not end. Use WithDiscount, or a horizon.");
        }

        return BellmanEquation.Solve(mdp, accuracy);
    }

    /// <summary>Optimal expected return over at most <paramref name="horizon"/> steps from the initial distribution, discounted, by backward induction.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is not positive.</exception>
    public static double Optimum(FiniteMdp mdp, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        double[] values = new double[mdp.StateCount], next = new double[values.Length];
        for (int step = 0; step < horizon; step++)
        {
            Sweep(mdp, values, next);
            (values, next) = (next, values);
        }

        return Expectation(mdp.Initial, values);
    }

    /// <summary>Mean and standard deviation of a policy's return over at most <paramref name="horizon"/> steps from the initial distribution,
    /// discounted.</summary>
    /// <exception cref="ArgumentException">The policy is wrong, or the horizon not positive.</exception>
    public static (double Mean, double Deviation) Return(FiniteMdp mdp, ReadOnlySpan<double> policy, int horizon)
    {
        RequirePolicy(mdp, policy);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        int n = mdp.StateCount;
        double[] means = new double[n], squares = new double[n], newMeans = new double[n], newSquares = new double[n];
        for (int step = 0; step < horizon; step++)
        {
            for (int s = 0; s < n; s++)
            {
                (newMeans[s], newSquares[s]) = mdp.IsTerminal(s) ? (0, 0) : Moments(mdp, policy, s, means, squares);
            }

            (means, newMeans, squares, newSquares) = (newMeans, means, newSquares, squares);
        }

        double mean = Expectation(mdp.Initial, means);
        return (mean, Math.Sqrt(Math.Max(0, Expectation(mdp.Initial, squares) - (mean * mean))));
    }

    /// <summary>The deterministic policy that takes <paramref name="actions"/>[s] in state s.</summary>
    /// <exception cref="ArgumentException">There are not as many actions as states, or one is none of the model's.</exception>
    public static double[] Greedy(FiniteMdp mdp, ReadOnlySpan<int> actions)
    {
        if (actions.Length != mdp.StateCount)
        {
            throw new ArgumentException($"Got {actions.Length} actions for {mdp.StateCount} states; give one per state.", nameof(actions));
        }

        double[] policy = new double[mdp.StateCount * mdp.ActionCount];
        for (int s = 0; s < actions.Length; s++)
        {
            if ((uint)actions[s] >= (uint)mdp.ActionCount)
            {
                throw new ArgumentException($"Action {actions[s]} in state {s} is none of 0 … {mdp.ActionCount - 1}.", nameof(actions));
            }

            policy[(s * mdp.ActionCount) + actions[s]] = 1;
        }

        return policy;
    }

    private static void Sweep(FiniteMdp mdp, double[] values, double[] into)
    {
        for (int s = 0; s < values.Length; s++)
        {
            double best = mdp.IsTerminal(s) ? 0 : double.NegativeInfinity;
            for (int a = 0; a < mdp.ActionCount && !mdp.IsTerminal(s); a++)
            {
                best = Math.Max(best, ActionValue(mdp, values, s, a));
            }

            into[s] = best;
        }
    }

    private static double ActionValue(FiniteMdp mdp, double[] values, int state, int action)
    {
        ReadOnlySpan<double> row = mdp.Transition(state, action);
        double sum = 0;
        for (int next = 0; next < row.Length; next++)
        {
            sum += row[next] * (mdp.Reward(state, action, next) + (mdp.IsTerminal(next) ? 0 : mdp.Discount * values[next]));
        }

        return sum;
    }

    private static (double Mean, double Square) Moments(FiniteMdp mdp, ReadOnlySpan<double> policy, int state, double[] means, double[] squares)
    {
        double mean = 0, square = 0, discount = mdp.Discount;
        for (int a = 0; a < mdp.ActionCount; a++)
        {
            ReadOnlySpan<double> row = mdp.Transition(state, a);
            for (int next = 0; next < row.Length; next++)
            {
                double probability = policy[(state * mdp.ActionCount) + a] * row[next], reward = mdp.Reward(state, a, next);
                mean += probability * (reward + (discount * means[next]));
                square += probability * ((reward * reward) + (2 * reward * discount * means[next]) + (discount * discount * squares[next]));
            }
        }

        return (mean, square);
    }

    private static double Expectation(ReadOnlySpan<double> probabilities, double[] values)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += probabilities[i] * values[i];
        }

        return sum;
    }

    private static double[] Solve(FiniteMdp mdp, double[,] system)
    {
        int n = mdp.StateCount;
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(system[row, column]) > Math.Abs(system[pivot, column]) ? row : pivot;
            }

            if (Math.Abs(system[pivot, column]) < 1e-13)
            {
                throw new InvalidOperationException(
                    $"MDP '{mdp.Name}' has no values without horizon under this policy: undiscounted, it may never end. Use WithDiscount, or a horizon.");
            }

            for (int k = 0; k <= n; k++)
            {
                (system[column, k], system[pivot, k]) = (system[pivot, k], system[column, k]);
            }

            for (int row = 0; row < n; row++)
            {
                double factor = row == column ? 0 : system[row, column] / system[column, column];
                for (int k = column; k <= n && factor != 0; k++)
                {
                    system[row, k] -= factor * system[column, k];
                }
            }
        }

        double[] values = new double[n];
        for (int s = 0; s < n; s++)
        {
            values[s] = system[s, n] / system[s, s];
        }

        return values;
    }

    private static void RequirePolicy(FiniteMdp mdp, ReadOnlySpan<double> policy)
    {
        if (policy.Length != mdp.StateCount * mdp.ActionCount)
        {
            throw new ArgumentException($"The policy has {policy.Length} numbers; {mdp.StateCount} states and {mdp.ActionCount} actions need " +
                $"{mdp.StateCount * mdp.ActionCount}.", nameof(policy));
        }

        for (int s = 0; s < mdp.StateCount; s++)
        {
            double sum = 0;
            foreach (double probability in policy.Slice(s * mdp.ActionCount, mdp.ActionCount))
            {
                sum += probability >= 0 ? probability : double.NaN;
            }

            if (!(Math.Abs(sum - 1) <= FiniteMdp.ProbabilityTolerance))
            {
                throw new ArgumentException($"The policy in state {s} is no distribution: its probabilities are at least 0 and sum to 1.", nameof(policy));
            }
        }
    }
}
