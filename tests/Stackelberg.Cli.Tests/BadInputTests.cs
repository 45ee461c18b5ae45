using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Every mistake a user can make: exit code and three lines.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("trian", "'train'")]
    [InlineData("confg", "'config'")]
    public void Unknown_verb_names_the_nearest(string verb, string nearest) => Run(verb).ShouldRefuse(2, verb, nearest).Output.ShouldBeEmpty();

    [Fact]
    public void Unknown_vector_width_is_refused_before_anything_else() =>
        Command.RunWith(folder.Path, ("STACKELBERG_SIMD", "1024"), "doctor").ShouldRefuse(2, "STACKELBERG_SIMD is '1024'", "scalar", "unset").Output.ShouldBeEmpty();

    [Fact]
    public void Unknown_flag_names_the_nearest() =>
        Run("train", "--algo", "stac", "--evn", "CartPole-v1").ShouldRefuse(2, "--evn", "'--env'", "--help");

    [Theory]
    [InlineData("CartPole-v2", "CartPole-v")]
    [InlineData("cartpole-v1", "'CartPole-v1'")]
    [InlineData("Hoper-v4", "'Hopper-v4'")]
    public void Unknown_environment_names_the_nearest_and_lists_all(string id, string nearest) =>
        Train("--env", id).ShouldRefuse(2, $"unknown environment '{id}'", nearest, "CartPole-v0, CartPole-v1", "did you mean").Output.ShouldBeEmpty();

    [Fact]
    public void Unknown_algorithm_names_the_nearest() =>
        Run("train", "--algo", "stacc", "--env", "CartPole-v1").ShouldRefuse(2, "unknown algorithm 'stacc'", "did you mean 'stac'?", "ac, ");

    [Fact]
    public void Unknown_key_names_the_nearest_or_who_has_it()
    {
        Run("train", "--algo", "ddpg", "--env", "Pendulum-v1", "--set", "noise_clip=1").ShouldRefuse(2, "unknown key 'noise_clip'", "algorithms that have it", "std3-cg");
        Train("--env", "CartPole-v1", "--set", "hypergradient.dampign=1").ShouldRefuse(2, "--set: unknown key 'hypergradient.dampign'", "did you mean 'hypergradient.damping'?");
    }

    [Theory]
    [InlineData("critic.learning_rate=fast", "'fast'", "a number > 0")]
    [InlineData("critic.updates=2.5", "'2.5'", "an integer ≥ 1")]
    [InlineData("hypergradient.guard=yes", "'yes'", "true or false")]
    [InlineData("leader=actr", "'actr'", "did you mean 'actor'?")]
    [InlineData("hypergradient.damping=-0.5", "'-0.5'", "a number ≥ 0")]
    [InlineData("gamma=1.5", "'1.5'", "≤ 1")]
    public void Wrong_type_or_range_says_what_is_allowed(string assignment, string given, string allowed) =>
        Train("--env", "CartPole-v1", "--set", assignment).ShouldRefuse(2, given, allowed);

    [Theory]
    [InlineData("CartPole-v1", "buffer_size=10", "Discrete(2)")]
    [InlineData("HalfCheetah-v4", "buffer_size=100000000", "Lower buffer_size to at most")]
    public void Learner_that_cannot_be_built_is_refused_before_a_run_has_a_folder(string environment, string assignment, string words)
    {
        Run("train", "--algo", "ddpg", "--env", environment, "--set", assignment, "--dry-run").ShouldRefuse(2, $"'ddpg' cannot be built for {environment}", words);
        Run("config", "validate", "--algo", "ddpg", "--env", environment, "--set", assignment).ShouldRefuse(2, $"'ddpg' cannot be built for {environment}", words);
        Run("train", "--algo", "ddpg", "--env", environment, "--set", assignment).ShouldRefuse(2, $"'ddpg' cannot be built for {environment}", words);
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("hypergradient.solver=nystrm", "did you mean 'nystrom'?")]
    [InlineData("hypergradient.solver=nystrom", "needs a damping above 0")]
    [InlineData("hypergradient.solver=gauss-newton hypergradient.damping=1", "hypergradient.curvature=gauss-newton")]
    [InlineData("hypergradient.damping_schedule=adaptive", "needs an initial damping above 0")]
    [InlineData("hypergradient.damping_schedule=adaptive hypergradient.damping=1e9", "within 1e-8 to 1e8")]
    [InlineData("hypergradient.solver=nystrom hypergradient.damping=1 hypergradient.damping_schedule=exponential", "falls to 0")]
    [InlineData("hypergradient.solver=nystrom-released", "needs a damping above 0")]
    [InlineData("leader=critic hypergradient.solver=nystrom hypergradient.rho=1 hypergradient.columns=gauss-newton", "needs the actor to lead")]
    [InlineData("hypergradient.bound_schedule=annealed", "begins at a finite bound above 0")]
    [InlineData("hypergradient.bound_kind=exactly", "needs a finite bound")]
    [InlineData("hypergradient.control=none-of-them", "random-direction")]
    [InlineData("hypergradient.tolerance=1", "a number ≥ 0 and < 1")]
    [InlineData("hypergradient.degree=10000", "≤ 8192")]
    [InlineData("hypergradient.damping=1e300", "≤ 1E+30")]
    [InlineData("leader=critic form=paper", "critic cannot lead")]
    [InlineData("leader=critic hypergradient.solver=gauss-newton hypergradient.curvature=gauss-newton", "needs the actor to lead")]
    [InlineData("leader=critic hypergradient.damping_schedule=adaptive hypergradient.damping=1", "needs the actor to lead")]
    public void Contradiction_between_options_is_found_before_training(string assignments, string words)
    {
        Train(["--env", "CartPole-v1", "--set", .. assignments.Split(' ')]).ShouldRefuse(2, words);
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--seeds", "5..2")]
    [InlineData("--seeds", "1,1")]
    [InlineData("--total-timesteps", "many")]
    [InlineData("--total-timesteps", "0")]
    [InlineData("--eval-episodes", "0")]
    [InlineData("--checkpoint-every", "-1")]
    [InlineData("--threads", "two")]
    public void Wrong_flag_value_names_the_flag(string flag, string value) => Train("--env", "CartPole-v1", flag, value).ShouldRefuse(2, $"error: {flag}: ", value);

    [Fact]
    public void Faults_of_a_file_are_reported_together_with_line_and_column()
    {
        folder.Write("bad.yml", "algo: stac\nenv: CartPole-v9\ncritic:\n  learnig_rate: 0.1\nhypergradient:\n  damping: -1\ngamma: 0.9\ngamma: 0.8\n");

        CommandResult result = Run("train", "-c", "bad.yml");

        result.ShouldRefuse(2, "bad.yml:2:6: unknown environment", "bad.yml:4:17: unknown key 'critic.learnig_rate'", "'critic.learning_rate'", "bad.yml:6:12: ", "bad.yml:8:1: 'gamma' is given twice");
        result.Error.Split("error: ").Length.ShouldBe(5);
        Directory.GetDirectories(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Missing_or_malformed_configuration_file_is_named()
    {
        Run("train", "-c", "none.yml", "--algo", "stac", "--env", "CartPole-v1").ShouldRefuse(2, "none.yml");
        folder.Write("broken.yml", "algo: [stac\nenv: x");
        Run("config", "validate", "-c", "broken.yml").ShouldRefuse(2, "broken.yml:", "not valid YAML");
    }

    [Theory]
    [InlineData("eval")]
    [InlineData("resume")]
    public void Missing_run_is_named(string verb) => Run(verb, "nowhere/at-all").ShouldRefuse(2, "nowhere/at-all");

    [Fact]
    public void Run_without_checkpoint_cannot_be_evaluated()
    {
        string run = TrainBriefly();
        Directory.Delete(Path.Combine(run, "checkpoints"), recursive: true);
        Run("eval", run).ShouldRefuse(2, "checkpoint");
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("deleted")]
    public void Corrupt_checkpoint_is_named(string damage)
    {
        string run = TrainBriefly();
        foreach (string file in Directory.GetFiles(Path.Combine(run, "checkpoints"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^3] ^= 0x40;
            switch (damage)
            {
                case "deleted":
                    File.Delete(file);
                    break;
                case "flipped":
                    File.WriteAllBytes(file, bytes);
                    break;
                default:
                    File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                    break;
            }
        }

        Run("eval", run).ShouldRefuse(2, "checkpoint");
    }

    [Fact]
    public void Folder_below_a_file_cannot_be_written()
    {
        folder.Write("file", "");
        Train("--env", "CartPole-v1", "--out", "file/runs", "--total-timesteps", "100").ShouldRefuse(2, "file/runs");
    }

    [Fact]
    public void Folder_that_holds_a_run_is_refused_with_the_ways_out()
    {
        TrainBriefly();
        Brief().ShouldRefuse(2, "resume", "--out", "--overwrite");
        Brief("--overwrite").ShouldSucceed();
    }

    [Fact]
    public void Not_a_number_from_an_environment_stops_the_run_with_its_place()
    {
        CommandResult result = Train("--env", "NanReward-v0", "--plugin", Command.Plugin, "--total-timesteps", "2000", "--set", "steps_per_iteration=200");
        result.ShouldRefuse(3, "NanReward-v0");
        result.Error.ShouldContain("NaN");
    }

    [Fact]
    public void Environment_that_breaks_its_contract_is_refused_before_training()
    {
        Train("--env", "Unseeded-v0", "--plugin", Command.Plugin).ShouldRefuse(3, "Unseeded-v0", "seed-repeats", "env check");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Fact]
    public void Environment_that_cannot_be_made_is_refused_as_the_environments_fault()
    {
        Train("--env", "Unmakeable-v0", "--plugin", Command.Plugin).ShouldRefuse(3, "no licence for this world");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("train")]
    [InlineData("show")]
    [InlineData("check")]
    public void Missing_physics_engine_says_how_to_get_it(string verb)
    {
        string[] arguments = verb switch
        {
            "train" => ["train", "--algo", "stac", "--env", "Hopper-v4", "--total-timesteps", "1000"],
            _ => ["env", verb, "Hopper-v4"],
        };
        CommandResult result = Command.RunWith(folder.Path, ("MUJOCO_LIBRARY", "/nonexistent"), arguments);
        result.ExitCode.ShouldBe(3, result.Error);
        (result.Output + result.Error).ShouldContain("MUJOCO_LIBRARY");
        result.Error.ShouldNotContain("   at Stackelberg.");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--mode cannot be 'sample'", "eval", "runs", "--mode", "sample")]
    [InlineData("--mode cannot be '1'", "eval", "runs", "--mode", "1")]
    [InlineData("did you mean 'greedy'?", "eval", "runs", "--mode", "Greedy")]
    [InlineData("--seed cannot be '-1'", "eval", "runs", "--seed", "-1")]
    [InlineData("--steps cannot be '1e-30'", "toy", "ddpg", "--steps", "1e-30")]
    [InlineData("--lr cannot be 'x'", "toy", "ddpg", "--lr", "x")]
    [InlineData("--lr cannot be 'nan'", "toy", "ddpg", "--lr", "nan")]
    [InlineData("write --lr 0.1", "toy", "ddpg", "--lr", "0,1")]
    public void Values_that_do_not_parse_are_refused_in_words(string words, params string[] command)
    {
        CommandResult result = Run(command);
        result.ShouldRefuse(2, words);
        result.Error.ShouldNotContain("System.");
        result.Error.ShouldNotContain("Stackelberg.");
    }

    [Fact]
    public void Missing_or_foreign_plugin_is_named()
    {
        Train("--env", "CartPole-v1", "--plugin", "none.dll").ShouldRefuse(2, "--plugin", "none.dll");
        Train("--env", "CartPole-v1", "--plugin", typeof(Shouldly.Should).Assembly.Location).ShouldRefuse(2, "IEnvironmentPlugin");
    }

    [Fact]
    public void Malformed_problem_file_is_named()
    {
        folder.Write("problem.json", "{\"n\": 1, \"m\": 2}");
        Run("hypergradient", "check", "--problem", "problem.json").ShouldRefuse(2, "problem.json");
        Run("hypergradient", "check", "--problem", "none.json").ShouldRefuse(2, "none.json");
    }

    private CommandResult Run(params string[] arguments) => Command.Run(folder.Path, arguments);

    private CommandResult Train(params string[] arguments) => Run(["train", "--algo", "stac", "--quiet", .. arguments]);

    private CommandResult Brief(params string[] arguments) => Train(
        ["--env", "Sound-v0", "--plugin", Command.Plugin, "--total-timesteps", "200", "--eval-episodes", "1", "--set", "steps_per_iteration=100", .. arguments]);

    private string TrainBriefly()
    {
        Brief().ShouldSucceed();
        return folder["runs", "Sound-v0", "stac", "seed-0"];
    }
}
