using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Run_and_checkpoint_and_rollout_become_pages()
    {
        Run("train", "--algo", "stac", "--env", "CartPole-v1", "--total-timesteps", "200", "--eval-episodes", "1", "--quiet");
        string run = Path.Combine("runs", "CartPole-v1", "stac", "seed-0");

        CommandResult result = Run("replay", run, "--out", "run.html", "--episodes", "2", "--seed", "3");
        Run("replay", Path.Combine(run, "checkpoints", "step-000000000200"), "--out", "checkpoint.html", "--episodes", "2", "--seed", "3");
        Run("replay", run, "--out", "stochastic.html", "--episodes", "2", "--seed", "3", "--mode", "stochastic");
        Run("env", "rollout", "Hopper-v4", "--steps", "5", "--out", "rollout.csv");
        Run("replay", "rollout.csv", "--out", "new/rollout.html").Output.ShouldContain("Hopper-v4, rollout rollout.csv: open new/rollout.html");

        result.Output.ShouldContain("greedy policy, seed 3: open run.html in a browser");
        result.Output.Split('\n').Count(l => l.EndsWith("terminated", StringComparison.Ordinal) || l.EndsWith("truncated", StringComparison.Ordinal)).ShouldBe(2);
        string page = File.ReadAllText(folder["run.html"]);
        page.ShouldStartWith("<!doctype html>");
        File.ReadAllText(folder["checkpoint.html"]).ShouldBe(page);
        File.ReadAllText(folder["stochastic.html"]).ShouldNotBe(page);
        File.ReadAllText(folder["new", "rollout.html"]).ShouldContain("\"kind\":\"capsule\"");
        CommandResult mismatch = Command.Run(folder.Path, "replay", run, "--out", "x.html", "--env", "Acrobot-v1");
        mismatch.ShouldRefuse(2, "the run was trained on CartPole-v1");
    }

    [Fact]
    public void What_cannot_be_replayed_is_refused()
    {
        Refuse("gone").ShouldRefuse(2, "there is no 'gone'");
        Refuse(folder.Path).ShouldRefuse(2, "no run");
        Refuse("gone", "--episodes", "0").ShouldRefuse(2, "--episodes cannot be 0");
        folder.Write("table.csv", "a,b\n1,2\n");
        Refuse("table.csv").ShouldRefuse(2, "no column 't'", "env rollout");
        Refuse("table.csv", "--env", "Hoper-v4").ShouldRefuse(2, "unknown environment", "Hopper-v4");
        Run("env", "rollout", "CartPole-v1", "--steps", "5", "--out", "rollout.csv");
        Refuse("rollout.csv").ShouldRefuse(2, "fit CartPole-v0, CartPole-v1", "--env CartPole-v0");
        Refuse("rollout.csv", "--env", "Hopper-v4").ShouldRefuse(2, "not those of Hopper-v4");
        File.Exists(folder["out.html"]).ShouldBeFalse();
    }

    [Fact]
    public void Rollouts_of_several_agents_and_of_games_from_files_become_pages()
    {
        Run("env", "rollout", "HighwayMerge-v0", "--episodes", "3", "--out", "highway.csv");
        Run("replay", "highway.csv", "--env", "HighwayMerge-v0", "--out", "highway.html").Output.ShouldMatch("(?m)^3 .*(50.000, 10.000|10.000, 50.000|-[0-9.]+, -[0-9.]+) +terminated$");
        Run("env", "rollout", "CooperativeGrid-v0", "--steps", "7", "--out", "grid.csv");
        Run("replay", "grid.csv", "--env", "CooperativeGrid-v0", "--out", "grid.html").Output.ShouldContain("CooperativeGrid-v0, rollout grid.csv");
        File.ReadAllText(folder["grid.html"]).ShouldContain("\"board\":{\"width\":3");
        Refuse("highway.csv").ShouldRefuse(2, "fit HighwayMerge-v0, HighwayMergeReleased-v0");

        folder.Write("coins.json", """{ "players": ["left", "right"], "actions": [["heads", "tails"], ["heads", "tails"]], "payoffs": [[[7, -1], [-1, 1]], [[-1, 1], [1, -1]]] }""");
        Run("env", "rollout", "coins.json", "--episodes", "40", "--out", "coins.csv");
        Run("replay", "coins.csv", "--env", "coins.json", "--out", "coins.html");
        File.ReadAllText(folder["coins.html"]).ShouldContain("\"agents\":[\"left\",\"right\"]");
        Refuse("coins.csv", "--env", "MatchingPennies-v0").ShouldRefuse(2, "'coins.csv' was not played in MatchingPennies-v0", "the game pays");
    }

    [Fact]
    public void Video_without_its_programs_is_refused_before_anything_is_written()
    {
        Run("env", "rollout", "Pendulum-v1", "--steps", "5", "--out", "rollout.csv");
        string path = folder["tools"];
        Directory.CreateDirectory(path);
        Command.RunWith(folder.Path, ("PATH", path), "replay", "rollout.csv", "--out", "out.html", "--video", "out.mp4")
            .ShouldRefuse(2, "Chromium and ffmpeg not found", "sudo apt-get install -y chromium ffmpeg");
        File.Exists(folder["out.html"]).ShouldBeFalse();
    }

    [Fact]
    public void Without_the_physics_engine_tables_of_other_tasks_are_still_recognised()
    {
        Run("env", "rollout", "Pendulum-v1", "--steps", "5", "--out", "pendulum.csv");
        Run("env", "rollout", "Hopper-v4", "--steps", "5", "--out", "hopper.csv");
        CommandResult Replay(string table) => Command.RunWith(folder.Path, ("MUJOCO_LIBRARY", "/nonexistent"), "replay", table, "--out", "out.html");

        Replay("hopper.csv").ShouldRefuse(3, "MUJOCO_LIBRARY");
        Replay("pendulum.csv").ShouldSucceed().Output.ShouldContain("Pendulum-v1");
    }

    private CommandResult Refuse(string source, params string[] arguments) => Command.Run(folder.Path, ["replay", source, "--out", "out.html", .. arguments]);

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
