using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>An algorithm of a plug-in in every verb, and what its faults look like.</summary>
public sealed class PluginAlgorithmTests : IDisposable
{
    private static readonly string[] Brief = ["--env", "CartPole-v1", "--total-timesteps", "600", "--eval-every", "0", "--eval-episodes", "2", "--checkpoint-every", "200", "--quiet"];

    private readonly TemporaryFolder folder = new();

    private string RunFolder => folder["runs", "CartPole-v1", "guess", "seed-0"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_algorithm_of_a_plugin_is_listed_and_shown_beside_the_built_in_ones()
    {
        JsonElement[] listed = [.. Run("algo", "list", "--plugin", Command.Plugin, "--json").ShouldSucceed().Json.GetProperty("algorithms").EnumerateArray()];
        listed.Single(a => a.GetProperty("id").GetString() == "guess").GetProperty("plugin").GetString().ShouldBe(Command.Plugin);
        listed.Single(a => a.GetProperty("id").GetString() == "stac").GetProperty("plugin").ValueKind.ShouldBe(JsonValueKind.Null);

        Run("algo", "show", "guess", "--plugin", Command.Plugin).ShouldSucceed().Output.ShouldContain("none, validate, create");
        Run("algo", "show", "guess").ShouldRefuse(2, "unknown algorithm 'guess'", "--plugin");
        string shown = Run("algo", "show", "stac", "--plugin", Command.Plugin).ShouldSucceed().Output;
        shown.ShouldContain("exact, brittle");
        Run("algo", "show", "stac").Output.ShouldNotContain("brittle");
    }

    [Fact]
    public void An_algorithm_of_a_plugin_trains_resumes_evaluates_and_plays_from_what_the_run_recorded()
    {
        Run("config", "validate", "--algo", "guess", "--env", "CartPole-v1", "--plugin", Command.Plugin).ShouldSucceed().Output.ShouldContain("valid: guess on CartPole-v1");
        Run("config", "show", "--algo", "guess", "--env", "CartPole-v1", "--plugin", Command.Plugin, "--set", "width=0.5").ShouldSucceed().Output.ShouldMatch("width +0.5 +--set");
        string whole = Hash(Train("--out", "whole", "--json").ShouldSucceed());

        Train("--set", "fault=iterate").ShouldRefuse(3, "'guess' of the plug-in", Command.Plugin, "failed in Iterate: broken on purpose at 300");
        Edit("iterate", "none");
        CommandResult resumed = Run("resume", "runs", "--json").ShouldSucceed();

        // the plug-in's setting "fault" is no part of the state: what was lost was made again
        Hash(resumed).ShouldBe(whole);
        Run("eval", "runs", "--episodes", "2").ShouldSucceed().Output.ShouldContain("guess on CartPole-v1");
        Run("env", "rollout", "CartPole-v1", "--policy", RunFolder, "--out", "out.csv").ShouldSucceed();
        Run("replay", RunFolder, "--episodes", "1", "--out", "page.html").ShouldSucceed();
        Run("hypergradient", "export", "--run", RunFolder, "--out", "export").ShouldRefuse(2, "of a plug-in's own learner", "st-ddpg");
    }

    [Theory]
    [InlineData("constructor", "TestAlgorithms failed: no licence for these methods")]
    [InlineData("register", "TestAlgorithms failed: a list is torn")]
    [InlineData("duplicate", "An algorithm 'guess' is registered already")]
    [InlineData("options", "The algorithm 'dated' cannot be registered: its option Since is of type DateTime")]
    [InlineData("solver", "A linear solver 'cg' is registered already")]
    public void A_plugin_that_cannot_register_is_refused_once_with_its_name_and_reason(string fault, string words)
    {
        string[] train = ["train", "--algo", "guess", "--env", "CartPole-v1", "--plugin", Command.Plugin, "--quiet"];
        foreach (string[] verb in new[] { train, ["algo", "list", "--plugin", Command.Plugin], ["hypergradient", "check", "--plugin", Command.Plugin] })
        {
            CommandResult result = Command.RunWith(folder.Path, (TestAlgorithms.Variable, fault), verb).ShouldRefuse(2, Command.Plugin, words, "ISolverPlugin");
            result.Error.Split("error: ").Length.ShouldBe(2, result.Error);
        }

        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Fact]
    public void An_option_with_a_key_of_runs_is_refused()
    {
        string[] arguments = ["config", "show", "--algo", "seeded", "--env", "CartPole-v1", "--plugin", Command.Plugin];
        Command.RunWith(folder.Path, (TestAlgorithms.Variable, "key"), arguments).ShouldRefuse(2, "the options record of 'seeded' has a key 'seeds' that is taken");
    }

    [Theory]
    [InlineData("fault=validate", "'guess' of the plug-in", "failed in Validate: validate failed")]
    [InlineData("fault=create", "'guess' of the plug-in", "Create failed: create failed")]
    [InlineData("fault=create-file", "'guess' of the plug-in", "Create failed: no table of guesses")]
    [InlineData("fault=create-memory", "'guess' of the plug-in", "Create failed: a table of guesses is too large")]
    [InlineData("fault=create-nothing", "'guess' of the plug-in", "Create returned null")]
    [InlineData("width=13", "'width' cannot be '13'", "thirteen is unlucky")]
    public void An_algorithm_that_cannot_be_configured_or_built_leaves_no_run(string setting, string whose, string what)
    {
        Train("--set", setting).ShouldRefuse(2, whose, what);
        Run(["config", "validate", "--algo", "guess", "--env", "CartPole-v1", "--plugin", Command.Plugin, "--set", setting]).ShouldRefuse(2, whose, what);
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("iterate", "failed in Iterate: broken on purpose at 300")]
    [InlineData("iterate-file", "failed in Iterate: no table of guesses")]
    [InlineData("iterate-environment", "failed in Iterate: thrown by no environment")]
    [InlineData("stall", "took 0 environment steps; at least 1")]
    [InlineData("metric", "failed in Iterate: A metric cannot be called 'a,b'")]
    [InlineData("save", "failed in Save: broken on purpose at 400")]
    [InlineData("act", "failed in Iterate: broken on purpose at 300")]
    public void An_algorithm_that_fails_in_training_is_named_and_its_checkpoints_stay(string fault, string words)
    {
        CommandResult result = Train("--set", $"fault={fault}").ShouldRefuse(3, "stopped in iteration", words, Command.Plugin, "failure.json");

        result.Error.ShouldNotContain("please report");
        Directory.GetDirectories(Path.Combine(RunFolder, "checkpoints"), "step-*").Select(Path.GetFileName).ShouldBe(["step-000000000200"]);
        JsonDocument.Parse(File.ReadAllText(Path.Combine(RunFolder, "failure.json"))).RootElement.GetProperty("stack_trace").GetString()!.ShouldContain("Guess");
    }

    [Fact]
    public void An_algorithm_that_fails_to_load_is_named_and_can_be_resumed_when_mended()
    {
        Train("--set", "fault=iterate").ShouldRefuse(3, "in Iterate");
        Edit("iterate", "load");

        Run("resume", "runs", "--quiet").ShouldRefuse(3, "'guess' of the plug-in", "in Load: broken on purpose");
        Run("eval", "runs").ShouldRefuse(3, "'guess' of the plug-in", "in Load: broken on purpose");
        Edit("load", "none");

        Run("resume", "runs", "--quiet").ShouldSucceed();
    }

    [Fact]
    public void Faults_beyond_training_are_the_plugins_too()
    {
        Train("--set", "fault=networks", "--dry-run").ShouldRefuse(3, Command.Plugin, "broken on purpose");
        Train("--set", "fault=none").ShouldSucceed();
        Edit("none", "act");
        Run("eval", "runs").ShouldRefuse(3, "in Policy.Act: broken on purpose at 600");
        Run("env", "rollout", "CartPole-v1", "--policy", RunFolder, "--out", "out.csv").ShouldRefuse(3, "in Policy.Act: broken on purpose at 600");
        Run("replay", RunFolder, "--out", "page.html").ShouldRefuse(3, "in Policy.Act: broken on purpose at 600");
    }

    [Fact]
    public void A_learner_that_fails_only_when_it_is_disposed_of_has_finished_its_run()
    {
        CommandResult result = Train("--set", "fault=dispose").ShouldSucceed();

        result.Error.ShouldContain("'guess' of the plug-in");
        result.Error.ShouldContain("in Dispose: broken on purpose at 600");
        File.Exists(Path.Combine(RunFolder, "result.json")).ShouldBeTrue();
    }

    [Fact]
    public void A_run_whose_plugin_is_gone_says_which()
    {
        Train().ShouldSucceed();
        string config = Path.Combine(RunFolder, "config.yml");
        File.WriteAllText(config, File.ReadAllText(config).Replace(Command.Plugin, "/nowhere/gone.dll", StringComparison.Ordinal));

        CommandResult result = Run("eval", "runs").ShouldRefuse(2, "the plug-in '/nowhere/gone.dll' does not exist", "config.yml:");
        result.Error.ShouldNotContain("unknown algorithm");
    }

    [Fact]
    public void A_solver_of_a_plugin_that_fails_is_named_and_the_checkpoints_stay()
    {
        string[] train = ["train", "--algo", "stac", "--plugin", Command.Plugin, .. Brief, "--set", "hypergradient.solver=brittle", "hypergradient.guard=false", "steps_per_iteration=100"];
        Run([.. train, "hypergradient.rank=3"]).ShouldRefuse(2, "'stac' cannot be built", "'brittle' (Stackelberg.Cli.Tests) threw InvalidOperationException in Create: three is unlucky");
        Directory.Exists(folder["runs"]).ShouldBeFalse();

        Run(train).ShouldRefuse(3, "stopped in iteration 5 after", "'brittle' (Stackelberg.Cli.Tests) threw InvalidOperationException in Solve: it broke");
        Directory.GetDirectories(folder["runs", "CartPole-v1", "stac", "seed-0", "checkpoints"]).ShouldNotBeEmpty();
    }

    private static string Hash(CommandResult result) => result.Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private void Edit(string fault, string other)
    {
        string config = Path.Combine(RunFolder, "config.yml");
        string text = File.ReadAllText(config);
        text.ShouldContain($"fault: {fault} ");
        File.WriteAllText(config, text.Replace($"fault: {fault} ", $"fault: {other} ", StringComparison.Ordinal));
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);

    private CommandResult Train(params string[] arguments) => Run(["train", "--algo", "guess", "--plugin", Command.Plugin, .. Brief, .. arguments]);
}
