namespace Stackelberg.Bilevel.Tests.Games;

/// <summary>What is too large is refused at once or said to be incomplete; what is narrow, constant or has huge numbers is solved.</summary>
public sealed class GameLimitTests
{
    [Fact]
    public void Methods_of_exponential_work_refuse_large_games()
    {
        Should.Throw<GameLimitException>(() => VertexEnumeration.Find(Diagonal(32))).Message.ShouldContain("63 actions");
        Should.Throw<GameLimitException>(() => VertexEnumeration.Find(Diagonal(20))).Message.ShouldContain("too many vertices");
        Should.Throw<GameLimitException>(() => SupportEnumeration.Find(Diagonal(11))).Message.ShouldContain("pairs of supports");
        Should.Throw<GameLimitException>(() => MixedCommitment.Find(Diagonal(33))).Message.ShouldContain("33 x 33");
        Should.Throw<GameLimitException>(() => MixedCommitment.Find(Constant(2, 65))).Message.ShouldContain("2 x 65");
        Should.Throw<GameLimitException>(() => ZeroSum.Find(Constant(33, 33))).Message.ShouldContain("33 x 33");
        Should.Throw<GameLimitException>(() => CorrelatedEquilibrium.Find(Diagonal(7))).Message.ShouldContain("7 x 7");
        BestResponseVertices.Degenerate(Diagonal(32)).ShouldBeNull();
        BestResponseVertices.Degenerate(Constant(40, 40)).ShouldBe(true);
    }

    [Fact]
    public void Large_commitment_problem_has_its_value_and_says_that_vertices_are_missing()
    {
        // 32 + 32 actions: the value by programs, the vertices of the optimal sets only if they are few
        CommitmentResult result = MixedCommitment.Find(Diagonal(32));
        (result.Value, result.Attained).ShouldBe((32, true));
        result.Commitments.ShouldHaveSingleItem().Answer.ShouldBe(31);
        result.Degenerate.ShouldBeNull();
    }

    [Fact]
    public void Narrow_games_are_solved_by_every_method()
    {
        for (int n = 1; n <= 40; n += 13)
        {
            // the follower's best column is the last one, the leader's payoff there is n
            (Rational[,] leader, Rational[,] follower) = (new Rational[1, n], new Rational[1, n]);
            for (int j = 0; j < n; j++)
            {
                (leader[0, j], follower[0, j]) = (j + 1, j);
            }

            BimatrixGame wide = new(leader, follower), tall = wide.Exchanged();
            foreach (BimatrixGame game in new[] { wide, tall })
            {
                StrategyPair only = VertexEnumeration.Find(game).Equilibria.ShouldHaveSingleItem();
                SupportEnumeration.Find(game).Equilibria.ShouldHaveSingleItem().HasStrategiesOf(only).ShouldBeTrue();
                LemkeHowson.Find(game, game.Rows + game.Columns - 1).HasStrategiesOf(only).ShouldBeTrue();
                MixedCommitment.Find(game).Value.ShouldBe(only.LeaderValue);
                MixedCommitment.Find(game, FollowerTies.Pessimistic).Value.ShouldBe(only.LeaderValue);
                PureCommitment.Find(game).Value.ShouldBe(only.LeaderValue);
            }
        }

        // the pairs of supports of a narrow game are few even where the other player has many actions
        SupportEnumeration.Find(Constant(1, 2000)).Equilibria.Count.ShouldBe(2000);
    }

    [Fact]
    public void Constant_games_are_all_equilibrium()
    {
        BimatrixGame game = Constant(3, 4);
        NashResult nash = VertexEnumeration.Find(game);
        (nash.Equilibria.Count, nash.Degenerate).ShouldBe((12, true));
        nash.Equilibria.ShouldAllBe(e => e.LeaderValue == 5 && e.FollowerValue == 7);
        MixedCommitment.Find(game).Commitments.Count.ShouldBe(12);
        MixedCommitment.Find(game, FollowerTies.Pessimistic).Value.ShouldBe(5);
        ZeroSum.Find(game).Value.ShouldBe(5);
        CorrelatedEquilibrium.Find(game).LeaderValue.ShouldBe(5);
    }

    [Fact]
    public void Numbers_far_from_one_stay_exact()
    {
        Rational huge = Rational.Parse("1e300"), tiny = Rational.Parse("1e-300");
        BimatrixGame game = new(new[,] { { 3 * huge, 0 }, { 0, 2 * tiny } }, new[,] { { 2 * tiny, 0 }, { 0, 3 * huge } });
        Rational[] x = [.. VertexEnumeration.Find(game).Equilibria[1].Leader];
        x[1].ShouldBe(2 * tiny / ((2 * tiny) + (3 * huge)));
        MixedCommitment.Find(game).Value.ShouldBe(3 * huge);
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused()
    {
        Should.Throw<ArgumentException>(() => new BimatrixGame(new Rational[2, 2], new Rational[2, 3])).Message.ShouldContain("2 x 3");
        Should.Throw<ArgumentException>(() => new BimatrixGame(new Rational[0, 2], new Rational[0, 2])).Message.ShouldContain("0 actions");
        Should.Throw<ArgumentException>(() => new BimatrixGame(new Rational[2001, 1], new Rational[2001, 1])).Message.ShouldContain("2001");
        Should.Throw<ArgumentException>(() => new BimatrixGame(new Rational[1, 2], new Rational[1, 2]) { LeaderActions = ["a", "b"] }).Message.ShouldContain("2 name(s) for 1 rows");
        Should.Throw<ArgumentException>(() => new NormalFormGame("", ["a"], [["x"]], [[0, 1]])).Message.ShouldContain("one has 2");
        Should.Throw<ArgumentException>(() => new NormalFormGame("", [], [], [])).Message.ShouldContain("0 player(s)");
        Should.Throw<ArgumentException>(() => ZeroSum.Find(GoldenGames.Find("chicken").Game)).Message.ShouldContain("neither zero-sum nor constant-sum");
    }

    private static BimatrixGame Constant(int rows, int columns)
    {
        (Rational[,] leader, Rational[,] follower) = (new Rational[rows, columns], new Rational[rows, columns]);
        for (int k = 0; k < rows * columns; k++)
        {
            (leader[k / columns, k % columns], follower[k / columns, k % columns]) = (5, 7);
        }

        return new BimatrixGame(leader, follower);
    }

    // 2^n − 1 equilibria
    private static BimatrixGame Diagonal(int size)
    {
        Rational[,] matrix = new Rational[size, size];
        for (int i = 0; i < size; i++)
        {
            matrix[i, i] = i + 1;
        }

        return new BimatrixGame(matrix, matrix);
    }
}
