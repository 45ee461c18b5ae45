using Stackelberg.Agents.Games;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Games;

public sealed class StageEquilibriumTests
{
    [Theory]
    [InlineData(EquilibriumRule.First)]
    [InlineData(EquilibriumRule.Optimal)]
    [InlineData(EquilibriumRule.Leader)]
    [InlineData(EquilibriumRule.Saddle)]
    public void A_game_of_zeros_is_worth_zero_to_both(EquilibriumRule rule)
    {
        StageEquilibrium found = Solve(3, 3, new double[9], new double[9], rule);
        (found.FirstValue, found.SecondValue, found.Regret).ShouldBe((0, 0, 0));
        found.Row.ToArray().ShouldBe([1, 0, 0]);
        found.Column.ToArray().ShouldBe([1, 0, 0]);
    }

    // Maintain has B-Y (10, 5) and C-Z (5, 10); Escape A-X (15), B-Y (10, weakly) and C-Z (30)
    [Theory]
    [InlineData("Maintain", EquilibriumRule.First, 10, 5)]
    [InlineData("Maintain", EquilibriumRule.Optimal, 10, 5)]
    [InlineData("Maintain", EquilibriumRule.Leader, 10, 5)]
    [InlineData("Escape", EquilibriumRule.First, 15, 15)]
    [InlineData("Escape", EquilibriumRule.Optimal, 30, 30)]
    [InlineData("Escape", EquilibriumRule.Leader, 30, 30)]
    [InlineData("Escape", EquilibriumRule.Saddle, 15, 15)]
    [InlineData("PrisonersDilemma", EquilibriumRule.Optimal, -2, -2)]
    [InlineData("PrisonersDilemma", EquilibriumRule.Saddle, -2, -2)]
    [InlineData("Chicken", EquilibriumRule.First, 2, 4)]
    [InlineData("Chicken", EquilibriumRule.Leader, 4, 2)]
    public void Rules_choose_among_pure_equilibria(string name, EquilibriumRule rule, double first, double second)
    {
        MatrixGame game = MatrixGames.All.Single(g => g.Name == name);
        StageEquilibrium found = Solve(game.Actions[0].Count, game.Actions[1].Count, game.Payoffs(0), game.Payoffs(1), rule);
        (found.FirstValue, found.SecondValue, found.Regret).ShouldBe((first, second, 0));
    }

    [Fact]
    public void A_saddle_is_taken_before_a_better_equilibrium()
    {
        // A-X (5, 5) falls when the other deviates, B-Y (1, 1) rises: by hand
        double[] a = [5, 0, 2, 1], b = [5, 2, 0, 1];
        Solve(2, 2, a, b, EquilibriumRule.First).FirstValue.ShouldBe(5);
        Solve(2, 2, a, b, EquilibriumRule.Saddle).FirstValue.ShouldBe(1);
    }

    [Fact]
    public void Matching_pennies_and_its_like_are_mixed()
    {
        StageEquilibrium found = Solve(2, 2, MatrixGames.MatchingPennies.Payoffs(0), MatrixGames.MatchingPennies.Payoffs(1), EquilibriumRule.First);
        (found.Row[0], found.Column[0], found.FirstValue, found.SecondValue).ShouldBe((0.5, 0.5, 0, 0));

        // by hand: the row player mixes so that 1 − p = 2 p … of the column player's 1 and 2, the column player so that 3 q = 1 − q
        found = Solve(2, 2, [3, 0, 0, 1], [0, 1, 2, 0], EquilibriumRule.First);
        found.Row[0].ShouldBe(2.0 / 3, 1e-12);
        found.Column[0].ShouldBe(0.25, 1e-12);
        found.FirstValue.ShouldBe(0.75, 1e-12);
        found.SecondValue.ShouldBe(2.0 / 3, 1e-12);
    }

    [Fact]
    public void The_equilibrium_of_an_eight_by_two_game_is_found()
    {
        // drvinceknight/Nashpy#83
        double[] a = [9.5, -7.8, -9.6, 0.3, -7.1, -1.4, 5.9, 7.6, 9, 0.3, 7.5, 6.9, -3.1, 3.6, -8.4, -3.7];
        double[] b = [0.2, 0.6, 0.4, 0.1, 0.9, 0, 0.4, 0.1, 0.1, 0.2, 0.2, 0.1, 0.8, 1, 0.2, 0.4];
        StageEquilibrium found = Solve(8, 2, a, b, EquilibriumRule.First);
        found.FirstValue.ShouldBe(133.0 / 18, 1e-12);
        found.SecondValue.ShouldBe(3.0 / 20, 1e-12);
        found.Row[4].ShouldBe(0.5, 1e-12);
        found.Column[0].ShouldBe(22.0 / 27, 1e-12);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(2, 6)]
    [InlineData(6, 3)]
    [InlineData(6, 6)]
    public void No_game_is_left_without_an_equilibrium(int rows, int columns)
    {
        var random = RandomStream.FromSeed((ulong)(10 * rows) + (ulong)columns);
        for (int trial = 0; trial < 400; trial++)
        {
            // opposite interests have fewer pure equilibria; whole numbers make games degenerate
            double[] a = [.. Enumerable.Range(0, rows * columns).Select(_ => trial % 2 == 0 ? random.NextInt32(3) - 1 : random.NextNormal())];
            double[] b = [.. a.Select(v => trial % 3 == 0 ? -v : trial % 2 == 0 ? random.NextInt32(3) - 1 : random.NextNormal())];
            StageEquilibrium found = Solve(rows, columns, a, b, EquilibriumRule.First);
            found.Regret.ShouldBeLessThan(1e-7, $"trial {trial}");
            found.Row.ToArray().Sum().ShouldBe(1, 1e-12);
            found.Column.ToArray().Sum().ShouldBe(1, 1e-12);
        }
    }

    private static StageEquilibrium Solve(int rows, int columns, ReadOnlySpan<double> a, ReadOnlySpan<double> b, EquilibriumRule rule)
    {
        var solver = new StageEquilibrium(rows, columns);
        solver.Solve(a, b, rule);
        return solver;
    }
}
