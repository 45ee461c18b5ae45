using System.Text.Json;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ac", "CartPole-v1", "steps_per_iteration=100")]
    [InlineData("ddpg", "Pendulum-v1", "learning_starts=100")]
    public void Several_copies_of_the_environment_share_the_steps(string algorithm, string environment, string setting)
    {
        Command.Run(folder.Path, "train", "--algo", algorithm, "--env", environment, "--total-timesteps", "1300", "--eval-episodes", "1", "--eval-every", "0", "--quiet",
            "--set", "environments=3", setting).ShouldSucceed();
        Table episodes = new(folder[Path.Combine("runs", environment, algorithm, "seed-0", "episodes.csv")]);

        // 433 steps of each copy are two whole episodes of 200 on the pendulum; poles fall sooner
        episodes.Rows.ShouldBeGreaterThanOrEqualTo(6);
    }

    [Fact]
    public void Json_object_is_the_last_line_and_has_the_promised_members()
    {
        CommandResult result = Train("stac", "--seeds", "0..1", "--json").ShouldSucceed();

        result.Output.TrimEnd('\n').ShouldNotContain('\n');
        JsonElement json = result.Json;
        json.GetProperty("command").GetString().ShouldBe("train");
        double[] means = [.. json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("final_evaluation").GetProperty("mean").GetDouble())];
        json.GetProperty("iqm").GetDouble().ShouldBe(means.Average(), 1e-12);
        int seed = 0;
        foreach (JsonElement run in json.GetProperty("runs").EnumerateArray())
        {
            run.GetProperty("seed").GetInt32().ShouldBe(seed);
            run.GetProperty("directory").GetString().ShouldBe(folder["runs", "CartPole-v1", "stac", $"seed-{seed++}"]);
            run.GetProperty("steps").GetInt64().ShouldBe(600);
            JsonElement evaluation = run.GetProperty("final_evaluation");
            evaluation.GetProperty("episodes").GetInt32().ShouldBe(3);
            evaluation.GetProperty("mean").GetDouble().ShouldBeInRange(1, 500);
            evaluation.GetProperty("standard_deviation").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
            double wall = run.GetProperty("wall_seconds").GetDouble();
            run.GetProperty("environment_seconds").GetDouble().ShouldBeInRange(0, wall);
            run.GetProperty("update_seconds").GetDouble().ShouldBeInRange(0, wall);
        }
    }

    [Fact]
    public void Run_folder_has_the_promised_layout_and_its_configuration_repeats_the_run()
    {
        Train("stac", "--set", "critic.learning_rate=0.002", "--preset", "paper", "--seeds", "3").ShouldSucceed();
        string run = folder["runs", "CartPole-v1", "stac", "seed-3"];

        File.Exists(Path.Combine(run, "manifest.json")).ShouldBeTrue();
        Directory.GetFiles(Path.Combine(run, "checkpoints", "step-000000000600")).Select(Path.GetFileName).ShouldContain("state.json");
        Command.Run(folder.Path, "train", "-c", Path.Combine(run, "config.yml"), "--out", "again", "--quiet").ShouldSucceed();

        Hash(folder["again", "CartPole-v1", "stac", "seed-3"]).ShouldBe(Hash(run));
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_alone_and_among_others_and_with_any_number_of_threads()
    {
        string[] Hashes(params string[] arguments) =>
            [.. Train("stac", ["--json", .. arguments]).ShouldSucceed().Json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("checkpoint_hash").GetString()!)];

        string[] three = Hashes("--seeds", "0..2", "--threads", "2", "--out", "three");
        string[] alone = Hashes("--seeds", "1", "--threads", "1", "--out", "alone");
        string[] threaded = Hashes("--seeds", "1", "--threads", "100", "--out", "threaded");

        three.Distinct().Count().ShouldBe(3);
        alone.ShouldHaveSingleItem().ShouldBe(three[1]);
        threaded.ShouldHaveSingleItem().ShouldBe(three[1]);
    }

    [Fact]
    public void Redirected_output_has_one_line_per_interval_a_table_and_the_next_command()
    {
        CommandResult result = Train("ac", "--eval-every", "200").ShouldSucceed();

        result.Output.Split('\n').Count(l => l.StartsWith("seed 0  step ", StringComparison.Ordinal)).ShouldBe(3);
        result.Output.ShouldContain("next: stackelberg eval runs/CartPole-v1/ac");
        result.Output.ShouldNotContain('\u001b');
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public void Quiet_prints_the_result_alone() =>
        Train("ac", "--quiet").ShouldSucceed().Output.ShouldStartWith("seed  steps");

    [Fact]
    public void Dry_run_describes_and_writes_nothing()
    {
        CommandResult result = Train("stac", "--dry-run").ShouldSucceed();

        // 4·64 + 64 + 64·64 + 64 + 64·2 + 2 and 4·64 + 64 + 64·64 + 64 + 64 + 1
        result.Output.ShouldContain("4610 parameters");
        result.Output.ShouldContain("4545 parameters");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Fact]
    public void Dry_run_states_the_memory_of_the_replay_buffer()
    {
        string[] train = ["train", "--algo", "ddpg", "--env", "Pendulum-v1", "--total-timesteps", "1000", "--dry-run"];
        CommandResult text = Command.Run(folder.Path, train).ShouldSucceed();
        JsonElement json = Command.Run(folder.Path, [.. train, "--json"]).ShouldSucceed().Json.GetProperty("replay_buffer");

        // per transition 3 + 1 + 1 numbers and a byte, per episode end 3 numbers and a place; a million transitions, 200 to the episode
        text.Output.ShouldContain(
            "replay buffer: 21.08 MB; 1000000 transitions of 21 bytes are 21.0 MB, episode ends of 16 bytes 0.08 MB with episodes of 200 steps, at most 16.0 MB\n");
        json.GetProperty("transitions").GetInt64().ShouldBe(1_000_000);
        json.GetProperty("bytes_per_transition").GetInt64().ShouldBe(21);
        json.GetProperty("bytes_per_episode_end").GetInt64().ShouldBe(16);
        json.GetProperty("bytes").GetInt64().ShouldBe(21_080_000);
        json.GetProperty("bytes_at_most").GetInt64().ShouldBe(37_000_000);
        Train("stac", "--dry-run", "--json").ShouldSucceed().Json.TryGetProperty("replay_buffer", out _).ShouldBeFalse();
    }

    [Fact]
    public void Interrupted_run_writes_a_checkpoint_exits_130_and_resumes_to_the_same_bits()
    {
        string[] slow = ["train", "--algo", "stac", "--env", "Slow-v0", "--plugin", Command.Plugin, "--total-timesteps", "1500",
            "--eval-episodes", "1", "--eval-every", "500", "--set", "steps_per_iteration=100", "--json"];
        RunningCommand running = Command.Start(folder.Path, null, [.. slow, "--out", "cut"]);
        string episodes = folder["cut", "Slow-v0", "stac", "seed-0"];
        for (int i = 0; i < 600 && !Directory.Exists(episodes); i++)
        {
            Thread.Sleep(50);
        }

        Thread.Sleep(700);
        running.Signal("TERM");
        CommandResult cut = Command.Finish(running);
        CommandResult whole = Command.Run(folder.Path, [.. slow, "--out", "whole"]);

        cut.ExitCode.ShouldBe(130, cut.Error);
        cut.Error.ShouldContain("checkpoint");
        JsonElement interrupted = cut.Json.GetProperty("runs")[0];
        interrupted.GetProperty("status").GetString().ShouldBe("interrupted");
        interrupted.GetProperty("steps").GetInt64().ShouldBeInRange(0, 1400);
        CommandResult resumed = Command.Run(folder.Path, "resume", "cut", "--json").ShouldSucceed();
        resumed.Json.GetProperty("command").GetString().ShouldBe("resume");
        resumed.Json.GetProperty("runs")[0].GetProperty("steps").GetInt64().ShouldBe(1500);
        Final(resumed).ShouldBe(Final(whole.ShouldSucceed()));
        Command.Run(folder.Path, "resume", "cut").ShouldSucceed().Output.ShouldContain("finished before");
    }

    [Fact]
    public void Run_killed_at_ten_moments_resumes_to_the_hash_of_the_uninterrupted_run()
    {
        string[] train = ["train", "--algo", "stac", "--env", "Slow-v0", "--plugin", Command.Plugin, "--total-timesteps", "1200", "--eval-episodes", "1",
            "--eval-every", "500", "--checkpoint-every", "100", "--set", "steps_per_iteration=100", "--json", "--quiet"];
        CommandResult whole = Command.Run(folder.Path, [.. train, "--out", "whole"]).ShouldSucceed();
        RandomStream moments = RandomStream.FromSeed(9).Split("moments");
        RunningCommand running = Command.Start(folder.Path, null, [.. train, "--out", "killed"]);
        for (int kill = 0; kill < 10; kill++)
        {
            Thread.Sleep(150 + moments.NextInt32(300));
            running.Signal("KILL");
            Command.Finish(running);
            if (File.Exists(folder["killed", "Slow-v0", "stac", "seed-0", "manifest.json"]))
            {
                running = Command.Start(folder.Path, null, "resume", "killed", "--json", "--quiet");
            }
            else
            {
                running = Command.Start(folder.Path, null, [.. train, "--out", "killed"]);
            }
        }

        CommandResult last = Command.Finish(running);

        Final(last.ShouldSucceed()).ShouldBe(Final(whole));
    }

    [Fact]
    public void Second_interrupt_ends_at_once()
    {
        RunningCommand running = Command.Start(
            folder.Path, null, "train", "--algo", "stac", "--env", "Marking-v0", "--plugin", Command.Plugin, "--total-timesteps", "1e6", "--set", "steps_per_iteration=100000");
        while (!File.Exists(folder["started"]) && !running.Process.HasExited)
        {
            Thread.Sleep(50);
        }

        running.Signal("INT");
        Thread.Sleep(300);
        running.Process.HasExited.ShouldBeFalse();
        running.Signal("INT");

        running.Process.WaitForExit(10_000).ShouldBeTrue();
        Command.Finish(running).ExitCode.ShouldBe(130);
    }

    [Fact]
    public void Evaluation_of_a_finished_run_repeats_itself_and_reads_single_checkpoints()
    {
        Train("ac", "--seeds", "0,1").ShouldSucceed();

        JsonElement first = Command.Run(folder.Path, "eval", "runs", "--episodes", "5", "--json").ShouldSucceed().Json;
        JsonElement second = Command.Run(folder.Path, "eval", "runs", "--episodes", "5", "--json").ShouldSucceed().Json;
        JsonElement single = Command.Run(
            folder.Path, "eval", "runs/CartPole-v1/ac/seed-1/checkpoints/step-000000000600", "--episodes", "5", "--json").ShouldSucceed().Json;

        first.GetProperty("runs").GetArrayLength().ShouldBe(2);
        first.ToString().ShouldBe(second.ToString());
        single.GetProperty("runs")[0].GetProperty("final_evaluation").ToString().ShouldBe(first.GetProperty("runs")[1].GetProperty("final_evaluation").ToString());
    }

    private static string Final(CommandResult result) => result.Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private string Hash(string run) => Command.Run(folder.Path, "resume", run, "--json").ShouldSucceed().Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

    private CommandResult Train(string algorithm, params string[] arguments) => Command.Run(
        folder.Path, ["train", "--algo", algorithm, "--env", "CartPole-v1", "--total-timesteps", "600", "--eval-episodes", "3", "--set", "steps_per_iteration=200", .. arguments]);
}
