namespace Stackelberg.Environments.Tests.Games;

public sealed class ContestedGridsTests
{
    private const int Up = 0, Down = 1, Left = 2, Right = 3;

    [Fact]
    public void Only_one_can_take_the_shared_goal()
    {
        Play(ContestedGrids.SharedGoal(), (Right, Down), (Down, Left), (Down, Down))
            .ShouldBe(["(1,2) (2,2) -1 -1", "(1,1) (1,2) -1 -1", "(1,0) (1,1) 10 -1 end"]);
        Play(ContestedGrids.SharedGoal(), (Up, Left), (Left, Down), (Down, Down))
            .ShouldBe(["(0,2) (1,2) -1 -1", "(0,2) (1,1) -1 -1", "(0,2) (1,0) -1 10 end"]);
    }

    [Fact]
    public void Nobody_goes_down_from_its_own_start_and_a_contested_cell_stays_empty() =>
        Play(ContestedGrids.SharedGoal(), (Down, Down), (Right, Left)).ShouldBe(["(0,2) (2,2) -1 -1", "(0,2) (2,2) -1 -1"]);

    [Fact]
    public void A_start_is_a_wall_only_for_its_owner_and_places_can_be_exchanged()
    {
        MarkovGame game = ContestedGrids.SharedGoal();
        int swapped = game.States.ToList().IndexOf("(2,2) (1,2)");
        game.States[game.Next(swapped, game.JointAction(Down, Left))].ShouldBe("(2,1) (0,2)");
        game.States[game.Next(swapped, game.JointAction(Left, Right))].ShouldBe("(1,2) (2,2)");
    }

    [Fact]
    public void Traps_cost_ten_the_centre_nothing_and_either_goal_ends_the_game()
    {
        Play(ContestedGrids.Traps(), (Right, Left), (Down, Down), (Right, Down)).ShouldBe(
            ["(1,4) (3,4) -1 -1", "(1,3) (3,3) -10 -10", "(2,3) (3,2) -1 -1"]);
        Play(ContestedGrids.Traps(), (Down, Up), (Down, Up), (Right, Up), (Right, Up)).Last().ShouldBe("(2,2) (4,4) 0 -1");
        Play(ContestedGrids.Traps(), (Down, Up), (Down, Up), (Down, Up), (Down, Up), (Right, Up), (Right, Up), (Right, Up), (Right, Up)).Last()
            .ShouldBe("(4,0) (4,4) 10 -1 end");
    }

    [Fact]
    public void Another_agents_goal_is_an_ordinary_cell()
    {
        string[] path = Play(ContestedGrids.Traps(), (Down, Up), (Down, Up), (Down, Up), (Down, Up));
        path[^1].ShouldBe("(0,0) (4,4) -1 -1");
    }

    [Fact]
    public void Agents_that_stand_apart_never_come_to_share_a_cell()
    {
        foreach (MarkovGame game in (MarkovGame[])[ContestedGrids.SharedGoal(), ContestedGrids.Traps()])
        {
            for (int state = 0; state < game.States.Count; state++)
            {
                string[] cells = game.States[state].Split(' ');
                for (int joint = 0; joint < game.JointActionCount && cells[0] != cells[1]; joint++)
                {
                    string[] next = game.States[game.Next(state, joint)].Split(' ');
                    next[0].ShouldNotBe(next[1]);
                }
            }
        }
    }

    private static string[] Play(MarkovGame game, params (int Leader, int Follower)[] moves)
    {
        int state = game.Start.IndexOf(1.0);
        List<string> path = [];
        foreach ((int leader, int follower) in moves)
        {
            int joint = game.JointAction(leader, follower);
            int next = game.Next(state, joint);
            path.Add($"{game.States[next]} {game.Reward(state, joint, 0)} {game.Reward(state, joint, 1)}{(game.Terminates(state, joint) ? " end" : "")}");
            state = next;
        }

        return [.. path];
    }
}
