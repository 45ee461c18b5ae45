namespace Stackelberg.Bilevel.Tests.Games;

/// <summary>Games of the literature to the last fraction.</summary>
public sealed class GoldenGameTests
{
    public static TheoryData<string> Names => GoldenGames.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Equilibria_are_as_known_and_both_methods_find_them(string name)
    {
        GoldenGame golden = GoldenGames.Find(name);
        BimatrixGame game = golden.Game;
        NashResult vertices = VertexEnumeration.Find(game), supports = SupportEnumeration.Find(game);

        vertices.Complete.ShouldBeTrue();
        vertices.Degenerate.ShouldBe(golden.Degenerate);
        supports.Degenerate.ShouldBe(golden.Degenerate);
        supports.Complete.ShouldBe(!golden.Degenerate);
        vertices.Equilibria.Concat(supports.Equilibria).ShouldAllBe(e => e.IsNash(game));
        string[] all = [.. vertices.Equilibria.Select(Text)], some = [.. supports.Equilibria.Select(Text)];
        all.Distinct().Count().ShouldBe(golden.Extreme);
        all.Length.ShouldBe(golden.Extreme);
        some.ShouldBeSubsetOf(all);
        golden.Nash.ShouldBeSubsetOf(all);
        if (!golden.Degenerate)
        {
            some.ShouldBe(all);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pure_commitments_are_as_known(string name)
    {
        GoldenGame golden = GoldenGames.Find(name);
        CommitmentResult optimistic = PureCommitment.Find(golden.Game), pessimistic = PureCommitment.Find(golden.Game, FollowerTies.Pessimistic);

        optimistic.Commitments.Select(Cell).ShouldBe(golden.Pure);
        pessimistic.Commitments.Select(Cell).ShouldBe(golden.Pessimistic ?? golden.Pure);
        foreach (CommitmentResult result in new[] { optimistic, pessimistic })
        {
            (result.Complete, result.Attained).ShouldBe((true, true));
            result.Commitments.ShouldAllBe(c => c.Attained && c.Play.FollowerAnswersBest(golden.Game) && c.Play.LeaderValue == result.Value);
        }

        string Cell(Commitment c) => $"{Enumerable.Range(0, golden.Game.Rows).Single(i => c.Play.Leader[i] == 1)}, {c.Answer}: {c.Play.LeaderValue}, {c.Play.FollowerValue}";
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mixed_commitments_are_as_known_all_vertices_of_them(string name)
    {
        GoldenGame golden = GoldenGames.Find(name);
        CommitmentResult result = MixedCommitment.Find(golden.Game);

        result.Commitments.Select(c => $"{string.Join(' ', c.Play.Leader)} -> {c.Answer}: {c.Play.LeaderValue}, {c.Play.FollowerValue}").ShouldBe(golden.Mixed);
        (result.Complete, result.Attained, result.Degenerate).ShouldBe((true, true, golden.Degenerate));
        result.Commitments.ShouldAllBe(c => c.Attained && c.Play.FollowerAnswersBest(golden.Game) && c.Play.LeaderValue == result.Value);
        VertexEnumeration.Find(golden.Game).Equilibria.ShouldAllBe(e => e.LeaderValue <= result.Value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_label_leads_to_an_equilibrium(string name)
    {
        BimatrixGame game = GoldenGames.Find(name).Game;
        IReadOnlyList<StrategyPair> all = VertexEnumeration.Find(game).Equilibria;
        for (int label = 0; label < game.Rows + game.Columns; label++)
        {
            StrategyPair found = LemkeHowson.Find(game, label);
            found.IsNash(game).ShouldBeTrue();
            all.ShouldContain(e => e.HasStrategiesOf(found));
        }
    }

    [Fact]
    public void Von_Stengels_game_has_as_many_equilibria_of_every_support_as_published() =>
        VertexEnumeration.Find(GoldenGames.Find("von Stengel 6x6").Game).Equilibria
            .CountBy(e => e.Leader.Count(p => p.Sign > 0))
            .OrderBy(c => c.Key)
            .Select(c => (c.Key, c.Value))
            .ShouldBe([(1, 2), (2, 26), (3, 18), (4, 26), (5, 2), (6, 1)]);

    [Fact]
    public void No_label_of_Shapleys_game_leads_to_its_mixed_equilibria()
    {
        BimatrixGame game = GoldenGames.Find("Shapley, figure 3").Game;
        Enumerable.Range(0, 6).Select(label => Text(LemkeHowson.Find(game, label))).Distinct().ShouldBe(["0 0 1 | 0 0 1 | 1, 1"]);
        VertexEnumeration.Find(game).Equilibria.Count.ShouldBe(3);
    }

    [Fact]
    public void Winkels_game_has_supports_of_equal_size_in_half_of_its_equilibria() =>
        SupportEnumeration.Find(GoldenGames.Find("winkels").Game).Equilibria.Count.ShouldBe(6);

    [Fact]
    public void Runner_s_default_game_is_worth_more_with_mixed_commitment()
    {
        // the leader's payoffs 66.67, the follower's 13.33 in the facts of the paper's code
        BimatrixGame game = BimatrixGame.FromIntegers(new[,] { { 40, 0 }, { 80, 20 } }, new[,] { { 40, 0 }, { 0, 20 } });
        MixedCommitment.Find(game).Commitments.Select(c => (c.Play.LeaderValue, c.Play.FollowerValue)).ShouldBe([(new Rational(200, 3), new Rational(40, 3))]);
        PureCommitment.Find(game).Commitments.Select(c => (c.Play.LeaderValue, c.Play.FollowerValue)).ShouldBe([((Rational)40, (Rational)40)]);
    }

    private static string Text(StrategyPair p) => $"{string.Join(' ', p.Leader)} | {string.Join(' ', p.Follower)} | {p.LeaderValue}, {p.FollowerValue}";
}
