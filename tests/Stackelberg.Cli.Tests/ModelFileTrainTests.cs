using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary><c>train --env my.json</c>.</summary>
public sealed class ModelFileTrainTests : IDisposable
{
    // Staying pays 1, going 3, and either leads to the other state: rewards of 10 steps lie between 10 and 30.
    private const string Mdp = """
        { "states": ["here", "there"], "actions": ["stay", "go"], "horizon": 10,
          "transitions": [[[1, 0], [0, 1]], [[0, 1], [1, 0]]], "rewards": [[1, 3], [1, 3]] }
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Run_on_a_file_lives_on_its_own_copy_when_the_original_changes_or_vanishes()
    {
        Directory.CreateDirectory(folder["models"]);
        folder.Write(Path.Combine("models", "two.json"), Mdp);
        string whole = Hash(Train("models/two.json", "400", "--out", "whole"));
        Train("models/two.json", "200");
        string run = folder["runs", "two.json", "ac", "seed-0"];
        File.ReadAllText(Path.Combine(run, "environment", "two.json")).ShouldBe(Mdp);
        string before = Evaluation(run);

        folder.Write(Path.Combine("models", "two.json"), Mdp.Replace("3", "-5", StringComparison.Ordinal));
        Evaluation(run).ShouldBe(before);
        File.Delete(folder["models", "two.json"]);
        Evaluation(run).ShouldBe(before);
        Run("env", "rollout", "two.json", "--policy", run, "--out", "two.csv");
        new Table(folder["two.csv"]).Numbers("reward")[1..].ShouldAllBe(r => r == 1 || r == 3);
        Hash(Run("resume", run, "--total-timesteps", "400", "--json")).ShouldBe(whole);
        Hash(Run("train", "-c", Path.Combine(run, "config.yml"), "--out", "again", "--json")).ShouldBe(whole);
    }

    [Fact]
    public void Rollout_says_when_the_copy_is_played_in_place_of_a_changed_original()
    {
        folder.Write("two.json", Mdp);
        Train("two.json", "200");
        string run = folder["runs", "two.json", "ac", "seed-0"];
        Run("env", "rollout", "two.json", "--policy", run, "--out", "two.csv").Error.ShouldBeEmpty();

        folder.Write("two.json", Mdp.Replace("3", "-5", StringComparison.Ordinal));

        Run("env", "rollout", "two.json", "--policy", run, "--out", "copy.csv").Error.ShouldContain("the run's own copy is played");
        File.ReadAllText(folder["copy.csv"]).ShouldBe(File.ReadAllText(folder["two.csv"]));
        Run("env", "rollout", "./two.json", "--policy", run, "--out", "changed.csv").Error.ShouldBeEmpty();
        File.ReadAllText(folder["changed.csv"]).ShouldNotBe(File.ReadAllText(folder["two.csv"]));
    }

    [Fact]
    public void Changed_copy_stops_every_verb_with_the_hash_it_had()
    {
        folder.Write("two.json", Mdp);
        Train("two.json", "200");
        folder.Write(Path.Combine("runs", "two.json", "ac", "seed-0", "environment", "two.json"), Mdp + " ");

        foreach (string[] verb in new string[][] { ["eval", "runs"], ["resume", "runs"], ["env", "rollout", "two.json", "--policy", "runs", "--out", "x.csv"] })
        {
            Command.Run(folder.Path, verb).ShouldRefuse(2, "was changed", "environment/two.json", "SHA-256");
        }
    }

    [Fact]
    public void State_can_be_observed_as_its_index()
    {
        folder.Write("two.json", Mdp);
        Train("two.json", "200", "--env-set", "observation=index");

        Run("env", "rollout", "two.json", "--policy", "runs", "--out", "two.csv");
        new Table(folder["two.csv"]).Columns.Count(c => c.StartsWith("obs", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void File_that_cannot_be_trained_on_is_refused_before_a_run_has_a_folder()
    {
        folder.Write("game.json", """{ "players": ["a", "b"], "actions": [["x"], ["y"]], "payoffs": [[[1]], [[2]]] }""");
        folder.Write("endless.json", Mdp.Replace("\"horizon\": 10,", "", StringComparison.Ordinal));
        folder.Write("broken.json", Mdp.Replace("rewards", "rewrads", StringComparison.Ordinal));

        Refuse("game.json", "'game.json' has several agents, and 'ac' learns for one", "bi-ac");
        Refuse("endless.json", "never end", "horizon");
        Refuse("broken.json", "unknown key 'rewrads'", "did you mean 'rewards'?");
        Refuse("gone.json", "gone.json", "check the path");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    private static string Hash(CommandResult result) => result.Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private string Evaluation(string run) => Run("eval", run, "--episodes", "5", "--json").Json.GetProperty("runs")[0].GetProperty("final_evaluation").ToString();

    private CommandResult Train(string file, string steps, params string[] arguments) => Run(
        ["train", "--algo", "ac", "--env", file, "--total-timesteps", steps, "--eval-episodes", "2", "--set", "steps_per_iteration=100", "--json", .. arguments]);

    private void Refuse(string file, params string[] words) => Command.Run(folder.Path, "train", "--algo", "ac", "--env", file).ShouldRefuse(2, words);

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
