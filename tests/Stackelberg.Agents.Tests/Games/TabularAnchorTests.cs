using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;

namespace Stackelberg.Agents.Tests.Games;

/// <summary>Where learners with tables end in the papers' games, against an independent program's shares.</summary>
public sealed class TabularAnchorTests
{
    [Theory]
    [InlineData("Escape", "CZ")]
    [InlineData("Maintain", "AX")]
    public void Bilevel_q_always_ends_at_the_stackelberg_outcome(string name, string outcome)
    {
        MarkovGame game = MatrixGames.All.Single(g => g.Name == name).Once();
        TabularGames.Outcomes<TabularOptions>("bilevel-q", game, 100, 2000, o => o).ShouldBe(new Dictionary<string, int> { [outcome] = 100 });
    }

    [Theory]
    [InlineData("Escape", "CZ", 18)]
    [InlineData("Maintain", "BY", 20)]
    public void Independent_q_ends_at_a_nash_equilibrium(string name, string outcome, int atLeast)
    {
        MarkovGame game = MatrixGames.All.Single(g => g.Name == name).Once();
        TabularGames.Outcomes<IndependentQOptions>("independent-q", game, 20, 30_000, o => o with { LearningRate = 0.01 }).GetValueOrDefault(outcome).ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(0.0)]
    public void Hysteretic_q_always_escapes(double rate) =>
        TabularGames.Outcomes<IndependentQOptions>("hysteretic-q", MatrixGames.Escape.Once(), 20, 10_000, o => o with { LearningRate = 0.01, NegativeRate = rate })
            .ShouldBe(new Dictionary<string, int> { ["CZ"] = 20 });

    [Fact]
    public void Lenient_q_always_escapes() =>
        TabularGames.Outcomes<IndependentQOptions>("lenient-q", MatrixGames.Escape.Once(), 20, 10_000, o => o with { LearningRate = 0.01 })
            .ShouldBe(new Dictionary<string, int> { ["CZ"] = 20 });

    // both fixed points absorb. A program of its own gives the false one 23.8 % of 100 000 runs with one coin for both and the first of equals (22.8 % with γ = ½),
    // and of 20 000 runs 2.4 % with a coin each and 8.7 % with random equals; the bounds are three standard errors away
    [Theory]
    [InlineData(true, TieRule.First, 0.5, 0.228)]
    [InlineData(true, TieRule.First, 0.99, 0.238)]
    [InlineData(false, TieRule.First, 0.9, 0.0235)]
    [InlineData(true, TieRule.Random, 0.9, 0.0873)]
    public void In_the_two_state_game_bilevel_q_ends_at_either_fixed_point(bool together, TieRule ties, double gamma, double share)
    {
        const int Seeds = 1000;
        Dictionary<string, int> outcomes = TabularGames.Outcomes<TabularOptions>("bilevel-q", TwoStateCounterexample.Create(), Seeds, 4000, o => o with
        {
            Gamma = gamma,
            Ties = ties,
            Exploration = o.Exploration with { RandomSteps = 0, Together = together },
        });
        (outcomes.GetValueOrDefault("AB") + outcomes.GetValueOrDefault("BA")).ShouldBe(Seeds);
        (outcomes.GetValueOrDefault("AB") / (double)Seeds).ShouldBe(share, 3 * Math.Sqrt(share * (1 - share) / Seeds));
    }

    [Fact]
    public void From_a_fixed_point_of_the_two_state_game_bilevel_q_does_not_leave()
    {
        MarkovGame game = TwoStateCounterexample.Create();
        for (ulong seed = 0; seed < 10; seed++)
        {
            using IAlgorithm learner = TabularGames.Create("bilevel-q", () => new MarkovGameEnvironment(game), seed,
                o => o with { Exploration = o.Exploration with { RandomSteps = 0 } });
            learner.Advance(4000);
            string settled = learner.Outcome(game);
            learner.Advance(20_000);
            learner.Outcome(game).ShouldBe(settled);
            double leader = ((BilevelQ)learner).ValueOf(0, [0, 0], settled == "BA" ? [1, 0] : [0, 1]);
            leader.ShouldBe(settled == "BA" ? 10 : 0, 1e-6);
        }
    }

    [Fact]
    public void Minimax_q_finds_the_mixed_strategies_of_zero_sum_games()
    {
        foreach (MatrixGame game in (MatrixGame[])[MatrixGames.MatchingPennies, MatrixGames.RockPaperScissors])
        {
            using var learner = (MinimaxQ)TabularGames.Create("minimax-q", () => TabularGames.Once(game), 3, o => o);
            learner.Advance(3000);
            int count = game.Actions[0].Count;
            foreach (int agent in (int[])[0, 1])
            {
                learner.StrategyOf(agent, [0, 0]).ToArray().ShouldAllBe(p => Math.Abs(p - (1.0 / count)) < 1e-6);
            }

            learner.ValueOf([0, 0]).ShouldBe(0, 1e-6);
        }
    }

    [Fact]
    public void Minimax_q_says_that_rewards_do_not_add_up_to_zero_once()
    {
        var sink = new RecordingSink();
        using IAlgorithm learner = TabularGames.Create("minimax-q", () => TabularGames.Once(MatrixGames.Escape), 3, o => o);
        learner.Advance(500, sink);
        sink.Notices.Count.ShouldBe(1);
        sink.Notices[0].ShouldContain("nash-q");

        var silent = new RecordingSink();
        using IAlgorithm zero = TabularGames.Create("minimax-q", () => TabularGames.Once(MatrixGames.RockPaperScissors), 3, o => o);
        zero.Advance(500, silent);
        silent.Notices.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(EquilibriumRule.First, "AX")]
    [InlineData(EquilibriumRule.Optimal, "CZ")]
    [InlineData(EquilibriumRule.Leader, "CZ")]
    public void Nash_q_plays_the_equilibrium_of_its_rule_in_escape(EquilibriumRule rule, string outcome) =>
        TabularGames.Outcomes<NashQOptions>("nash-q", MatrixGames.Escape.Once(), 20, 3000, o => o with { Equilibrium = rule })
            .ShouldBe(new Dictionary<string, int> { [outcome] = 20 });

    [Theory]
    [InlineData("minimax-q")]
    [InlineData("nash-q")]
    public void Games_of_three_are_refused_by_name(string id) =>
        Should.Throw<NotSupportedException>(() => TabularGames.Create(id, () => TabularGames.Once(MatrixGames.MatchingPenniesOfThree), 1, o => o)).Message.ShouldContain($"'{id}' is for games of two");
}
