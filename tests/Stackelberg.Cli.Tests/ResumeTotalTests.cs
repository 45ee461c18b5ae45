using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary><c>resume --total-timesteps</c>.</summary>
public sealed class ResumeTotalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // on-policy with whole iterations, off-policy with whole blocks of updates
    [Theory]
    [InlineData("stac", "CartPole-v1", "steps_per_iteration=100")]
    [InlineData("td3", "Pendulum-v1", "update_every=50 learning_starts=100 update_after=100 batch_size=8 actor.hidden=8 critic.hidden=8")]
    public void Longer_run_in_two_parts_has_the_bits_of_one_in_one(string algorithm, string environment, string settings)
    {
        string[] arguments = ["--algo", algorithm, "--env", environment, "--eval-episodes", "1", "--eval-every", "150", "--json", "--quiet", "--set", .. settings.Split(' ')];
        JsonElement whole = Run(["train", "--total-timesteps", "600", "--out", "whole", .. arguments]).Json;
        Run(["train", "--total-timesteps", "300", "--out", "parts", .. arguments]);

        CommandResult parts = Run("resume", "parts", "--total-timesteps", "6e2", "--json");

        Hash(parts.Json).ShouldBe(Hash(whole));
        parts.Error.ShouldNotContain("note:");
        foreach (string table in new[] { "progress.csv", "episodes.csv", "evaluations.csv" })
        {
            string Read(string root) => File.ReadAllText(folder[root, environment, algorithm, "seed-0", table]);
            Read("parts").ShouldBe(Read("whole"), table);
        }
    }

    [Fact]
    public void New_total_is_the_runs_own_from_then_on()
    {
        Train("300");
        Run("resume", "runs", "--total-timesteps", "600");

        Run("resume", "runs").Output.ShouldContain("finished before");
        File.ReadAllText(Of("config.yml")).ShouldContain("total_timesteps: 600  # --total-timesteps");
        JsonElement change = JsonDocument.Parse(File.ReadAllText(Of("manifest.json"))).RootElement.GetProperty("retargeted").EnumerateArray().ShouldHaveSingleItem();
        (change.GetProperty("from_total").GetInt64(), change.GetProperty("to_total").GetInt64()).ShouldBe((300, 600));
    }

    [Fact]
    public void Process_killed_right_after_the_new_total_was_noted_leaves_a_run_that_goes_on_to_it()
    {
        string[] slow = ["train", "--algo", "ac", "--env", "Slow-v0", "--plugin", Command.Plugin, "--eval-episodes", "1", "--set", "steps_per_iteration=100", "--json", "--quiet"];
        JsonElement whole = Run([.. slow, "--total-timesteps", "1000", "--out", "whole"]).Json;
        Run([.. slow, "--total-timesteps", "200", "--out", "cut"]);
        string manifest = folder["cut", "Slow-v0", "ac", "seed-0", "manifest.json"];

        RunningCommand running = Command.Start(folder.Path, null, "resume", "cut", "--total-timesteps", "1000", "--quiet");
        while (!File.ReadAllText(manifest).Contains("\"to_total\": 1000", StringComparison.Ordinal) && !running.Process.HasExited)
        {
            Thread.Sleep(5);
        }

        running.Signal("KILL");
        Command.Finish(running).ExitCode.ShouldNotBe(0);
        Directory.GetDirectories(folder["cut", "Slow-v0", "ac", "seed-0", "checkpoints"]).ShouldHaveSingleItem();

        Hash(Run("resume", "cut", "--json").Json).ShouldBe(Hash(whole));
    }

    [Fact]
    public void Run_that_ended_within_an_iteration_goes_on_and_says_that_one_long_run_differs()
    {
        Train("250");

        CommandResult resumed = Run("resume", "runs", "--total-timesteps", "400", "--json");

        resumed.Json.GetProperty("runs")[0].GetProperty("steps").GetInt64().ShouldBe(400);
        resumed.Error.ShouldContain("note: the first 250 steps of 'runs/CartPole-v1/ac/seed-0' ended within an iteration of 100 (steps_per_iteration)");
    }

    [Theory]
    [InlineData("300", "--total-timesteps is 300, but 'runs/CartPole-v1/ac/seed-0' has taken 300 steps already", "more than 300")]
    [InlineData("299", "has taken 300 steps already", "give a total above 300")]
    [InlineData("many", "cannot be 'many'", "an integer ≥ 1")]
    [InlineData("0", "cannot be '0'", "an integer ≥ 1")]
    public void Total_that_is_reached_already_or_is_no_number_is_refused_and_changes_nothing(string total, string problem, string way)
    {
        Train("300");
        string configuration = File.ReadAllText(Of("config.yml")), manifest = File.ReadAllText(Of("manifest.json"));

        Command.Run(folder.Path, "resume", "runs", "--total-timesteps", total).ShouldRefuse(2, problem, way).Output.ShouldBeEmpty();

        File.ReadAllText(Of("config.yml")).ShouldBe(configuration);
        File.ReadAllText(Of("manifest.json")).ShouldBe(manifest);
        File.Exists(Of("result.json")).ShouldBeTrue();
    }

    [Fact]
    public void Several_runs_of_which_one_is_further_are_refused_together()
    {
        Train("300", "--seeds", "0,1");
        Run("resume", "runs/CartPole-v1/ac/seed-1", "--total-timesteps", "500");

        Command.Run(folder.Path, "resume", "runs", "--total-timesteps", "400").ShouldRefuse(2, "seed-1' has taken 500 steps", "name the folders of the other runs");
        JsonElement both = Run("resume", "runs", "--total-timesteps", "600", "--json").Json;
        both.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("steps").GetInt64()).ShouldBe([600, 600]);
    }

    private static string Hash(JsonElement json) => json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private string Of(string file) => folder["runs", "CartPole-v1", "ac", "seed-0", file];

    private void Train(string steps, params string[] arguments) => Run(
        ["train", "--algo", "ac", "--env", "CartPole-v1", "--total-timesteps", steps, "--eval-episodes", "1", "--set", "steps_per_iteration=100", "--quiet", .. arguments]);

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
