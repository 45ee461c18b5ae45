namespace Stackelberg.Bilevel.Tests.Games;

/// <summary>Faults that other solvers and readers of games had: each with the game that showed it.</summary>
public sealed class KnownFaultTests
{
    [Fact]
    public void Lemke_and_Howsons_method_ends_from_every_label_of_an_8x2_game()
    {
        BimatrixGame game = GoldenGame.Of(
            "9.5 -7.8; -9.6 .3; -7.1 -1.4; 5.9 7.6; 9 .3; 7.5 6.9; -3.1 3.6; -8.4 -3.7", ".2 .6; .4 .1; .9 0; .4 .1; .1 .2; .2 .1; .8 1; .2 .4");
        for (int label = 0; label < 10; label++)
        {
            StrategyPair found = LemkeHowson.Find(game, label);
            Text(found).ShouldBe("0 0 0 0 1/2 1/2 0 0 | 22/27 5/27 | 133/18, 3/20");
        }

        NashResult all = VertexEnumeration.Find(game);
        (all.Equilibria.Count, all.Degenerate).ShouldBe((1, false));
        Text(SupportEnumeration.Find(game).Equilibria.Single()).ShouldBe(Text(all.Equilibria[0]));
        Should.Throw<ArgumentOutOfRangeException>(() => LemkeHowson.Find(game, 10));
        Should.Throw<ArgumentOutOfRangeException>(() => LemkeHowson.Find(game, -1));
    }

    [Fact]
    public void Equilibrium_of_a_degenerate_zero_sum_game_is_found()
    {
        BimatrixGame game = ZeroSumGame("0 -1 -1 -1 1 -1; 1 0 1 -1 -1 -1; 1 -1 0 -1 -1 1; 1 1 1 0 -1 -1; -1 1 1 1 0 -1; 1 1 -1 1 1 0");
        NashResult all = VertexEnumeration.Find(game);
        Text(all.Equilibria.Single()).ShouldBe("0 0 1/3 0 1/3 1/3 | 0 0 1/3 0 1/3 1/3 | 0, 0");
        (all.Complete, all.Degenerate).ShouldBe((true, true));
        SupportEnumeration.Find(game).Degenerate.ShouldBe(true);
        SupportEnumeration.Find(game).Complete.ShouldBeFalse();
        ZeroSumResult program = ZeroSum.Find(game);
        (program.Value, program.Solutions.Count, Text(program.Solutions[0])).ShouldBe((Rational.Zero, 1, Text(all.Equilibria[0])));
        PureCommitment.BestAnswers(game.Exchanged(), 0).Count.ShouldBe(4);
    }

    [Fact]
    public void Weak_best_responses_do_not_make_equilibria_of_what_is_none()
    {
        BimatrixGame game = GoldenGame.Of("1 0; 0 0", "1 0; 0 0");
        NashResult all = VertexEnumeration.Find(game);
        all.Equilibria.Select(Text).ShouldBe(["1 0 | 1 0 | 1, 1", "0 1 | 0 1 | 0, 0"]);
        all.Degenerate.ShouldBe(true);
        SupportEnumeration.Find(game).Equilibria.Select(Text).ShouldBe(all.Equilibria.Select(Text));
    }

    [Fact]
    public void Tied_and_dominated_answers_leave_the_leaders_value_as_it_is()
    {
        BimatrixGame game = GoldenGame.Of("20 0 0; 30 10 0; 0 0 5", "15 0 0; 0 5 0; 0 0 10");
        BimatrixGame columns = GoldenGame.Of("20 20 0 0 0; 30 30 10 0 0; 0 0 0 5 0", "15 15 0 0 -1; 0 0 5 0 -1; 0 0 0 10 -1");
        BimatrixGame rows = GoldenGame.Of("20 0 0; 20 0 0; 30 10 0; 0 0 5", "15 0 0; 15 0 0; 0 5 0; 0 0 10");
        Rational value = new(55, 2);
        MixedCommitment.Find(game).Value.ShouldBe(value);
        (MixedCommitment.Find(game).Commitments.Count, MixedCommitment.Find(game).Degenerate).ShouldBe((1, false));
        foreach (BimatrixGame more in new[] { columns, rows })
        {
            CommitmentResult result = MixedCommitment.Find(more);
            (result.Value, result.Commitments.Count, result.Degenerate).ShouldBe((value, 2, true));
            MixedCommitment.Find(more, FollowerTies.Pessimistic).Value.ShouldBe(value);
            PureCommitment.Find(more).Value.ShouldBe(20);
            PureCommitment.Find(more).Degenerate.ShouldBe(true);
        }
    }

