using MathNet.Numerics.LinearAlgebra;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.FiniteMdps;

public sealed class MdpPlanningTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Evaluation_agrees_with_an_independent_linear_solve(int seed)
    {
        FiniteMdp mdp = Random(seed, 7, 3);
        double[] policy = RandomPolicy(seed, mdp);
        Matrix<double> system = Matrix<double>.Build.DenseIdentity(7);
        Vector<double> reward = Vector<double>.Build.Dense(7);
        for (int s = 0; s < 7; s++)
        {
            for (int a = 0; a < 3; a++)
            {
                for (int next = 0; next < 7; next++)
                {
                    double probability = policy[(3 * s) + a] * mdp.Transition(s, a)[next];
                    system[s, next] -= mdp.Discount * probability;
                    reward[s] += probability * mdp.Reward(s, a, next);
                }
            }
        }

        double[] expected = [.. system.Solve(reward)];
        double[] values = MdpPlanning.Evaluate(mdp, policy);
        for (int s = 0; s < 7; s++)
        {
            values[s].ShouldBe(expected[s], 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_optimum_is_the_best_of_all_deterministic_policies_in_every_state(int seed)
    {
        FiniteMdp mdp = Random(seed, 5, 2);
        double[] best = [.. Enumerable.Repeat(double.NegativeInfinity, 5)];
        for (int code = 0; code < 32; code++)
        {
            double[] values = MdpPlanning.Evaluate(mdp, MdpPlanning.Greedy(mdp, [.. Enumerable.Range(0, 5).Select(s => (code >> s) & 1)]));
            best = [.. best.Zip(values, Math.Max)];
        }

        (double[] optimum, int[] actions) = MdpPlanning.Optimum(mdp);
        double[] iterated = MdpPlanning.ValueIteration(mdp);
        double[] followed = MdpPlanning.Evaluate(mdp, MdpPlanning.Greedy(mdp, actions));
        for (int s = 0; s < 5; s++)
        {
            optimum[s].ShouldBe(best[s], 1e-9);
            iterated[s].ShouldBe(best[s], 1e-9);
            followed[s].ShouldBe(best[s], 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_long_horizon_comes_to_the_values_without_one(int seed)
    {
        FiniteMdp mdp = Random(seed, 6, 2);
        double[] policy = RandomPolicy(seed, mdp);
        double expected = mdp.Initial.ToArray().Zip(MdpPlanning.Evaluate(mdp, policy), (p, v) => p * v).Sum();
        MdpPlanning.Return(mdp, policy, 400).Mean.ShouldBe(expected, 1e-9);
        double optimum = mdp.Initial.ToArray().Zip(MdpPlanning.Optimum(mdp).Values, (p, v) => p * v).Sum();
        MdpPlanning.Optimum(mdp, 400).ShouldBe(optimum, 1e-9);
        optimum.ShouldBeGreaterThanOrEqualTo(expected);
    }

    [Fact]
    public void Terminal_states_are_worth_nothing_whatever_their_rows_say()
    {
        // One step to the end with reward 3; the terminal row pays 100 for ever, which nobody gets.
        FiniteMdp mdp = new("end", ["go", "end"], ["a"], [0, 1, 0, 1], [0, 3, 0, 100], [1, 0], [false, true]);
        MdpPlanning.Evaluate(mdp, [1, 1]).ShouldBe([3, 0]);
        MdpPlanning.Optimum(mdp, 10).ShouldBe(3);
        MdpPlanning.Return(mdp, [1, 1], 10).ShouldBe((3, 0));
        MdpPlanning.ValueIteration(mdp.WithDiscount(0.9)).ShouldBe([3, 0]);
    }

    [Fact]
    public void Undiscounted_values_exist_only_where_the_episode_ends()
    {
        // Ends with probability 1/4 in each step, 1 per step: a return of 4 in the mean, geometric, with deviation √12.
        FiniteMdp ends = new("geometric", ["on", "end"], ["a"], [0.75, 0.25, 0, 1], [1, 1, 0, 0], [1, 0], [false, true]);
        MdpPlanning.Evaluate(ends, [1, 1])[0].ShouldBe(4, 1e-12);
        (double mean, double deviation) = MdpPlanning.Return(ends, [1, 1], 1000);
        mean.ShouldBe(4, 1e-10);
        deviation.ShouldBe(Math.Sqrt(12), 1e-9);

        FiniteMdp endless = new("loop", ["on"], ["a"], [1], [1], [1], [false]);
        Should.Throw<InvalidOperationException>(() => MdpPlanning.Evaluate(endless, [1])).Message.ShouldContain("never end");
        Should.Throw<InvalidOperationException>(() => MdpPlanning.Optimum(endless)).Message.ShouldContain("WithDiscount");
        Should.Throw<InvalidOperationException>(() => MdpPlanning.ValueIteration(endless));
        MdpPlanning.Evaluate(endless.WithDiscount(0.5), [1])[0].ShouldBe(2);
    }

    [Theory]
    [InlineData(0.9, 1e-10)]
    [InlineData(0.9999, 1e-10)]
    [InlineData(0.999999, 1e-10)]
    [InlineData(0.999999, 1e-7)]
    [InlineData(0.99999999, 1e-7)]
    public void Value_iteration_keeps_its_accuracy_however_near_the_discount_is_to_1(double discount, double accuracy)
    {
        // state 0: stay for 1; state 1: stay with probability ½ for 2, else to 0 for 3; state 2, to either for nothing
        FiniteMdp mdp = new FiniteMdp(
            "closed", ["stay", "half", "choice"], ["a", "b"],
            [1, 0, 0, 1, 0, 0, 0.5, 0.5, 0, 0.5, 0.5, 0, 1, 0, 0, 0, 1, 0],
            [1, 0, 0, 0.5, 0, 0, 3, 2, 0, 3, 1, 0, 0, 0, 0, 0, 0, 0],
            [1, 0, 0], [false, false, false]).WithDiscount(discount);
        // in decimal, exact to 28 digits: v₀ = 1/(1 − γ), v₁ = (5/2 + γ v₀/2)/(1 − γ/2), v₂ = γ v₁
        decimal gamma = Exactly(discount), v0 = 1 / (1 - gamma), v1 = (2.5m + (gamma * v0 / 2)) / (1 - (gamma / 2));
        double[] values = MdpPlanning.ValueIteration(mdp, accuracy);
        (int s, decimal expected)[] all = [(0, v0), (1, v1), (2, gamma * v1)];
        foreach ((int s, decimal expected) in all)
        {
            Math.Abs(Exactly(values[s]) - expected).ShouldBeLessThanOrEqualTo((decimal)accuracy, $"state {s}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Value_iteration_agrees_with_an_elimination_in_28_digits(int seed)
    {
        const int States = 8, Actions = 3;
        FiniteMdp mdp = Random(seed, States, Actions).WithDiscount(seed % 2 == 0 ? 0.9999 : 0.999999);
        decimal gamma = Exactly(mdp.Discount);
        double[] values = MdpPlanning.ValueIteration(mdp, 1e-9);
        int[] greedy = [.. Enumerable.Range(0, States).Select(s => Enumerable.Range(0, Actions).MaxBy(a => Value(s, a, [.. values.Select(Exactly)])))];
        decimal[,] system = new decimal[States, States + 1];
        for (int s = 0; s < States; s++)
        {
            system[s, s] = 1;
            for (int next = 0; next < States; next++)
            {
                decimal probability = Exactly(mdp.Transition(s, greedy[s])[next]);
                system[s, next] -= gamma * probability;
                system[s, States] += probability * Exactly(mdp.Reward(s, greedy[s], next));
            }
        }

        decimal[] exact = Eliminate(system);
        for (int s = 0; s < States; s++)
        {
            // the policy is optimal, and these are its values
            Enumerable.Range(0, Actions).Max(a => Value(s, a, exact)).ShouldBeLessThanOrEqualTo(exact[s] + 1e-15m);
            Math.Abs(Exactly(values[s]) - exact[s]).ShouldBeLessThanOrEqualTo(1e-9m);
        }

        decimal Value(int s, int a, decimal[] after)
        {
            decimal sum = 0;
            for (int next = 0; next < States; next++)
            {
                sum += Exactly(mdp.Transition(s, a)[next]) * (Exactly(mdp.Reward(s, a, next)) + (gamma * after[next]));
            }

            return sum;
        }
    }

    [Fact]
    public void Accuracy_that_double_precision_cannot_hold_is_refused_with_what_it_can()
    {
        FiniteMdp loop = new FiniteMdp("loop", ["on"], ["a"], [1], [1], [1], [false]).WithDiscount(0.999999);
        Math.Abs(Exactly(MdpPlanning.ValueIteration(loop)[0]) - (1 / (1 - Exactly(0.999999)))).ShouldBeLessThanOrEqualTo(1e-10m);
        Should.Throw<InvalidOperationException>(() => MdpPlanning.ValueIteration(loop, 1e-13)).Message.ShouldContain("larger accuracy");
        Should.Throw<InvalidOperationException>(() => MdpPlanning.ValueIteration(loop.WithDiscount(1 - 1e-10))).Message.ShouldContain("accuracy 1E-10");
        Math.Abs(Exactly(MdpPlanning.ValueIteration(loop.WithDiscount(1 - 1e-10), 1e-5)[0]) - (1 / (1 - Exactly(1 - 1e-10)))).ShouldBeLessThanOrEqualTo(1e-5m);
    }

    // decimal's own conversion keeps 15 digits
    private static decimal Exactly(double value)
    {
        double whole = Math.Floor(value);
        decimal result = (long)whole, scale = 1;
        for (double left = value - whole; left > 0; left -= Math.Floor(left))
        {
            left *= 2;
            scale /= 2;
            result += (int)Math.Floor(left) * scale;
        }

        return result;
    }

    private static decimal[] Eliminate(decimal[,] system)
    {
        int n = system.GetLength(0);
        for (int column = 0; column < n; column++)
        {
            // diagonally dominant: no pivoting
            for (int row = 0; row < n; row++)
            {
                decimal factor = row == column ? 0 : system[row, column] / system[column, column];
                for (int k = column; k <= n; k++)
                {
                    system[row, k] -= factor * system[column, k];
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(s => system[s, n] / system[s, s])];
    }

    [Fact]
    public void Wrong_policies_and_numbers_are_refused()
    {
        FiniteMdp mdp = Random(0, 3, 2);
        Should.Throw<ArgumentException>(() => MdpPlanning.Evaluate(mdp, [1, 0])).Message.ShouldContain("need 6");
        Should.Throw<ArgumentException>(() => MdpPlanning.Evaluate(mdp, [1, 0, 0.6, 0.6, 1, 0])).Message.ShouldContain("state 1");
        Should.Throw<ArgumentException>(() => MdpPlanning.Return(mdp, [1, 0, 1.5, -0.5, 1, 0], 5)).Message.ShouldContain("state 1");
        Should.Throw<ArgumentException>(() => MdpPlanning.Greedy(mdp, [0, 2, 0])).Message.ShouldContain("0 … 1");
        Should.Throw<ArgumentException>(() => MdpPlanning.Greedy(mdp, [0]));
        Should.Throw<ArgumentOutOfRangeException>(() => MdpPlanning.Optimum(mdp, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => MdpPlanning.ValueIteration(mdp, 0));
    }

    private static FiniteMdp Random(int seed, int states, int actions) => RandomMdps.Garnet(
        RandomStream.FromSeed((ulong)seed), new RandomMdpOptions { States = states, Actions = actions, Branching = 2, Discount = 0.9 });

    private static double[] RandomPolicy(int seed, FiniteMdp mdp)
    {
        RandomStream random = RandomStream.FromSeed((ulong)seed).Split("policy");
        double[] policy = new double[mdp.StateCount * mdp.ActionCount];
        for (int start = 0; start < policy.Length; start += mdp.ActionCount)
        {
            Span<double> row = policy.AsSpan(start, mdp.ActionCount);
            double sum = 0;
            foreach (ref double probability in row)
            {
                probability = random.NextDouble();
                sum += probability;
            }

            foreach (ref double probability in row)
            {
                probability /= sum;
            }
        }

        return policy;
    }
}
