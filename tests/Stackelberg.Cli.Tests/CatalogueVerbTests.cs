using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class CatalogueVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Environments_are_listed_and_shown_with_their_spaces()
    {
        Run("env", "list").Output.ShouldMatch("CartPole-v1 +500");
        string shown = Run("env", "show", "CartPole-v0").Output;
        shown.ShouldContain("Discrete(2)");
        shown.ShouldContain("200");
    }

    [Fact]
    public void Environments_of_a_plugin_are_listed_beside_the_built_in_ones()
    {
        string[] ids = [.. Run("env", "list", "--plugin", Command.Plugin, "--json").Json.GetProperty("environments").EnumerateArray()
            .Select(e => e.GetProperty("id").GetString()!)];
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldBeUnique();
        string[] expected = ["Acrobot-v1", "CartPole-v0", "CartPole-v1", "Hopper-v4", "Marking-v0", "NanReward-v0", "Slow-v0", "Sound-v0", "Unseeded-v0"];
        expected.ShouldBeSubsetOf(ids);
    }

    [Fact]
    public void Environment_check_passes_a_sound_environment_and_names_the_fault_of_another()
    {
        Run("env", "check", "CartPole-v1").Output.ShouldStartWith("ok       CartPole-v1");

        CommandResult broken = Command.Run(folder.Path, "env", "check", "Unseeded-v0", "--plugin", Command.Plugin, "--json");
        broken.ExitCode.ShouldBe(3);
        JsonElement report = broken.Json.GetProperty("environments")[0];
        report.GetProperty("passed").GetBoolean().ShouldBeFalse();
        report.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("rule").GetString()).ShouldContain("seed-repeats");
    }

    [Fact]
    public void Environments_of_several_agents_are_listed_shown_and_checked_like_the_others()
    {
        JsonElement[] listed = [.. Run("env", "list", "--json").Json.GetProperty("environments").EnumerateArray()];
        listed.Single(e => e.GetProperty("id").GetString() == "HighwayMerge-v0").GetProperty("multi_agent").GetBoolean().ShouldBeTrue();
        listed.Single(e => e.GetProperty("id").GetString() == "CartPole-v1").GetProperty("multi_agent").GetBoolean().ShouldBeFalse();
        Run("env", "show", "MatchingPenniesOfThree-v0").Output.Split('\n').Count(l => l.StartsWith("  agent ", StringComparison.Ordinal) && l.Contains("Discrete(2)")).ShouldBe(3);
        Run("env", "check", "HighwayMerge-v0", "Chicken-v0").Output.ShouldMatch(
            $"^ok +HighwayMerge-v0: ({Environments.MultiAgentChecker.Rules.Count}) of \\1 rules run, 0 errors(.|\\n)+ok +Chicken-v0");
        Command.Run(folder.Path, "env", "check", "HighwayMerg-v0").ShouldRefuse(2, "did you mean 'HighwayMerge-v0'?");
    }

    [Fact]
    public void Algorithms_are_listed_and_shown_with_options_presets_and_references()
    {
        Run("algo", "list").Output.ShouldContain("stac");
        string shown = Run("algo", "show", "stac").Output;
        shown.ShouldContain("hypergradient.damping");
        shown.ShouldContain("--preset paper");
        shown.ShouldContain("AAAI 2022");
        Command.Run(folder.Path, "algo", "show", "stca").ShouldRefuse(2, "did you mean 'stac'?");
    }

    [Fact]
    public void Configuration_shows_every_value_with_its_origin()
    {
        folder.Write("mine.yml", "gamma: 0.9\n");

        JsonElement values = Run(
            "config", "show", "--algo", "stac", "--env", "Hopper-v4", "--preset", "paper", "-c", "mine.yml", "--set", "critic.updates=7", "--seeds", "0..2", "--json")
            .Json.GetProperty("values");

        string[] Of(string key) => [values.GetProperty(key).GetProperty("value").GetString()!, values.GetProperty(key).GetProperty("origin").GetString()!];
        Of("gamma").ShouldBe(["0.9", "mine.yml:1:8"]);
        Of("critic.updates").ShouldBe(["7", "--set"]);
        Of("seeds").ShouldBe(["0,1,2", "--seeds"]);
        Of("hypergradient.damping").ShouldBe(["500", "preset paper (Hopper-v4)"]);
        Of("actor.optimiser").ShouldBe(["sgd", "preset paper"]);
        Of("gae_lambda").ShouldBe(["0.97", "algorithm stac"]);
        Of("eval_episodes").ShouldBe(["10", "default"]);
    }

    [Fact]
    public void Configuration_printed_as_yaml_can_be_used_again()
    {
        string yaml = Run("config", "show", "--algo", "stac", "--env", "CartPole-v0", "--preset", "paper", "--seeds", "1,4", "--yaml").Output;
        folder.Write("again.yml", yaml);

        string again = Run("config", "show", "-c", "again.yml", "--yaml").Output;

        static IEnumerable<string> Values(string text) => text.Split('\n').Select(l => l.Split("  #")[0]);
        Values(again).ShouldBe(Values(yaml));
        Run("config", "validate", "-c", "again.yml").Output.ShouldStartWith("valid: stac on CartPole-v0");
    }

    [Fact]
    public void Doctor_names_processor_vectors_and_physics()
    {
        string[] names = [.. Run("doctor", "--json").Json.GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("name").GetString()!)];
        names.ShouldBe(["program", "runtime", "processor", "vectors", "mujoco", "python3"]);
        CommandResult without = Command.RunWith(folder.Path, ("MUJOCO_LIBRARY", "/nonexistent"), "doctor").ShouldSucceed();
        without.Output.ShouldContain("missing  mujoco");
        CommandResult scalar = Command.RunWith(folder.Path, ("STACKELBERG_SIMD", "scalar"), "doctor", "--json").ShouldSucceed();
        scalar.Output.ShouldContain("; STACKELBERG_SIMD=scalar");
        scalar.Output.ShouldContain("\"none");
    }

    [Fact]
    public void Help_and_version_go_to_standard_output()
    {
        Run("--help").Output.ShouldContain("hypergradient");
        Run("train", "--help").Output.ShouldContain("--total-timesteps");
        Run("--version").Output.ShouldMatch(@"^\d+\.\d+\.\d+");
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
