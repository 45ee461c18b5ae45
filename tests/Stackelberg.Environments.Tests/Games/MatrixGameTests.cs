using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Games;

public sealed class MatrixGameTests
{
    // B-Y of Escape is an equilibrium only weakly: the paper names the strict ones, A-X and C-Z
    // pure Nash equilibria and the leader-observed Stackelberg outcome as published, found here by enumeration
    [Theory]
    [InlineData("Escape", "A-X B-Y C-Z", "C-Z", 30, 30)]
    [InlineData("Maintain", "B-Y C-Z", "A-X", 20, 15)]
    [InlineData("RunnerDefault", "B-Y", "A-X", 40, 40)]
    [InlineData("PrisonersDilemma", "B-Y", "B-Y", -2, -2)]
    [InlineData("StagHunt", "A-X B-Y", "A-X", 4, 4)]
    [InlineData("Chicken", "A-Y B-X", "B-X", 4, 2)]
    [InlineData("Harmony", "A-X", "A-X", 4, 4)]
    [InlineData("MatchingPennies", "", "A-Y", -1, 1)]
    [InlineData("RockPaperScissors", "", "A-Y", -1, 1)]
    [InlineData("Wolf", "", "B-Y", 2, 1)]
    [InlineData("Bully", "B-Y C-Z", "A-X", 20, 10)]
    public void Named_games_have_the_published_equilibria(string name, string nash, string stackelberg, double leader, double follower)
    {
        MarkovGame game = MatrixGames.All.Single(g => g.Name == name).Once();
        string.Join(' ', Joint(game).Where(j => IsNash(game, j.Row, j.Column)).Select(j => Text(game, j))).ShouldBe(nash);
        (int Row, int Column) outcome = Enumerable.Range(0, game.Actions[0].Count).Select(row => (row, BestResponse(game, row)))
            .MaxBy(j => game.Reward(0, game.JointAction(j.row, j.Item2), 0));
        Text(game, outcome).ShouldBe(stackelberg);
        Pays(game, outcome.Row, outcome.Column).ShouldBe((leader, follower));
    }

    [Fact]
    public void Three_players_match_in_a_circle_except_the_last()
    {
        MarkovGame game = MatrixGames.MatchingPenniesOfThree.Once();
        for (int joint = 0; joint < 8; joint++)
        {
            int[] a = new int[3];
            game.Split(joint, a);
            game.JointAction(a).ShouldBe(joint);
            game.Reward(0, joint, 0).ShouldBe(a[0] == a[1] ? 1 : -1);
            game.Reward(0, joint, 1).ShouldBe(a[1] == a[2] ? 1 : -1);
            game.Reward(0, joint, 2).ShouldBe(a[2] == a[0] ? -1 : 1);
        }
    }

    [Fact]
    public void Playing_once_pays_row_by_column_and_terminates_at_once()
    {
        using MarkovGameEnvironment environment = new(MatrixGames.Maintain.Once());
        double[] observations = new double[2], rewards = new double[2];
        environment.Reset(0, observations);
        environment.Step([1, 0], observations, rewards).ShouldBe(new JointStepResult(true, false));
        rewards.ShouldBe([30, 0]);
        observations.ShouldBe([0, 0]);
        Should.Throw<EnvironmentException>(() => environment.Step([1, 0], observations, rewards));
    }

    [Theory]
    [InlineData(RepeatedGameStart.NoHistory, 5)]
    [InlineData(RepeatedGameStart.UniformHistory, 4)]
    public void Repeated_with_memory_the_state_is_the_last_joint_action(RepeatedGameStart start, int states)
    {
        MarkovGame game = MatrixGames.PrisonersDilemma.RepeatedWithMemory(start);
        game.States.Count.ShouldBe(states);
        game.States.Take(4).ShouldBe(["A-X", "A-Y", "B-X", "B-Y"]);
        for (int state = 0; state < states; state++)
        {
            for (int joint = 0; joint < 4; joint++)
            {
                (game.Next(state, joint), game.Terminates(state, joint)).ShouldBe((joint, false));
                game.Reward(state, joint, 0).ShouldBe(MatrixGames.PrisonersDilemma.Payoffs(0)[joint]);
            }
        }

        game.Start.ToArray().ShouldBe(start == RepeatedGameStart.NoHistory ? [0, 0, 0, 0, 1] : [0.25, 0.25, 0.25, 0.25]);
    }