    [Theory]
    [InlineData(100, 10, 20, "50", "15")]
    [InlineData(100, 20, 10, "35", "55/2")]
    [InlineData(100, 5, 30, "60", "5")]
    public void Duopoly_of_unequal_costs_is_led_as_the_formula_says(int a, int leaderCost, int followerCost, string leads, string follows)
    {
        // quantities in steps of 5 and of 5/2, so that every best answer is there
        Rational[] first = [.. Enumerable.Range(0, 21).Select(k => (Rational)(5 * k))], second = [.. Enumerable.Range(0, 41).Select(k => new Rational(5 * k, 2))];
        (Rational[,] leader, Rational[,] follower) = (new Rational[21, 41], new Rational[21, 41]);
        for (int i = 0; i < 21; i++)
        {
            for (int j = 0; j < 41; j++)
            {
                Rational price = a - first[i] - second[j];
                (leader[i, j], follower[i, j]) = (first[i] * (price - leaderCost), second[j] * (price - followerCost));
            }
        }

        Commitment found = PureCommitment.Find(new BimatrixGame(leader, follower)).Commitments.Single();
        first[found.Play.Leader.ToList().IndexOf(1)].ToString().ShouldBe(leads);
        second[found.Answer].ToString().ShouldBe(follows);
    }

    [Theory]
    [InlineData("1 2 3 4 5 6 7", 3, 14, "7 payoffs")]
    [InlineData("1 2 3 4 5 6 7 8 9", 3, 17, "9 payoffs")]
    public void Payoffs_too_few_or_too_many_are_refused_with_both_numbers_and_the_place(string payoffs, int line, int column, string found)
    {
        GameFormatException fault = Should.Throw<GameFormatException>(() => GameFile.Parse($"NFG 1 R \"t\" {{ \"a\" \"b\" }}\n{{ 2 2 }}\n{payoffs}", "t.nfg"));
        (fault.Line, fault.Column).ShouldBe((line, column));
        fault.Message.ShouldContain($"t.nfg, line {line}, column {column}: {found}; 2 x 2 joint actions of 2 player(s) need 8");
    }

    [Fact]
    public void Outcome_of_nothing_and_no_outcome_are_the_same()
    {
        const string Head = "NFG 1 R \"t\" { \"a\" \"b\" } { { \"U\" \"D\" } { \"L\" \"R\" } } ";
        NormalFormGame implied = GameFile.Parse(Head + "{ { \"both\" 2, 1 } { \"other\" 1, 2 } } 1 0 0 2");
        NormalFormGame said = GameFile.Parse(Head + "{ { \"both\" 2, 1 } { \"nothing\" 0, 0 } { \"other\" 1, 2 } } 1 2 2 3");
        foreach (GameFileFormat format in Enum.GetValues<GameFileFormat>())
        {
            GameFile.Write(said, format).ShouldBe(GameFile.Write(implied, format));
        }

        VertexEnumeration.Find(said.ToBimatrix()).Equilibria.Select(Text).ShouldBe(["1 0 | 1 0 | 2, 1", "2/3 1/3 | 1/3 2/3 | 2/3, 2/3", "0 1 | 0 1 | 1, 2"]);
        VertexEnumeration.Find(implied.ToBimatrix()).Equilibria.Select(Text).ShouldBe(VertexEnumeration.Find(said.ToBimatrix()).Equilibria.Select(Text));
    }

    private static BimatrixGame ZeroSumGame(string leader) =>
        GoldenGame.Of(leader, string.Join(';', leader.Split(';').Select(r => string.Join(' ', r.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => (-Rational.Parse(v)).ToString())))));

    private static string Text(StrategyPair p) => $"{string.Join(' ', p.Leader)} | {string.Join(' ', p.Follower)} | {p.LeaderValue}, {p.FollowerValue}";
}
