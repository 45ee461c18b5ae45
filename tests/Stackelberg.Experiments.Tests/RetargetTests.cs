using System.Text.Json;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Experiments.Training;

namespace Stackelberg.Experiments.Tests;

/// <summary>Runs that go on to another total. An iteration of the fake learner takes 13 steps.</summary>
public sealed class RetargetTests : IDisposable
{
    private const long Short = 650;
    private const long Long = 1300;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Steps_and_further_steps_equal_all_steps_at_once_in_hash_and_tables()
    {
        RunResult whole = FakeRuns.Train(Plan("whole", Long));
        FakeRuns.Train(Plan("parts", Short));
        RunResult parts = FakeRuns.Train(Plan("parts", Long), RunMode.Resume);

        parts.Status.ShouldBe(RunStatus.Finished);
        parts.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(parts.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    [Fact]
    public void Unfinished_run_can_be_given_a_smaller_total()
    {
        RunResult direct = FakeRuns.Train(Plan("direct", Short));
        FakeRuns.TrainUntil(folder.Below("cut"), 300, options: FakeRuns.Options with { TotalTimesteps = Long }).Status.ShouldBe(RunStatus.Interrupted);

        FakeRuns.Train(Plan("cut", Short), RunMode.Resume).CheckpointHash.ShouldBe(direct.CheckpointHash);
    }

    [Fact]
    public void Manifest_tells_who_changed_the_total_when_and_from_what()
    {
        RunResult run = FakeRuns.Train(Plan("run", Short));
        Manifest(run).GetProperty("total_timesteps").GetInt64().ShouldBe(Short);
        Manifest(run).GetProperty("retargeted").GetArrayLength().ShouldBe(0);

        FakeRuns.Train(Plan("run", Long) with { CommandLine = ["resume", "--total-timesteps", "1300"] }, RunMode.Resume);
        FakeRuns.Train(Plan("run", Long), RunMode.Resume);

        Manifest(run).GetProperty("total_timesteps").GetInt64().ShouldBe(Long);
        JsonElement change = Manifest(run).GetProperty("retargeted").EnumerateArray().ShouldHaveSingleItem();
        (change.GetProperty("from_total").GetInt64(), change.GetProperty("to_total").GetInt64()).ShouldBe((Short, Long));
        change.GetProperty("command_line")[1].GetString().ShouldBe("--total-timesteps");
        change.GetProperty("time").GetDateTimeOffset().ShouldBeGreaterThan(Manifest(run).GetProperty("started").GetDateTimeOffset());
    }

    [Fact]
    public void New_total_is_noted_for_every_run_before_the_first_is_trained()
    {
        RunPlan[] runs = [Plan("two", Short, 1), Plan("two", Short, 2)];
        TrainingSession.Run(runs, new SessionOptions());
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        TrainingSession.Run(
            [.. runs.Select(r => r with { Options = Plan("two", Long).Options, ConfigurationText = "longer\n" })], new SessionOptions { Mode = RunMode.Resume, Threads = 1 }, null, cancelled.Token);

        foreach (RunPlan run in runs)
        {
            File.ReadAllText(Path.Combine(run.Directory, "config.yml")).ShouldBe("longer\n");
            RunDirectory.Read(run.Directory).Result.ShouldBeNull();
            RunDirectory.Read(run.Directory).StepsTaken.ShouldBe(Short);
        }
    }

    // Each moment at which a process can end while it notes the total, and the one after it.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Kill_while_the_total_is_noted_leaves_a_run_that_resumes_to_the_same_bits(bool manifestWritten, bool resultDeleted)
    {
        RunResult whole = FakeRuns.Train(Plan("whole", Long));
        RunResult first = FakeRuns.Train(Plan("killed", Short));
        byte[] manifest = File.ReadAllBytes(Path.Combine(first.Directory, RunManifest.FileName));
        byte[] result = File.ReadAllBytes(Path.Combine(first.Directory, ResultRecord.FileName));
        using (SeedRunner runner = SeedRunner.Claim(Plan("killed", Long), new SessionOptions { Mode = RunMode.Resume }, new Silent()))
        {
            runner.NoteTotal();
        }

        if (!manifestWritten)
        {
            File.WriteAllBytes(Path.Combine(first.Directory, RunManifest.FileName), manifest);
        }

        if (!resultDeleted)
        {
            File.WriteAllBytes(Path.Combine(first.Directory, ResultRecord.FileName), result);
        }

        RunResult resumed = FakeRuns.Train(Plan("killed", Long), RunMode.Resume);

        resumed.CheckpointHash.ShouldBe(whole.CheckpointHash);
        Manifest(resumed).GetProperty("retargeted").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public void Run_that_is_in_use_keeps_its_total_and_that_of_the_others()
    {
        RunPlan[] runs = [Plan("held", Short, 1), Plan("held", Short, 2)];
        TrainingSession.Run(runs, new SessionOptions());
        using SeedRunner holder = SeedRunner.Claim(runs[1] with { Options = Plan("held", Long).Options }, new SessionOptions { Mode = RunMode.Resume }, new Silent());

        Should.Throw<RunException>(() => TrainingSession.Run(
            [.. runs.Select(r => r with { Options = Plan("held", Long).Options, ConfigurationText = "longer\n" })], new SessionOptions { Mode = RunMode.Resume }));

        runs.ShouldAllBe(r => File.ReadAllText(Path.Combine(r.Directory, "config.yml")) == r.ConfigurationText);
    }

    private static JsonElement Manifest(RunResult run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Directory, RunManifest.FileName))).RootElement;

    private RunPlan Plan(string name, long total, ulong seed = 7) => FakeRuns.Plan(folder.Below(name), seed, FakeRuns.Options with { TotalTimesteps = total });

    private sealed class Silent : IRunObserver;
}
