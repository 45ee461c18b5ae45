using System.Globalization;

namespace Stackelberg.Environments.Tests.Games;

/// <summary>What games give to be drawn, held against the games themselves.</summary>
public sealed class GameViewTests
{
    public static TheoryData<string> Grids => ["CooperativeGrid-v0", "CooperativeGridFigure-v0", "SharedGoalGrid-v0", "TrapGrid-v0"];

    [Theory]
    [MemberData(nameof(Grids))]
    public void Pose_of_every_position_is_what_its_name_says(string id)
    {
        using IMultiAgentEnvironment made = MultiAgentCatalogue.WithAll().Make(id);
        MarkovGameEnvironment environment = (MarkovGameEnvironment)made.Unwrapped();
        environment.Scene.View.ShouldBe("grid");
        environment.Scene.PoseSize.ShouldBe(4);
        double[] pose = new double[4], direct = new double[4], observations = new double[2];
        for (int state = 0; state < environment.Game.States.Count; state++)
        {
            environment.WritePoseOf([state], pose);
            pose.ShouldBe(environment.Game.States[state].Split('(', ',', ')', ' ').Where(w => w.Length > 0).Select(w => double.Parse(w, CultureInfo.InvariantCulture)));
            environment.ResetTo([state], observations);
            environment.WritePose(direct);
            direct.ShouldBe(pose);
        }
    }

    [Theory]
    [InlineData("SharedGoalGrid-v0", -1)]
    [InlineData("TrapGrid-v0", -1)]
    public void Marks_of_the_contested_grids_are_all_cells_that_pay_otherwise_than_a_step(string id, double step)
    {
        MarkovGame game = Game(id);
        int width = game.Board!.Width, cells = width * game.Board.Height;
        for (int player = 0; player < 2; player++)
        {
            Dictionary<int, double> paid = [];
            for (int state = 0; state < game.States.Count; state++)
            {
                for (int joint = 0; joint < game.JointActionCount; joint++)
                {
                    int next = game.Next(state, joint);
                    paid[player == 0 ? next / cells : next % cells] = game.Reward(state, joint, player);
                }
            }

            game.Board.Marks.Where(m => m.Player is null || m.Player == player).ToDictionary(m => m.Cell.X + (width * m.Cell.Y), m => m.Value)
                .ShouldBe(paid.Where(p => p.Value != step), ignoreOrder: true);
        }
    }

    [Theory]
    [InlineData("CooperativeGrid-v0")]
    [InlineData("CooperativeGridFigure-v0")]
    public void Marks_of_the_cooperative_grids_are_the_cells_where_meeting_ends_the_game(string id)
    {
        MarkovGame game = Game(id);
        int width = game.Board!.Width, cells = width * game.Board.Height;
        Dictionary<int, double> goals = [];
        for (int state = 0; state < game.States.Count; state++)
        {
            for (int joint = 0; joint < game.JointActionCount; joint++)
            {
                if (game.Terminates(state, joint))
                {
                    goals[game.Next(state, joint) % cells] = game.Reward(state, joint, 1);
                }
            }
        }

        game.Board.Marks.ToDictionary(m => m.Cell.X + (width * m.Cell.Y), m => m.Value).ShouldBe(goals, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Walls_are_where_a_player_cannot_go_down_although_there_is_a_row_below(string id)
    {
        const int Down = 1;
        MarkovGame game = Game(id);
        GridBoard board = game.Board!;
        int cells = board.Width * board.Height;
        for (int player = 0; player < 2; player++)
        {
            for (int cell = board.Width; cell < cells; cell++)
            {
                // the other player in the far corner of the top row, out of the way
                int other = cell == cells - 1 ? 0 : cells - 1, stays = 0;
                int state = player == 0 ? (cell * cells) + other : (other * cells) + cell;
                int next = game.Next(state, player == 0 ? game.JointAction(Down, stays) : game.JointAction(stays, Down));
                bool blocked = (player == 0 ? next / cells : next % cells) == cell;
                board.Walls.Contains(new GridWall(new GridCell(cell % board.Width, cell / board.Width), player)).ShouldBe(blocked, $"player {player}, cell {cell}");
            }
        }
    }

    [Fact]
    public void Games_without_a_board_show_their_table_and_state()
    {
        using MarkovGameEnvironment environment = new(TwoStateCounterexample.Create());
        (environment.Scene.View, environment.Scene.PoseSize, environment.Scene.HasClock).ShouldBe(("matrix", 1, false));
        environment.Scene.Game.ShouldBeSameAs(environment.Game);
        environment.Scene.ActionNames.ShouldBe(environment.Game.Actions);
        double[] pose = new double[1];
        environment.WritePoseOf([1], pose);
        pose.ShouldBe([1]);
        Should.Throw<ArgumentException>(() => environment.WritePoseOf([2], pose)).Message.ShouldContain("0 to 1");
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(65536, 65536)]
    public void Board_that_has_not_as_many_positions_as_the_game_has_states_is_refused(int width, int height) =>
        Should.Throw<ArgumentException>(() => new MarkovGame("g", ["a", "b"], [["x"], ["x"]], ["s"], [1], (_, _, _) => (0, true)) { Board = new GridBoard(width, height) })
            .Message.ShouldContain($"{width} x {height}");

    [Fact]
    public void Highways_pose_is_its_state_and_its_actions_have_names_in_order()
    {
        using HighwayMerge environment = new();
        double[] observations = new double[16], rewards = new double[2], state = new double[9], pose = new double[9];
        environment.Reset(4, observations);
        environment.Step([3, 4], observations, rewards);
        environment.WriteState(state);
        environment.WritePose(pose);
        pose.ShouldBe(state);
        (pose[0], pose[7]).ShouldBe((environment.Leader.X, environment.Follower.Speed));
        environment.WritePoseOf([1, 2, 3, 4, 5, 6, 7, 8, 1], pose);
        pose.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 1]);
        environment.Scene.ActionNames.Count.ShouldBe(2);
        environment.Scene.ActionNames[1].Select(n => n.Replace(" ", "", StringComparison.Ordinal))
            .ShouldBe(Enum.GetNames<HighwayAction>().Select(n => n.ToLowerInvariant()));
    }

    private static MarkovGame Game(string id)
    {
        using IMultiAgentEnvironment made = MultiAgentCatalogue.WithAll().Make(id);
        return ((MarkovGameEnvironment)made.Unwrapped()).Game;
    }
}
