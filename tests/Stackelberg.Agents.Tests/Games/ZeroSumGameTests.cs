using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Games;

public sealed class ZeroSumGameTests
{
    [Fact]
    public void Two_by_two_games_have_the_value_of_the_closed_form()
    {
        var random = RandomStream.FromSeed(1);
        var game = new ZeroSumGame(2, 2);
        int mixed = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            // small whole numbers: many ties
            double[] p = [random.NextInt32(7) - 3, random.NextInt32(7) - 3, random.NextInt32(7) - 3, random.NextInt32(7) - 3];
            double lower = Math.Max(Math.Min(p[0], p[1]), Math.Min(p[2], p[3])), upper = Math.Min(Math.Max(p[0], p[2]), Math.Max(p[1], p[3]));
            game.Solve(p);
            mixed += lower < upper ? 1 : 0;
            game.Value.ShouldBe(lower >= upper ? lower : ((p[0] * p[3]) - (p[1] * p[2])) / (p[0] + p[3] - p[1] - p[2]), 1e-12, string.Join(' ', p));
            if (lower < upper)
            {
                game.Row[0].ShouldBe((p[3] - p[2]) / (p[0] + p[3] - p[1] - p[2]), 1e-12);
                game.Column[0].ShouldBe((p[3] - p[1]) / (p[0] + p[3] - p[1] - p[2]), 1e-12);
            }
        }

        mixed.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 5)]
    [InlineData(5, 1)]
    [InlineData(3, 7)]
    [InlineData(7, 3)]
    [InlineData(12, 12)]
    [InlineData(40, 25)]
    public void What_one_is_sure_to_get_is_what_the_other_can_hold_it_to(int rows, int columns)
    {
        var random = RandomStream.FromSeed((ulong)(100 * rows) + (ulong)columns);
        var game = new ZeroSumGame(rows, columns);
        double[] payoffs = new double[rows * columns];
        for (int trial = 0; trial < 60; trial++)
        {
            double size = Math.Pow(10, (trial % 7) - 3), shift = trial % 2 == 0 ? 0 : 100 * size;
            for (int k = 0; k < payoffs.Length; k++)
            {
                // every third game of whole numbers: degenerate ones are among them
                payoffs[k] = shift + (size * (trial % 3 == 0 ? random.NextInt32(3) : random.NextNormal()));
            }

            game.Solve(payoffs);
            game.Row.ToArray().Sum().ShouldBe(1, 1e-12);
            game.Column.ToArray().Sum().ShouldBe(1, 1e-12);
            game.Row.ToArray().Concat(game.Column.ToArray()).ShouldAllBe(p => p >= 0);
            game.Gap.ShouldBeInRange(-1e-9 * size, 1e-9 * size, $"trial {trial}");
        }
    }

    [Fact]
    public void Equal_payoffs_are_played_uniformly()
    {
        var game = new ZeroSumGame(3, 3);
        game.Solve(new double[9]);
        (game.Value, game.Gap).ShouldBe((0, 0));
        game.Row.ToArray().ShouldAllBe(p => p == 1.0 / 3);
    }

    [Fact]
    public void A_degenerate_game_of_six_has_its_one_strategy()
    {
        // drvinceknight/Nashpy#231
        double[] payoffs = [0, -1, -1, -1, 1, -1, 1, 0, 1, -1, -1, -1, 1, -1, 0, -1, -1, 1, 1, 1, 1, 0, -1, -1, -1, 1, 1, 1, 0, -1, 1, 1, -1, 1, 1, 0];
        var game = new ZeroSumGame(6, 6);
        game.Solve(payoffs);
        double[] right = [0, 0, 1.0 / 3, 0, 1.0 / 3, 1.0 / 3];
        game.Value.ShouldBe(0, 1e-12);
        for (int i = 0; i < 6; i++)
        {
            game.Row[i].ShouldBe(right[i], 1e-12);
            game.Column[i].ShouldBe(right[i], 1e-12);
        }
    }
}
