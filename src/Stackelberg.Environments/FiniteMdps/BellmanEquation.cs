namespace Stackelberg.Environments;

/// <summary>Bellman's optimality equation v = T v of a discounted model, solved with a proof of accuracy.</summary>
/// <remarks>
/// Sweeps v ← T v are made in twice double's precision, where the error is at most γ/(1 − γ) of a sweep's change. Between two of them v moves by Newton's
/// step (I − γP)⁻¹(T v − v) with P of the greedy policy (Puterman and Brumelle 1979): plain sweeps would take some 1/(1 − γ) times more, and in double their
/// rounding alone moves the fixed point by 1/(1 − γ) times itself.
/// </remarks>
internal static class BellmanEquation
{
    private const int MaximumSteps = 1000;

    /// <summary>v* within <paramref name="accuracy"/> in every state.</summary>
    /// <exception cref="InvalidOperationException">Double precision does not hold the values so accurately, or the linear systems are too ill-conditioned.</exception>
    public static double[] Solve(FiniteMdp mdp, double accuracy)
    {
        int n = mdp.StateCount;
        var values = new DoubleDouble[n];
        int[] actions = new int[n];
        double[] change = new double[n], result = new double[n];
        double last = double.PositiveInfinity, contraction = Contraction(mdp), gap = 1 - contraction;
        for (int step = 0; step < MaximumSteps; step++)
        {
            bool samePolicy = Sweep(mdp, values, change, actions);
            double largest = 0, rounding = 0, size = 0;
            for (int s = 0; s < n; s++)
            {
                DoubleDouble swept = values[s] + change[s];
                result[s] = swept.High;
                largest = Math.Max(largest, Math.Abs(change[s]));
                size = Math.Max(size, Math.Abs(swept.High));
                rounding = Math.Max(rounding, Math.Abs(swept.Low));
            }

            // what is left of the sweep, its own rounding, and that of the result
            double unsolved = gap > 0 ? ((contraction * largest) + (size * Math.ScaleB(n + 8, -104))) / gap : double.PositiveInfinity;
            if (unsolved + rounding <= accuracy)
            {
                return result;
            }

            if (unsolved <= accuracy / 4 || (samePolicy && largest > last / 2))
            {
                throw Refusal(mdp, accuracy, unsolved, size);
            }

            last = largest;
            double[] newton = MdpPlanning.SolveFor(mdp, MdpPlanning.Greedy(mdp, actions), change);
            for (int s = 0; s < n; s++)
            {
                values[s] += newton[s];
            }
        }

        throw Refusal(mdp, accuracy, double.PositiveInfinity, result.Max(Math.Abs));
    }

    /// <summary>By what factor a sweep shortens distances at least: the discount times the largest sum of probabilities, which rounding may lift above 1.</summary>
    private static double Contraction(FiniteMdp mdp)
    {
        double largest = 1;
        for (int s = 0; s < mdp.StateCount; s++)
        {
            for (int a = 0; a < mdp.ActionCount && !mdp.IsTerminal(s); a++)
            {
                DoubleDouble sum = 0;
                foreach (double probability in mdp.Transition(s, a))
                {
                    sum += probability;
                }

                largest = Math.Max(largest, sum.Low > 0 ? Math.BitIncrement(sum.High) : sum.High);
            }
        }

        return mdp.Discount * largest;
    }

    /// <summary>change ← T v − v and the greedy actions. Returns whether these are those of before.</summary>
    private static bool Sweep(FiniteMdp mdp, DoubleDouble[] values, double[] change, int[] actions)
    {
        bool same = true;
        for (int s = 0; s < values.Length; s++)
        {
            if (mdp.IsTerminal(s))
            {
                continue;
            }

            DoubleDouble best = ActionValue(mdp, values, s, actions[s]);
            for (int a = 0; a < mdp.ActionCount; a++)
            {
                DoubleDouble value = ActionValue(mdp, values, s, a);
                if (value > best)
                {
                    (best, actions[s], same) = (value, a, false);
                }
            }

            change[s] = (best - values[s]).High;
        }

        return same;
    }

    private static DoubleDouble ActionValue(FiniteMdp mdp, DoubleDouble[] values, int state, int action)
    {
        ReadOnlySpan<double> row = mdp.Transition(state, action);
        DoubleDouble sum = 0;
        for (int next = 0; next < row.Length; next++)
        {
            if (row[next] != 0)
            {
                DoubleDouble after = mdp.IsTerminal(next) ? 0 : mdp.Discount * values[next];
                sum += row[next] * (mdp.Reward(state, action, next) + after);
            }
        }

        return sum;
    }

    private static InvalidOperationException Refusal(FiniteMdp mdp, double accuracy, double unsolved, double size) => new(
        $"MDP '{mdp.Name}' at discount {mdp.Discount:R} has no values of accuracy {accuracy:G3} in double precision: they are as large as {size:G3}, where neighbouring "
        + $"numbers are {Math.BitIncrement(size) - size:G3} apart, and {unsolved:G3} could be proven. Ask for a larger accuracy, or use a smaller discount or rewards.");
}
