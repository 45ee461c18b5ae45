namespace Stackelberg.Environments.Tests.Games;

public sealed class DifferentialGameTests
{
    [Theory]
    [InlineData("ZeroSum", 3, -4, -12, 12)]
    [InlineData("Trigonometric", 2, 1, 1.0806046117362795, 0.9092974268256817)]
    [InlineData("CommonSaddle", 2, -1, -2.25, -2.25)]
    [InlineData("Rotational", 2, 3, 62, -55.5)]
    [InlineData("WolfMixed", 1, 0, 3, 2)]
    [InlineData("WolfMixed", 0.5, 0.5, 1.5, 1.5)]
    [InlineData("WolfExtended", 0, 1, 1, 0)]
    [InlineData("TwoHills", 5, 5, 10, 10)]
    [InlineData("TwoHills", -5, -5, 0, 0)]
    [InlineData("TwoHills", -5, -2, -2.4, -2.4)]
    public void Payoffs_are_those_of_the_formulas(string name, double leader, double follower, double leaderPayoff, double followerPayoff)
    {
        ContinuousGame game = ContinuousGames.OfTheCode.Single(g => g.Name == name);
        double[] payoffs = Play(new DifferentialGame(game, GameActionUnits.Natural), leader, follower);
        payoffs[0].ShouldBe(leaderPayoff, 1e-12);
        payoffs[1].ShouldBe(followerPayoff, 1e-12);
    }

    [Fact]
    public void Normalised_actions_span_the_games_interval_and_are_clipped_to_it()
    {
        using DifferentialGame game = new(ContinuousGames.ZeroSum);
        Play(game, 0.3, -0.4).ShouldBe([-12, 12], 1e-12);
        Play(game, 1.5, -7).ShouldBe([-100, 100], 1e-12);
        game.Chosen.ToArray().ShouldBe([10, -10]);
        using DifferentialGame natural = new(ContinuousGames.Oligopoly(2), GameActionUnits.Natural);
        Play(natural, -5, 9000);
        natural.Chosen.ToArray().ShouldBe([0, 4000]);
    }

    // q_i = K/2^i, u_i = K²/2^(n+i)
    [Theory]
    [InlineData(2, 4000)]
    [InlineData(3, 4000)]
    [InlineData(3, 10)]
    [InlineData(4, 4000)]
    public void Searching_level_by_level_finds_the_closed_form_of_the_oligopoly(int players, double demand)
    {
        using DifferentialGame game = new(ContinuousGames.Oligopoly(players, demand), GameActionUnits.Natural);
        double[] quantities = new double[players];
        Choose(game, quantities, 0, demand);
        double[] payoffs = Play(game, quantities);
        for (int i = 1; i <= players; i++)
        {
            quantities[i - 1].ShouldBe(demand / Math.Pow(2, i), 1e-10 * demand);
            payoffs[i - 1].ShouldBe(demand * demand / Math.Pow(2, players + i), 1e-10 * demand * demand);
        }
    }

    [Fact]
    public void The_closed_form_of_four_levels_pays_as_it_says()
    {
        double[] payoffs = Play(new DifferentialGame(ContinuousGames.Oligopoly(4, 16), GameActionUnits.Natural), 8, 4, 2, 1);
        payoffs.ShouldBe([8, 4, 2, 1]);
    }

    [Fact]
    public void What_cannot_be_played_is_refused()
    {
        Should.Throw<ArgumentException>(() => ContinuousGames.Oligopoly(1)).Message.ShouldContain("at least 2 firms");
        Should.Throw<ArgumentException>(() => ContinuousGames.Oligopoly(2, double.NaN)).Message.ShouldContain("positive demand");
        Should.Throw<ArgumentException>(() => new DifferentialGame(ContinuousGames.ZeroSum with { Low = 10 })).Message.ShouldContain("finite interval");
        using DifferentialGame broken = new(ContinuousGames.ZeroSum with { Payoff = (_, u) => u.Fill(double.NaN) });
        Should.Throw<EnvironmentException>(() => Play(broken, 0, 0)).Message.ShouldContain("payoff is NaN");
    }

    /// <summary>
    /// The vertex of the parabola through three values of level <paramref name="level"/>, each with the answers of the levels below: they answer
    /// linearly, so that the value is a parabola.
    /// </summary>
    private static void Choose(DifferentialGame game, double[] quantities, int level, double demand)
    {
        double step = demand / Math.Pow(4, level + 1);
        double first = Value(game, quantities, level, 0, demand);
        double second = Value(game, quantities, level, step, demand);
        double third = Value(game, quantities, level, 2 * step, demand);
        Value(game, quantities, level, step + (step * (first - third) / (2 * (first - (2 * second) + third))), demand);
    }

    private static double Value(DifferentialGame game, double[] quantities, int level, double quantity, double demand)
    {
        quantities[level] = quantity;
        if (level + 1 < quantities.Length)
        {
            Choose(game, quantities, level + 1, demand);
        }

        return Play(game, quantities)[level];
    }

    private static double[] Play(DifferentialGame game, params double[] actions)
    {
        double[] observations = new double[actions.Length], rewards = new double[actions.Length];
        game.Reset(0, observations);
        game.Step(actions, observations, rewards).ShouldBe(new JointStepResult(true, false));
        return rewards;
    }
}
