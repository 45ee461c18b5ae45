using Stackelberg.Agents;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Whatever a user's environment does wrong is told as its fault: exit code 3, environment and call named, its own words kept.</summary>
public sealed class EnvironmentFaultTests : IDisposable
{
    private static readonly string[] Plugin = ["--plugin", Command.Plugin];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Algorithms => new(AlgorithmCatalogue.BuiltIn.All.Where(a => !a.IsMultiAgent).Select(a => a.Id));

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_algorithm_stops_at_the_step_whose_reward_single_precision_cannot_hold_and_keeps_sound_checkpoints(string algorithm)
    {
        CommandResult result = Train(algorithm, 900, "call=reward", "after=700", "value=1e39");
        result.ShouldRefuse(3, "At training step 701", "Faulty-v0: the reward is 1E+39 at step 1 of the episode", "3.4028235E+38");
        result.Error.ShouldNotContain("learning rate");

        string checkpoint = folder["runs", "Faulty-v0", algorithm, "seed-0", "checkpoints", "step-000000000600"];
        File.ReadAllText(Path.Combine(checkpoint, "state.json")).ShouldNotContain("inf", Case.Insensitive);
        foreach (string file in Directory.GetFiles(checkpoint).Where(f => f.EndsWith(".safetensors", StringComparison.Ordinal) || f.EndsWith(".bin", StringComparison.Ordinal)))
        {
            if (!file.Contains("marks", StringComparison.Ordinal))
            {
                Singles(file).ShouldAllBe(v => float.IsFinite(v), file);
            }
        }
    }

    [Theory]
    [InlineData("stac")]
    [InlineData("td3")]
    [InlineData("st-sac")]
    public void What_a_step_throws_is_told_with_the_step(string algorithm) =>
        Train(algorithm, 900, "call=step", "after=700", "kind=file").ShouldRefuse(3, "At training step 701", "Faulty-v0 failed in Step at step 1 of the episode: disk quota of the sensor");

