using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class HypergradientExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_is_exported_and_reported_in_the_promised_form()
    {
        Train("st-ddpg").ShouldSucceed();
        CommandResult result = Export("runs", "out", "--json").ShouldSucceed();

        JsonElement json = result.Json;
        json.GetProperty("command").GetString().ShouldBe("hypergradient export");
        json.GetProperty("step").GetInt64().ShouldBe(200);
        json.GetProperty("status").GetString().ShouldBe("iteration-limit");
        json.GetProperty("scale").GetDouble().ShouldBe(1);
        string[] files = [.. json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        files.Order().ShouldBe(Directory.GetFiles(folder["out"]).Select(f => Path.GetFileName(f)!).Order());
        files.ShouldContain("hypergradient.npz");
        using JsonDocument options = JsonDocument.Parse(File.ReadAllText(folder["out", "options.json"]));
        options.RootElement.GetProperty("leader").GetString().ShouldBe("actor");
        options.RootElement.GetProperty("result").GetProperty("direct_norm").GetDouble().ShouldBe(json.GetProperty("direct_norm").GetDouble());

        // a checkpoint may be named as well, and the folder is not overwritten unasked
        string checkpoint = Path.Combine("runs", "Pendulum-v1", "st-ddpg", "seed-0", "checkpoints", "step-000000000200");
        Export(checkpoint, "out").ShouldRefuse(2, "not empty", "--overwrite").Output.ShouldBeEmpty();
        Export(checkpoint, "out", "--overwrite").ShouldSucceed().Output.ShouldContain("actor leads, solver cg");

        // tensors of a checkpoint have the same names
        Export(checkpoint, checkpoint, "--overwrite").ShouldRefuse(2, "has a state.json", "no earlier export", "--out");
        Export(checkpoint, Path.Combine("runs", "Pendulum-v1", "st-ddpg", "seed-0"), "--overwrite").ShouldRefuse(2, "has a manifest.json");
        Command.Run(folder.Path, "eval", "runs", "--episodes", "1").ShouldSucceed();
    }

    [Theory]
    [InlineData("stac", "before-any-step", 100)]
    [InlineData("blpo-cg", "after-followers-steps", 50)]
    public void An_on_policy_run_is_exported_with_a_rollout_of_its_own(string algorithm, string point, int rows)
    {
        Train(algorithm, "CartPole-v1").ShouldSucceed();
        CommandResult result = Export("runs", "out", "--json").ShouldSucceed();
        // the run had taken 200 steps, and the rollout 100 more
        result.Json.GetProperty("step").GetInt64().ShouldBe(300);
        string[] files = [.. result.Json.GetProperty("files").EnumerateArray().Select(f => f.GetString()!)];
        files.Order().ShouldBe(Directory.GetFiles(folder["out"]).Select(f => Path.GetFileName(f)!).Order());
        using JsonDocument options = JsonDocument.Parse(File.ReadAllText(folder["out", "options.json"]));
        options.RootElement.GetProperty("point").GetString().ShouldBe(point);
        options.RootElement.GetProperty("batch_size").GetInt32().ShouldBe(rows);
        options.RootElement.GetProperty("checkpoint").GetString().ShouldBe("step-000000000200");
        Export("runs", "again").ShouldSucceed().Output.ShouldContain("actor leads, solver cg");
        foreach (string file in files)
        {
            File.ReadAllBytes(folder["out", file]).ShouldBe(File.ReadAllBytes(folder["again", file]));
        }
    }

    [Theory]
    [InlineData("ddpg", "", "has no leader", "Pendulum-v1")]
    [InlineData("st-sac", "leader=none", "has no leader", "Pendulum-v1")]
    [InlineData("stac", "leader=none", "has no leader", "CartPole-v1")]
    [InlineData("blpo-cg", "hypergradient.method=first-order", "hypergradient.method is not implicit", "CartPole-v1")]
    public void A_run_without_an_implicit_leader_is_refused_with_the_methods_that_have_one(string algorithm, string setting, string why, string environment)
    {
        Train(algorithm, environment, setting).ShouldSucceed();
        Export("runs", "out").ShouldRefuse(2, $"'{algorithm}'", why, "st-ddpg, ", "blpo-cg, ", "leader=actor", "hypergradient.method=implicit").Output.ShouldBeEmpty();
        Directory.Exists(folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public void Several_runs_a_missing_folder_and_a_missing_flag_are_refused()
    {
        Train("st-ddpg", "Pendulum-v1", "", "--seeds", "0,1").ShouldSucceed();
        Export("runs", "out").ShouldRefuse(2, "2 runs in 'runs'", "one run", "seed-0");
        Export("nowhere", "out").ShouldRefuse(2, "nowhere");
        Command.Run(folder.Path, "hypergradient", "export", "--run", "runs").ShouldRefuse(2, "--out");
        folder.Write("file", "text");
        Export(Path.Combine("runs", "Pendulum-v1", "st-ddpg", "seed-1"), "file").ShouldRefuse(2, "is a file", "--out");
        Command.Run(folder.Path, "hypergradient", "exprot").ShouldRefuse(2, "'export'");
    }

    private CommandResult Export(string run, string target, params string[] flags) =>
        Command.Run(folder.Path, ["hypergradient", "export", "--run", run, "--out", target, .. flags]);

    private CommandResult Train(string algorithm, string environment = "Pendulum-v1", string setting = "", params string[] flags)
    {
        string[] small = algorithm == "stac" ? ["steps_per_iteration=100"]
            : algorithm == "blpo-cg" ? ["environments=2", "rollout_steps=50"]
            : ["actor.hidden=6", "critic.hidden=6", "batch_size=20", "buffer_size=500", "learning_starts=100", "update_after=100"];
        string[] settings = setting.Length == 0 ? small : [.. small, setting];
        return Command.Run(
            folder.Path,
            ["train", "--algo", algorithm, "--env", environment, "--total-timesteps", "200", "--eval-episodes", "1", "--quiet", "--out", "runs", .. flags, "--set", .. settings]);
    }
}
