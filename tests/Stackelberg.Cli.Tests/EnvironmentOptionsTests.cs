using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary><c>--env-set</c>, and what follows from it.</summary>
public sealed class EnvironmentOptionsTests : IDisposable
{
    private static readonly string[] Brief = ["--total-timesteps", "200", "--eval-episodes", "1", "--set", "steps_per_iteration=100", "--quiet"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Show_lists_options_with_value_range_and_meaning()
    {
        string shown = Run("env", "show", "Hopper-v4", "--env-set", "healthy_z_range=0.5,2").Output;
        shown.ShouldMatch(@"terminate_when_unhealthy +true +true or false +whether");
        shown.ShouldMatch(@"reset_noise_scale +0\.005 +a number ≥ 0");
        shown.ShouldMatch(@"healthy_z_range +0\.5,2 +an interval");
        Run("env", "show", "HighwayMerge-v0").Output.ShouldMatch(@"crash_reward +by-position +one of by-position, flat");
        Run("env", "show", "Maintain-v0").Output.ShouldNotContain("--env-set");
    }

    [Fact]
    public void Hopper_that_may_fall_goes_on_until_the_time_limit()
    {
        string End(params string[] arguments) => Run(["env", "rollout", "Hopper-v4", "--policy", "random", "--out", "hopper.csv", "--json", .. arguments])
            .Json.GetProperty("episodes")[0].GetProperty("truncated").ToString();

        End().ShouldBe("False");
        End("--env-set", "terminate_when_unhealthy=false").ShouldBe("True");
    }

    [Fact]
    public void Every_verb_plays_a_run_with_the_options_it_was_trained_with()
    {
        Run(["train", "--algo", "ac", "--env", "Ant-v4", "--env-set", "use_contact_forces=true", "--env-set", "terminate_when_unhealthy=false", .. Brief]);
        string run = folder["runs", "Ant-v4", "ac", "seed-0"];
        string configuration = File.ReadAllText(Path.Combine(run, "config.yml"));
        configuration.ShouldContain("\nenv_options:\n");
        configuration.ShouldContain("\n  use_contact_forces: true  # --env-set\n");

        Run("eval", run, "--episodes", "1").Output.ShouldContain("1000.0");
        Run("env", "rollout", "Ant-v4", "--policy", run, "--steps", "3", "--out", "ant.csv");
        new Table(folder["ant.csv"]).Columns.Count(c => c.StartsWith("obs", StringComparison.Ordinal)).ShouldBe(27 + 84);
        Run("replay", "ant.csv", "--env", "Ant-v4", "--env-set", "use_contact_forces=true", "--out", "ant.html");
        Run("resume", run, "--total-timesteps", "300", "--json").Json.GetProperty("runs")[0].GetProperty("steps").GetInt64().ShouldBe(300);
        File.ReadAllText(Path.Combine(run, "config.yml")).ShouldContain("\n  use_contact_forces: true");
        Command.Run(folder.Path, "env", "rollout", "Ant-v4", "--policy", run, "--out", "ant.csv", "--env-set", "use_contact_forces=false")
            .ShouldRefuse(2, "observations 111", "observations 27");
        Command.Run(folder.Path, "replay", run, "--env-set", "use_contact_forces=true", "--out", "ant.html").ShouldRefuse(2, "--env-set", "the options it was trained with");
    }

    [Fact]
    public void Configuration_file_of_a_run_repeats_it_with_its_options()
    {
        string Hash(params string[] arguments) => Run(["train", "--json", .. arguments]).Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;
        string[] pole = ["--algo", "ac", "--env", "CartPole-v1", .. Brief];

        string changed = Hash([.. pole, "--env-set", "reset_low=-0.2", "reset_high=0.2"]);
        string plain = Hash([.. pole, "--out", "plain"]);
        string again = Hash("-c", "runs/CartPole-v1/ac/seed-0/config.yml", "--out", "again", "--quiet");

        again.ShouldBe(changed);
        changed.ShouldNotBe(plain);
    }

    [Fact]
    public void Environment_of_a_plugin_has_options_too()
    {
        string[] plugin = ["--plugin", Command.Plugin];
        Run(["env", "show", "Optional-v0", .. plugin]).Output.ShouldMatch(@"reward +1 +a number ≥ 0 +reward of every step");
        Run(["env", "check", "Optional-v0", "--env-set", "reward=2", .. plugin]).Output.ShouldStartWith("ok");
        JsonElement episode = Run(["env", "rollout", "Optional-v0", "--env-set", "reward=2", "--out", "out.csv", "--json", .. plugin]).Json.GetProperty("episodes")[0];
        episode.GetProperty("returns")[0].GetDouble().ShouldBe(100);

        Run(["train", "--algo", "ac", "--env", "Optional-v0", "--env-set", "reward=3", .. plugin, .. Brief]);
        Run("eval", "runs", "--episodes", "1").Output.ShouldContain("150.0");
        Command.Run(folder.Path, ["env", "show", "Optional-v0", "--env-set", "reward=200", .. plugin]).ShouldRefuse(2, "too generous");
    }

    [Fact]
    public void Game_takes_options_in_checks_and_rollouts()
    {
        Run("env", "check", "CooperativeGrid-v0", "--env-set", "better_value=7").Output.ShouldStartWith("ok");
        Run("env", "rollout", "HighwayMerge-v0", "--env-set", "observation_scale=baselines", "--out", "merge.csv").Output.ShouldContain("written");
        Command.Run(folder.Path, "env", "check", "CooperativeGrid-v0", "--env-set", "width=1").ShouldRefuse(2, "make no environment", "off the grid");
    }

    [Fact]
    public void Start_without_chance_passes_the_checks_before_training()
    {
        Run("env", "check", "CartPole-v1", "--env-set", "reset_low=0", "reset_high=0").Output.ShouldStartWith("ok");
        Run(["train", "--algo", "ac", "--env", "CartPole-v1", "--env-set", "reset_low=0", "reset_high=0", .. Brief]);
    }

    [Theory]
    [InlineData("terminate_unhealthy=false", "has no option 'terminate_unhealthy'", "did you mean 'terminate_when_unhealthy'?")]
    [InlineData("reset_noise_scale=-1", "cannot be '-1'", "a number ≥ 0")]
    [InlineData("healthy_z_range=2,1", "cannot be '2,1'", "low ≤ high")]
    [InlineData("frame_skip=2", "has no option 'frame_skip'", "'stackelberg env show Hopper-v4'")]
    [InlineData("reset_noise_scale", "is not an assignment", "--env-set key=value")]
    public void Wrong_option_is_refused_with_the_nearest_name_or_the_range(string assignment, string problem, string way)
    {
        Command.Run(folder.Path, ["train", "--algo", "ac", "--env", "Hopper-v4", "--env-set", assignment, .. Brief]).ShouldRefuse(2, problem, way);
        Command.Run(folder.Path, "env", "check", "Hopper-v4", "--env-set", assignment).ShouldRefuse(2, problem, way);
        Command.Run(folder.Path, "env", "rollout", "Hopper-v4", "--out", "x.csv", "--env-set", assignment).ShouldRefuse(2, problem, way);
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Fact]
    public void Options_without_an_environment_to_take_them_are_refused()
    {
        Command.Run(folder.Path, "env", "check", "--env-set", "reset_noise_scale=0").ShouldRefuse(2, "--env-set", "name it");
        Command.Run(folder.Path, "env", "show", "Maintain-v0", "--env-set", "x=1").ShouldRefuse(2, "Maintain-v0 has none");
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments).ShouldSucceed();
}
