namespace Stackelberg.Environments.Tests.Games;

public sealed class CooperativeGridTests
{
    private const int Up = 0, Down = 1, Left = 2, Right = 3, Stay = 4;

    [Fact]
    public void The_shortest_way_to_the_better_goal_pays_202_in_three_steps()
    {
        Play(CooperativeGrid.Create(), (Right, Stay), (Down, Down), (Down, Down)).ShouldBe([1, 1, 200]);
        Play(CooperativeGrid.Create(), (Stay, Left), (Down, Down), (Down, Down)).ShouldBe([1, 1, 100]);
    }

    [Fact]
    public void The_figures_grid_needs_four_steps_with_side_steps_of_one_and_pays_the_goals_only()
    {
        MarkovGame game = CooperativeGrid.Create(CooperativeGridOptions.Figure);
        Play(game, (Right, Stay), (Right, Stay), (Down, Down), (Down, Down)).ShouldBe([0, 0, 0, 20]);
        Play(game, (Down, Left), (Down, Left), (Stay, Down), (Stay, Down)).ShouldBe([0, 0, 0, 10]);
    }

    [Fact]
    public void Moves_off_the_board_stay_and_agents_may_cross_and_share_cells()
    {
        MarkovGame game = CooperativeGrid.Create();
        int state = game.Start.IndexOf(1.0);
        game.States[state].ShouldBe("(0,2) (2,2)");
        foreach ((int leader, int follower, string next) in
            ((int, int, string)[])[(Up, Up, "(0,2) (2,2)"), (Left, Right, "(0,2) (2,2)"), (Right, Left, "(2,2) (0,2)"), (Down, Left, "(0,1) (0,2)")])
        {
            game.States[game.Next(state, game.JointAction(leader, follower))].ShouldBe(next);
        }
    }

    [Fact]
    public void With_side_steps_of_two_the_middle_column_is_never_entered()
    {
        MarkovGame game = CooperativeGrid.Create();
        HashSet<int> reached = [game.Start.IndexOf(1.0)];
        Queue<int> queue = new(reached);
        while (queue.TryDequeue(out int state))
        {
            for (int joint = 0; joint < game.JointActionCount; joint++)
            {
                if (!game.Terminates(state, joint) && reached.Add(game.Next(state, joint)))
                {
                    queue.Enqueue(game.Next(state, joint));
                }
            }
        }

        // six cells each, less both together on a goal
        reached.Count.ShouldBe((6 * 6) - 2);
        reached.ShouldAllBe(s => !game.States[s].Contains("(1,", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_common_goals_terminate_and_both_are_always_paid_alike()
    {
        MarkovGame game = CooperativeGrid.Create();
        for (int state = 0; state < game.States.Count; state++)
        {
            for (int joint = 0; joint < game.JointActionCount; joint++)
            {
                string next = game.States[game.Next(state, joint)];
                game.Terminates(state, joint).ShouldBe(next is "(2,0) (2,0)" or "(0,0) (0,0)");
                string[] cells = next.Split(' ');
                double expected = cells[0] != cells[1] ? 0 : cells[0] switch { "(2,0)" => 200, "(0,0)" => 100, _ => 1 };
                game.Reward(state, joint, 0).ShouldBe(expected);
                game.Reward(state, joint, 1).ShouldBe(expected);
            }
        }
    }

    [Fact]
    public void Impossible_boards_are_refused()
    {
        Should.Throw<ArgumentException>(() => CooperativeGrid.Create(new() { Width = 0 })).Message.ShouldContain("0 x 3");
        Should.Throw<ArgumentException>(() => CooperativeGrid.Create(new() { BetterGoal = new(3, 0) })).Message.ShouldContain("(3,0) lies off");
        Should.Throw<ArgumentException>(() => CooperativeGrid.Create(new() { WorseGoal = new(2, 0) })).Message.ShouldContain("cells of their own");
        Should.Throw<ArgumentException>(() => CooperativeGrid.Create(new() { LeaderStart = new(0, 0), FollowerStart = new(0, 0) }))
            .Message.ShouldContain("start together");
    }

    private static double[] Play(MarkovGame game, params (int Leader, int Follower)[] moves)
    {
        using MarkovGameEnvironment environment = new(game);
        double[] observations = new double[2], rewards = new double[2], paid = new double[moves.Length];
        environment.Reset(0, observations);
        for (int k = 0; k < moves.Length; k++)
        {
            environment.Step([moves[k].Leader, moves[k].Follower], observations, rewards).Terminated.ShouldBe(k == moves.Length - 1);
            rewards[1].ShouldBe(rewards[0]);
            paid[k] = rewards[0];
        }

        return paid;
    }
}