    [Theory]
    [InlineData("constructor", "failed in its constructor: sensor offline")]
    [InlineData("reset", "failed in Reset: sensor offline")]
    [InlineData("step", "failed in Step at step")]
    [InlineData("save", "failed in Save: sensor offline")]
    [InlineData("dispose", "failed in Dispose: sensor offline")]
    [InlineData("space", "the action space was Box(-1, 1, 1) and is now Box(-1, 1, 2)")]
    [InlineData("bounds", "the action space was Box(-1, 1, 1) and is now Box(-3, 3, 1)")]
    public void Every_call_is_named_and_the_other_seeds_go_on(string call, string words)
    {
        CommandResult result = Run(["train", "--algo", "ac", "--env", "Faulty-v0", .. Plugin, "--env-set", $"call={call}", "once=true", "--total-timesteps", "900", "--seeds", "0..2",
            "--threads", "1", "--eval-episodes", "1", "--eval-every", "300", "--checkpoint-every", "300", "--set", "steps_per_iteration=100", "actor.hidden=4", "critic.hidden=4", "--json"]);
        result.ShouldRefuse(3, "Faulty-v0", words);
        string[] states = [.. result.Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("status").GetString()!)];
        states.Count(s => s == "failed").ShouldBe(1, string.Join(", ", states));
        states.Count(s => s == "finished").ShouldBe(2);
    }

    [Theory]
    [InlineData("file", "disk quota of the sensor")]
    [InlineData("cancelled", "sensor cancelled")]
    [InlineData("lines", "sensor offline at last")]
    [InlineData("silent", "(no message; SensorException)")]
    [InlineData("null", "(no message; SensorException)")]
    [InlineData("own", "sensor offline")]
    public void Every_kind_of_exception_is_told_in_three_lines_as_no_fault_of_disk_or_user(string kind, string words)
    {
        foreach (string call in new[] { "constructor", "step", "save" })
        {
            Directory.CreateDirectory(folder[call]);
            CommandResult result = Command.Run(folder[call], [.. TrainArguments("ac", 900, $"call={call}", $"kind={kind}")]);
            result.ShouldRefuse(3, "Faulty-v0 failed in ", words);
            result.Error.TrimEnd('\n').Split('\n').Count(l => l.StartsWith("error:", StringComparison.Ordinal)).ShouldBe(1, result.Error);
            result.Error.ShouldNotContain("space left");
            result.Error.ShouldNotContain("interrupted", Case.Insensitive);
        }
    }

    [Fact]
    public void A_checkpoint_that_the_environment_cannot_load_is_the_environments_fault_too()
    {
        Train("ac", 400, "call=none").ShouldSucceed();
        string config = folder["runs", "Faulty-v0", "ac", "seed-0", "config.yml"];
        File.WriteAllText(config, File.ReadAllText(config).Replace("call: none", "call: load", StringComparison.Ordinal).Replace("kind: plain", "kind: file", StringComparison.Ordinal));
        Run("resume", "runs", "--total-timesteps", "600").ShouldRefuse(3, "Faulty-v0 failed in Load: disk quota of the sensor");
        Run("eval", "runs", "--episodes", "1").ShouldRefuse(3, "Faulty-v0 failed in Load: disk quota of the sensor");
    }

    [Theory]
    [InlineData("Faulty-v0", "Step at step 8 of the episode")]
    [InlineData("FaultyGame-v0", "Step at step 8 of the episode")]
    public void Rollouts_of_one_agent_and_of_several_name_the_call(string id, string step)
    {
        Directory.CreateDirectory(folder["runs"]);
        foreach ((string settings, string words) in new[]
        {
            ("call=constructor kind=cancelled", "its constructor: sensor cancelled"), ("call=reset after=25", "Reset: sensor offline"), ("call=step kind=lines after=7", $"{step}: sensor offline at last"),
            ("call=dispose kind=file", "Dispose: disk quota of the sensor"),
        })
        {
            Run(["env", "rollout", id, .. Plugin, "--episodes", "3", "--out", "x.csv", "--env-set", .. settings.Split(' ')]).ShouldRefuse(3, $"{id} failed in {words}");

            // a table that was complete when the environment was given up stays
            File.Exists(folder["x.csv"]).ShouldBe(words.StartsWith("Dispose", StringComparison.Ordinal));
            File.Delete(folder["x.csv"]);
            Run(["env", "check", id, .. Plugin, "--env-set", .. settings.Split(' ')]).ExitCode.ShouldBe(3);
        }

        Run(["env", "rollout", id, .. Plugin, "--episodes", "3", "--out", "x.csv", "--env-set", "call=reward", "after=7", "value=-1e39"]).ShouldRefuse(3, id, "is -1E+39 at step 8 of the episode");
        Run(["env", "rollout", id, .. Plugin, "--episodes", "3", "--out", "x.csv", "--env-set", "call=observation", "after=7", "value=1e300"])
            .ShouldRefuse(3, $"{id}: observation entry 0 is 1E+300 at step 8 of the episode");
        Run(["env", "rollout", id, .. Plugin, "--episodes", "3", "--out", "x.csv", "--env-set", "call=bounds", "after=7"]).ShouldRefuse(3, id, "was Box(-1, 1, 1) and is now Box(-3, 3, 1)");
        File.Exists(folder["x.csv"]).ShouldBeFalse();
        Directory.GetFiles(folder.Path, "*.tmp").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Faulty-v0")]
    [InlineData("FaultyGame-v0")]
    public void A_checked_environment_has_numbers_and_bounds_that_single_precision_holds(string id)
    {
        Run(["env", "check", id, .. Plugin]).ShouldSucceed().Output.ShouldStartWith("ok");
        CommandResult huge = Run(["env", "check", id, .. Plugin, "--env-set", "call=reward", "after=10"]);
        huge.ExitCode.ShouldBe(3);
        huge.Output.ShouldContain("1E+39");
        foreach (string[] verb in new string[][] { ["check"], ["show"], ["rollout", "--out", "x.csv"] })
        {
            CommandResult wide = Run(["env", verb[0], id, .. verb[1..], .. Plugin, "--env-set", "width=3.4028234663852886e38"]);
            wide.ExitCode.ShouldBe(3);
            $"{wide.Output}{wide.Error}".ShouldContain("is bounded by -3.4028234663852886E+38 and 3.4028234663852886E+38");
        }
    }

    [Fact]
    public void Bounds_wider_than_single_precision_holds_stop_a_run_before_it_has_a_folder()
    {
        Run([.. TrainArguments("sac", 300, "width=1e300")]).ShouldRefuse(3, "Faulty-v0: action entry 0 is bounded by -1E+300 and 1E+300");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    private static IEnumerable<float> Singles(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int start = file.EndsWith(".safetensors", StringComparison.Ordinal) ? 8 + (int)BitConverter.ToInt64(bytes) : 0;
        for (int i = start; i + 4 <= bytes.Length; i += 4)
        {
            yield return BitConverter.ToSingle(bytes, i);
        }
    }

    private static IEnumerable<string> TrainArguments(string algorithm, int steps, params string[] options)
    {
        Type kind = AlgorithmCatalogue.BuiltIn.Find(algorithm)!.OptionsType;
        string[] brief = kind == typeof(Agents.Algorithms.AcOptions) ? ["steps_per_iteration=100"]
            : kind == typeof(PpoOptions) ? ["environments=1", "rollout_steps=100"]
            : ["learning_starts=100", "update_after=600", "update_every=20", "updates=1", "batch_size=8"];
        return ["train", "--algo", algorithm, "--env", "Faulty-v0", .. Plugin, "--total-timesteps", $"{steps}", "--eval-every", "0", "--eval-episodes", "1", "--checkpoint-every", "300",
            "--quiet", "--set", "actor.hidden=4", "critic.hidden=4", .. brief, "--env-set", .. options];
    }

    private CommandResult Train(string algorithm, int steps, params string[] options) => Run([.. TrainArguments(algorithm, steps, options)]);

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);
}