    [Fact]
    public void A_uniform_history_starts_in_every_state_equally_often()
    {
        using MarkovGameEnvironment environment = new(MatrixGames.PrisonersDilemma.RepeatedWithMemory(RepeatedGameStart.UniformHistory));
        int[] counts = new int[4];
        double[] observations = new double[2];
        for (int episode = 0; episode < 4000; episode++)
        {
            environment.Reset(episode == 0 ? 3UL : null, observations);
            observations[0].ShouldBe(observations[1]);
            counts[(int)observations[0]]++;
        }

        // four standard deviations of a binomial count
        counts.ShouldAllBe(c => Math.Abs(c - 1000) < 4 * Math.Sqrt(4000 * 0.25 * 0.75));
    }

    [Fact]
    public void One_hot_players_see_a_one_at_the_state()
    {
        using MarkovGameEnvironment environment =
            new(MatrixGames.PrisonersDilemma.RepeatedWithMemory(RepeatedGameStart.NoHistory), shown: MdpObservation.OneHot);
        double[] observations = new double[10], rewards = new double[2];
        environment.Reset(0, observations);
        observations.ShouldBe([0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
        environment.Step([1, 0], observations, rewards);
        observations.ShouldBe([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    }

    [Fact]
    public void The_cooperation_level_is_one_for_common_and_minus_one_for_opposed_interests()
    {
        MatrixGames.Escape.CooperationLevel().ShouldBe(1, 1e-15);
        MatrixGames.MatchingPennies.CooperationLevel().ShouldBe(-1, 1e-15);
        Should.Throw<InvalidOperationException>(
            () => MatrixGame.Bimatrix("flat", new double[,] { { 1, 1 } }, new double[,] { { 1, 2 } }).CooperationLevel());
    }

    [Fact]
    public void Payoffs_that_do_not_fit_are_refused_with_their_numbers()
    {
        Should.Throw<ArgumentException>(() => MatrixGame.Bimatrix("g", new double[2, 3], new double[3, 2])).Message.ShouldContain("2 x 3, the follower's 3 x 2");
        Should.Throw<ArgumentException>(() => MatrixGame.Bimatrix("g", new double[,] { { double.NaN } }, new double[1, 1])).Message.ShouldContain("not finite");
        Should.Throw<ArgumentException>(() => MatrixGames.Escape.Once().JointAction(0, 3)).Message.ShouldContain("actions 0 to 2; got 3");
    }

    [Fact]
    public void A_state_saved_by_another_game_is_refused()
    {
        using MarkovGameEnvironment large = new(MatrixGames.Escape.RepeatedWithMemory(RepeatedGameStart.NoHistory));
        large.Reset(0, new double[2]);
        using MarkovGameEnvironment small = new(MatrixGames.Escape.Once());
        Should.Throw<StateException>(() => MemoryState.Of(large).Restore(small)).Message.ShouldContain("another game");
    }

    private static IEnumerable<(int Row, int Column)> Joint(MarkovGame game) =>
        from row in Enumerable.Range(0, game.Actions[0].Count) from column in Enumerable.Range(0, game.Actions[1].Count) select (row, column);

    private static (double Leader, double Follower) Pays(MarkovGame game, int row, int column)
    {
        int joint = game.JointAction(row, column);
        return (game.Reward(0, joint, 0), game.Reward(0, joint, 1));
    }

    private static int BestResponse(MarkovGame game, int row) =>
        Enumerable.Range(0, game.Actions[1].Count).MaxBy(column => Pays(game, row, column).Follower);

    private static bool IsNash(MarkovGame game, int row, int column) =>
        Enumerable.Range(0, game.Actions[0].Count).All(r => Pays(game, r, column).Leader <= Pays(game, row, column).Leader) &&
        Enumerable.Range(0, game.Actions[1].Count).All(c => Pays(game, row, c).Follower <= Pays(game, row, column).Follower);

    private static string Text(MarkovGame game, (int Row, int Column) joint) => $"{game.Actions[0][joint.Row]}-{game.Actions[1][joint.Column]}";
}
