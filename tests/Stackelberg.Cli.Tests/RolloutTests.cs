using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class RolloutTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Hopper-v4", "Hopper-v4.csv")]
    [InlineData("Pusher-v4", "Pusher-v4.push.csv")]
    [InlineData("Reacher-v4", "Reacher-v4.csv")]
    public void Replay_of_recorded_actions_writes_the_recording_digit_by_digit(string id, string file)
    {
        Run("env", "rollout", id, "--initial-state", Data("initial_states.json"), "--actions", Data(file), "--continue-after-termination", "--out", "out.csv");

        Table recorded = new(Data(file)), played = new(folder["out.csv"]);
        played.Rows.ShouldBe(101);
        recorded.Columns.ShouldContain("qpos0");
        foreach (string column in recorded.Columns)
        {
            played.Column(column).ShouldBe(recorded.Column(column), column);
        }

        played.Columns.Except(recorded.Columns).ShouldBe(["truncated"]);
    }

    [Fact]
    public void Replay_stops_where_the_episode_terminates_and_says_what_was_not_played()
    {
        CommandResult result = Run("env", "rollout", "Hopper-v4", "--initial-state", Data("initial_states.json"), "--actions", Data("Hopper-v4.csv"), "--out", "out.csv");

        int end = Array.IndexOf(new Table(Data("Hopper-v4.csv")).Column("terminated"), "1");
        end.ShouldBeInRange(2, 99);
        Table played = new(folder["out.csv"]);
        played.Rows.ShouldBe(end + 1);
        played.Column("terminated")[^1].ShouldBe("1");
        result.Error.ShouldContain($"note: {100 - end} recorded actions were not played");
        result.Output.ShouldContain("terminated");
    }

    [Fact]
    public void Rollout_read_back_as_actions_gives_itself()
    {
        Run("env", "rollout", "CartPole-v1", "--seed", "3", "--episodes", "3", "--out", "first.csv");
        Table first = new(folder["first.csv"]);
        first.Columns.ShouldBe(
            ["episode", "t", "action0", "obs0", "obs1", "obs2", "obs3", "reward", "terminated", "truncated", "state0", "state1", "state2", "state3"]);
        IEnumerable<int> starts = Enumerable.Range(0, first.Rows).Where(row => first.Column("t")[row] == "0");
        starts.Count().ShouldBe(3);
        folder.Write("starts.json", $"[{string.Join(", ", starts.Select(row => $"{{\"state\": [{string.Join(", ", Enumerable.Range(0, 4).Select(i => first.Column($"state{i}")[row]))}]}}"))}]");

        Run("env", "rollout", "CartPole-v1", "--actions", "first.csv", "--initial-state", "starts.json", "--out", "second.csv");

        File.ReadAllText(folder["second.csv"]).ShouldBe(File.ReadAllText(folder["first.csv"]));
    }

    [Fact]
    public void Random_rollout_is_a_function_of_its_seed()
    {
        string Play(string seed, string file)
        {
            Run("env", "rollout", "Swimmer-v4", "--policy", "random", "--steps", "20", "--seed", seed, "--out", file);
            return File.ReadAllText(folder[file]);
        }

        string first = Play("5", "a.csv");
        Play("5", "b.csv").ShouldBe(first);
        Play("6", "c.csv").ShouldNotBe(first);
        Table table = new(folder["a.csv"]);
        table.Rows.ShouldBe(21);
        double[] actions = [.. table.Numbers("action0")[1..], .. table.Numbers("action1")[1..]];
        actions.ShouldBeUnique();
        actions.Min().ShouldBeInRange(-1, -0.5);
        actions.Max().ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void Zero_policy_pushes_nothing_and_the_time_limit_truncates()
    {
        Run("env", "rollout", "Pendulum-v1", "--policy", "zero", "--out", "new/folder/out.csv");

        Table table = new(folder["new", "folder", "out.csv"]);
        table.Rows.ShouldBe(201);
        table.Column("action0").ShouldAllBe(a => a == "0");
        table.Column("truncated").ShouldBe([.. Enumerable.Repeat("0", 200), "1"]);
        table.Column("terminated").ShouldAllBe(a => a == "0");
    }

    [Fact]
    public void Policy_of_a_run_or_of_its_checkpoint_plays_greedily_or_by_chance()
    {
        Run("train", "--algo", "stac", "--env", "CartPole-v1", "--total-timesteps", "200", "--eval-episodes", "1", "--quiet");
        string run = Path.Combine("runs", "CartPole-v1", "stac", "seed-0");
        string checkpoint = Path.Combine(run, "checkpoints", "step-000000000200");

        Run("env", "rollout", "CartPole-v1", "--policy", run, "--seed", "1", "--out", "run.csv");
        Run("env", "rollout", "CartPole-v1", "--policy", checkpoint, "--seed", "1", "--out", "checkpoint.csv");
        Run("env", "rollout", "CartPole-v1", "--policy", run, "--mode", "stochastic", "--seed", "1", "--out", "stochastic.csv");

        File.ReadAllText(folder["checkpoint.csv"]).ShouldBe(File.ReadAllText(folder["run.csv"]));
        new Table(folder["stochastic.csv"]).Column("action0").ShouldNotBe(new Table(folder["run.csv"]).Column("action0"));
        Refuse("Pendulum-v1", "--policy", run).ShouldRefuse(2, "was learned on CartPole-v1", "cannot act on Pendulum-v1");
    }

    [Fact]
    public void Physics_that_diverges_ends_as_a_named_error_without_a_table()
    {
        string zeros = string.Join(", ", Enumerable.Repeat("0", 5));
        folder.Write("huge.json", $"{{\"qpos\": [1e12, {zeros}], \"qvel\": [0, {zeros}]}}");

        Command.Run(folder.Path, "env", "rollout", "Hopper-v4", "--initial-state", "huge.json", "--policy", "zero", "--out", "out.csv")
            .ShouldRefuse(3, "Hopper-v4: the physics diverged in step 1");
        Directory.GetFiles(folder.Path).ShouldBe([folder["huge.json"]]);
    }

    // Years in prison, row and column player: both cooperate −1, −1; both defect −2, −2; who defects alone 0, the other −3.
    [Fact]
    public void Game_of_two_is_replayed_with_a_reward_for_each()
    {
        folder.Write("actions.csv", "episode,t,action0,action1\n4,0,0,0\n4,1,0,1\n4,2,1,1\n4,3,0,0\n9,1,1,0\n");

        folder.Write("states.json", """{"RepeatedPrisonersDilemma-v0": [{"state": 3}, {"state": 1}]}""");

        CommandResult result = Run(
            "env", "rollout", "RepeatedPrisonersDilemma-v0", "--actions", "actions.csv", "--initial-state", "states.json", "--out", "game.csv", "--json");

        Table table = new(folder["game.csv"]);
        table.Columns.ShouldBe(["episode", "t", "action0", "action1", "obs0", "obs1", "reward0", "reward1", "terminated", "truncated", "state0"]);
        table.Column("episode").ShouldBe(["4", "4", "4", "4", "9", "9"]);
        table.Column("state0").ShouldBe(["3", "1", "3", "0", "1", "2"]);
        table.Numbers("reward0").ShouldBe([0, -3, -2, -1, 0, 0]);
        table.Numbers("reward1").ShouldBe([0, 0, -2, -1, 0, -3]);
        result.Json.GetProperty("episodes")[0].GetProperty("returns").GetArrayLength().ShouldBe(2);
        Refuse("RepeatedPrisonersDilema-v0").ShouldRefuse(2, "did you mean 'RepeatedPrisonersDilemma-v0'?");
        folder.Write("one.csv", "action0\n1\n");
        Refuse("RepeatedPrisonersDilemma-v0", "--actions", "one.csv").ShouldRefuse(2, "has 1 action columns (action0)", "takes 2 numbers per action");
    }

    // As recorded from an independent implementation: both idle until they crash, then the leader speeds up while the follower slows down.
    // State 74 = 9 · 8 + 2: the leader at (2, 2), the follower at (2, 0), the better goal.
    [Fact]
    public void Grid_starts_from_a_given_position()
    {
        folder.Write("start.json", """{"state": 74}""");
        folder.Write("actions.csv", "action0,action1\n1,4\n1,4\n");
        Run("env", "rollout", "CooperativeGrid-v0", "--actions", "actions.csv", "--initial-state", "start.json", "--out", "grid.csv");
        Table table = new(folder["grid.csv"]);
        table.Numbers("state0").ShouldBe([74, 47, 20]);
        table.Numbers("reward0").ShouldBe([0, 0, 200]);
        table.Numbers("reward1").ShouldBe([0, 0, 200]);
        table.Column("terminated")[^1].ShouldBe("1");
        folder.Write("start.json", """{"state": 81}""");
        Refuse("CooperativeGrid-v0", "--initial-state", "start.json").ShouldRefuse(2, "0 to 80");
    }

    [Fact]
    public void Policy_of_a_run_plays_games_with_the_spaces_it_learned_in_and_no_others()
    {
        Run("train", "--algo", "bilevel-q", "--env", "Escape-v0", "--total-timesteps", "2000", "--eval-episodes", "1", "--quiet");
        Run("env", "rollout", "Escape-v0", "--policy", "runs", "--out", "escape.csv");
        Table played = new(folder["escape.csv"]);
        played.Column("action0")[1].ShouldBe("2");
        (played.Numbers("reward0")[1], played.Numbers("reward1")[1]).ShouldBe((30, 30));
        Refuse("HighwayMerge-v0", "--policy", "runs").ShouldRefuse(2, "was learned on Escape-v0", "cannot act on HighwayMerge-v0", "stackelberg train --env HighwayMerge-v0");
        Refuse("HighwayMerge-v0", "--policy", "zeros").ShouldRefuse(2, "unknown policy 'zeros'", "did you mean 'zero'?");
        Command.Run(folder.Path, "train", "--algo", "ac", "--env", "HighwayMerge-v0").ShouldRefuse(2, "'HighwayMerge-v0' has several agents, and 'ac' learns for one", "bi-ac");
        Command.Run(folder.Path, "train", "--algo", "bi-ac", "--env", "CartPole-v1").ShouldRefuse(2, "'CartPole-v1' has one agent, and 'bi-ac' learns for several", "HighwayMerge-v0");
    }

    [Fact]
    public void A_run_on_a_game_is_trained_resumed_evaluated_and_replayed_with_a_return_per_agent()
    {
        folder.Write("bully.json", """{ "players": ["first, one", "second"], "actions": [["A", "B"], ["X", "Y"]], "payoffs": [[[40, 0], [80, 20]], [[40, 0], [0, 20]]] }""");
        Run("train", "--algo", "bi-ac", "--env", "bully.json", "--total-timesteps", "600", "--eval-every", "300", "--eval-episodes", "2", "--set", "batch_size=32", "--quiet");
        string run = folder["runs", "bully.json", "bi-ac", "seed-0"];
        File.ReadLines(Path.Combine(run, "episodes.csv")).First().ShouldEndWith("terminated,return_first_ one,return_second");
        File.ReadLines(Path.Combine(run, "evaluations.csv")).First().ShouldEndWith("returns,return_first_ one_mean,return_second_mean");

        Run("resume", "runs", "--total-timesteps", "900", "--quiet");
        System.Text.Json.JsonElement agents = Run("eval", "runs", "--episodes", "3", "--json").Json.GetProperty("runs")[0].GetProperty("final_evaluation").GetProperty("agents");
        agents.EnumerateObject().Select(a => a.Name).ShouldBe(["first, one", "second"]);
        Run("replay", "runs", "--out", "bully.html");
        File.Exists(folder["bully.html"]).ShouldBeTrue();
    }

    [Fact]
    public void Files_with_a_game_or_a_finite_MDP_stand_for_environments()
    {
        folder.Write("mdp.json", """{ "name": "two", "states": 2, "actions": 1, "transitions": [[[0, 1]], [[0, 1]]], "rewards": [[3], [0]], "terminal": [1] }""");
        Run("env", "rollout", "mdp.json", "--out", "mdp.csv");
        new Table(folder["mdp.csv"]).Numbers("reward").ShouldBe([0, 3]);
        folder.Write("game.json", """{ "players": ["a", "b"], "actions": [["x", "y"], ["z"]], "payoffs": [[[1], [2]], [[3], [4]]] }""");
        Run("env", "check", "game.json", "mdp.json");
        Run("env", "show", "game.json").Output.ShouldContain("a, level 0");
        folder.Write("bad.json", """{ "players": ["a", "b"], "actions": [["x", "y"], ["z"]], "payoffs": [[[1], [2]], [[3]]] }""");
        Refuse("bad.json").ShouldRefuse(2, "'bad.json' cannot be used as an environment", "payoffs[1] has 1 entries; 2 are needed");
        Refuse("gone.json").ShouldRefuse(2, "'gone.json' cannot be used as an environment");
    }

    [Fact]
    public void Highway_is_replayed_from_given_speeds_and_shows_both_cars()
    {
        folder.Write("actions.csv", "episode,t,action0,action1\n0,1,0,0\n0,2,0,0\n0,3,0,0\n1,1,3,4\n1,2,3,4\n");
        folder.Write("speeds.json", """[{"speeds": [39, 39.5]}, {"speeds": [39, 39.5]}]""");

        Run("env", "rollout", "HighwayMerge-v0", "--actions", "actions.csv", "--initial-state", "speeds.json", "--out", "highway.csv");

        Table table = new(folder["highway.csv"]);
        table.Columns[^9..].ShouldBe(["x0", "y0", "heading0", "speed0", "x1", "y1", "heading1", "speed1", "crashed"]);
        (int Row, double[] Leader, double[] Follower, double Reward0, double Reward1, double Crashed)[] recorded =
        [
            (0, [215, 4, 0, 39], [215, 14.5, 0, 39.5], 0, 0, 0),
            (1, [254.502533, 4, 0, 39.829112], [254.244022, 8.947974, -.045280, 39.914556], 0, 0, 0),
            (3, [297.082241, 4, 0, 39.974042], [296.700158, 5.913115, -.138592, 39.974042], -5, -5, 1),
            (6, [313.618068, 4, 0, 57.969887], [274.923119, 8.011060, -.006595, 21.986309], 50, 10, 0),
        ];
        table.Rows.ShouldBe(7);
        foreach ((int row, double[] leader, double[] follower, double reward0, double reward1, double crashed) in recorded)
        {
            double[] seen = [.. table.Columns[^9..].Select(c => table.Numbers(c)[row])];
            seen.ShouldBe([.. leader, .. follower, crashed], 5e-6, $"row {row}");
            (table.Numbers("reward0")[row], table.Numbers("reward1")[row]).ShouldBe((reward0, reward1));
        }

        table.Column("terminated").ShouldBe(["0", "0", "0", "1", "0", "0", "1"]);
        folder.Write("fast.json", """{"speeds": [39, 80]}""");
        Refuse("HighwayMerge-v0", "--initial-state", "fast.json").ShouldRefuse(2, "cannot start from that state", "1 to 70 m/s");
        folder.Write("one.json", """{"speeds": [39]}""");
        Refuse("HighwayMerge-v0", "--initial-state", "one.json").ShouldRefuse(2, "'speeds' of 'one.json' is 1 numbers; 2 numbers are needed");
    }

    // The engine clamps the force, so the motion stays sound; the cost of such an action overflows.
    [Fact]
    public void Reward_that_is_not_finite_ends_as_a_named_error()
    {
        folder.Write("huge.csv", "action0,action1,action2\n0,0,0\n1e200,0,0\n");

        Refuse("Hopper-v4", "--actions", "huge.csv").ShouldRefuse(3, "Hopper-v4: the reward is", "at step 2");
        File.Exists(folder["out.csv"]).ShouldBeFalse();
    }

    [Fact]
    public void Initial_state_goes_by_either_name_and_a_single_number_needs_no_brackets()
    {
        folder.Write("state.json", """{"CartPole-v1": [{"observation": [0.5, 0, 0.1, 0]}, {"state": [-0.5, 0, 0.1, 0]}], "SimpleMdp2-v0": {"state": 0}}""");
        Run("env", "rollout", "CartPole-v1", "--initial-state", "state.json", "--policy", "zero", "--out", "cart.csv");
        Table table = new(folder["cart.csv"]);
        double[] starts = [.. table.Numbers("state0").Where((_, row) => table.Column("t")[row] == "0")];
        starts.ShouldBe([0.5, -0.5]);
        table.Column("episode").Distinct().ShouldBe(["0", "1"]);

        Refuse("CartPole-v1", "--initial-state", "state.json", "--episodes", "3").ShouldRefuse(2, "lists 2 initial states", "--episodes asks for 3");
        Run("env", "rollout", "SimpleMdp2-v0", "--initial-state", "state.json", "--steps", "1", "--out", "mdp.csv");
        new Table(folder["mdp.csv"]).Column("obs0")[0].ShouldBe("1");
        folder.Write("terminal.json", """{"state": 2}""");
        Refuse("SimpleMdp2-v0", "--initial-state", "terminal.json").ShouldRefuse(2, "cannot start from that state", "not terminal");
    }

    [Theory]
    [InlineData("t,acton0\n1,0\n", "no column 'action0'", "'acton0'")]
    [InlineData("t,action0,action1\n1,0,0\n", "has 2 action columns (action0, action1); CartPole-v1 takes 1", "env show CartPole-v1")]
    [InlineData("t,action0,action0\n1,0,0\n", "the column 'action0' twice", "delete")]
    [InlineData("t,action0\n1,nan\n", "line 2", "action0 = 'nan'", "finite")]
    [InlineData("t,action0\n1,1e999\n", "line 2", "action0 = '1e999'", "finite")]
    [InlineData("t,action0\n1,1\n2,\n", "line 3", "action0 = ''", "finite")]
    [InlineData("t,action0\n1,2\n", "line 2", "action0 = 2", "an integer from 0 to 1")]
    [InlineData("t,action0\n0,0\n1,1\n3,1\n", "line 4", "t = 3 where 2 is due", "in the order")]
    [InlineData("t,action0\n1,1,1\n", "line 2", "has 3 cells under 2 columns", "as many")]
    [InlineData("episode,t,action0\n0,1.5,1\n", "line 2", "t = '1.5'", "integer")]
    [InlineData("episode,t,action0\nx,1,1\n", "line 2", "episode = 'x'", "integer")]
    [InlineData("t,action0\n0,0\n", "has no actions", "action0", "--policy")]
    [InlineData("", "no column 'action0'", "action0", "first line")]
    public void Table_of_actions_that_cannot_be_played_is_refused(string text, string problem, string detail, string way = "")
    {
        folder.Write("actions.csv", text);
        Refuse("CartPole-v1", "--actions", "actions.csv").ShouldRefuse(2, "actions.csv", problem, detail, way).Output.ShouldBeEmpty();
        File.Exists(folder["out.csv"]).ShouldBeFalse();
    }

    [Fact]
    public void Table_with_too_few_action_columns_is_refused()
    {
        folder.Write("actions.csv", "action0,action1\n0,0\n");
        Refuse("Hopper-v4", "--actions", "actions.csv").ShouldRefuse(2, "has 2 action columns", "takes 3 numbers per action");
    }

    [Theory]
    [InlineData("""{"qpos": [0, 1], "qvel": [0, 0, 0, 0, 0, 0]}""", "'qpos' of 'state.json' is 2 numbers; 6 numbers are needed", "qvel")]
    [InlineData("""{"qpos": [0, 1, 0, 0, 0, 0]}""", "has no 'qvel'", "\"qvel\": [6 numbers]")]
    [InlineData("""{"qpos": [0, 1, 0, 0, 0, 0], "qval": []}""", "a member 'qval'", "did you mean 'qvel'?")]
    [InlineData("""{"qpos": [0, 1e999, 0, 0, 0, 0], "qvel": [0, 0, 0, 0, 0, 0]}""", "qpos[1]: 1e999", "double precision")]
    [InlineData("""{"Hoper-v4": {"qpos": [], "qvel": []}, "Ant-v4": {}}""", "no entry 'Hopper-v4'", "did you mean 'Hoper-v4'?")]
    [InlineData("""[{"qpos": [0, 1, 0, 0, 0, 0], "qvel": [0, 0, 0, 0, 0, 0]}, 4]""", "state 1 in 'state.json' is a number", "object")]
    [InlineData("[]", "is empty", "at least one")]
    [InlineData("{", "not valid JSON at line 1", "it ends too early")]
    public void Initial_state_that_does_not_fit_is_refused(string text, string problem, string detail)
    {
        folder.Write("state.json", text);
        Refuse("Hopper-v4", "--initial-state", "state.json").ShouldRefuse(2, problem, detail).Output.ShouldBeEmpty();
    }

    [Fact]
    public void Files_policies_and_flags_that_do_not_exist_or_fit_are_refused()
    {
        Refuse("CartPole-v1", "--actions", "gone.csv").ShouldRefuse(2, "there is no file 'gone.csv'", "--actions");
        Refuse("CartPole-v1", "--initial-state", "gone.json").ShouldRefuse(2, "there is no file 'gone.json'", "--initial-state");
        Refuse("CartPole-v1", "--policy", "randm").ShouldRefuse(2, "unknown policy 'randm'", "random, zero", "did you mean 'random'?");
        Refuse("CartPole-v1", "--policy", folder.Path).ShouldRefuse(2, "no run");
        Refuse("CartPole-v1", "--policy", "zero", "--actions", "a.csv").ShouldRefuse(2, "both given");
        Refuse("CartPole-v1", "--steps", "0").ShouldRefuse(2, "--steps cannot be 0");
        Refuse("CartPol-v1").ShouldRefuse(2, "unknown environment 'CartPol-v1'", "'CartPole-v1'");
        Refuse("Sound-v0", "--plugin", Command.Plugin, "--continue-after-termination").ShouldRefuse(2, "Sound-v0 cannot go on", "IContinueAfterTermination");
        folder.Write("state.json", """{"state": [0]}""");
        Refuse("Sound-v0", "--plugin", Command.Plugin, "--initial-state", "state.json").ShouldRefuse(2, "Sound-v0 cannot start from a given state", "IInitialState");
        Command.Run(folder.Path, "env", "rollout", "CartPole-v1", "--out", folder.Path).ShouldRefuse(2, "cannot be written", "--out");
        Command.Run(folder.Path, "env", "rollout", "CartPole-v1").ShouldRefuse(2, "--out");
    }

    private static string Data(string file) => Path.Combine(AppContext.BaseDirectory, "Data", file);

    private CommandResult Refuse(string id, params string[] arguments) => Command.Run(folder.Path, ["env", "rollout", id, "--out", "out.csv", .. arguments]);

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
