using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

/// <summary>Which folders are runs, in which order they are found, and who may write them.</summary>
public sealed class RunSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_are_ordered_by_the_folder_above_and_there_by_seed()
    {
        (string Name, ulong Seed)[] runs = [("b/x", 3), ("a", 11), ("b", 1), ("a", 2), ("B", 7), ("b/x", 0), ("a", 100)];
        foreach ((string name, ulong seed) in runs)
        {
            Plant(seed, [.. name.Split('/'), $"seed-{seed}"]);
        }

        // by the bytes of the names: capitals first
        RunDirectory.Find(folder.Path).Select(r => (Path.GetRelativePath(folder.Path, Path.GetDirectoryName(r.Directory)!), r.Seed))
            .ShouldBe([("B", 7ul), ("a", 2ul), ("a", 11ul), ("a", 100ul), ("b", 1ul), (Path.Combine("b", "x"), 0ul), (Path.Combine("b", "x"), 3ul)]);
        RunDirectory.Find(folder.Below("b")).Select(r => r.Seed).ShouldBe([1ul, 0ul, 3ul]);
    }

    [Fact]
    public void Hidden_folders_and_those_within_a_run_are_passed_over()
    {
        Plant(1, "seen");
        Plant(2, ".seed-2.new");
        Plant(3, "deep", ".hidden", "below");
        Plant(4, "seen", "checkpoints", "copy");

        RunDirectory.Find(folder.Path).Select(r => r.Seed).ShouldBe([1ul]);
        // asked for by its name it is found
        RunDirectory.Find(folder.Below(".seed-2.new")).Select(r => r.Seed).ShouldBe([2ul]);
        Should.Throw<RunException>(() => RunDirectory.Find(folder.Below("deep")));
    }

    [Fact]
    public void A_path_with_detours_finds_the_same_run()
    {
        Plant(1, "a");
        RunDirectory.Read(Path.Combine(folder.Path, "b", "..", "a", ".")).Directory.TrimEnd(Path.DirectorySeparatorChar).ShouldBe(folder.Below("a"));
    }

    [Fact]
    public void A_run_that_has_not_finished_has_no_result_and_the_steps_of_its_newest_checkpoint()
    {
        Plant(1, "a");
        RunInfo fresh = RunDirectory.Read(folder.Below("a"));
        fresh.Result.ShouldBeNull();
        fresh.StepsTaken.ShouldBe(0);

        RunResult interrupted = FakeRuns.TrainUntil(folder.Below("b"), 500);
        RunInfo stopped = RunDirectory.Read(interrupted.Directory);
        stopped.Result.ShouldBeNull();
        stopped.StepsTaken.ShouldBe(interrupted.Steps);
        CheckpointEvaluator.Resolve(stopped.Directory).ShouldBe(stopped.Checkpoints[^1]);
        CheckpointEvaluator.Resolve(stopped.Checkpoints[0]).ShouldBe(stopped.Checkpoints[0]);
        Should.Throw<CheckpointException>(() => CheckpointEvaluator.Resolve(folder.Below("a"))).Message.ShouldContain("no checkpoint yet");
    }

    [Fact]
    public void A_result_that_cannot_be_read_is_named()
    {
        Plant(1, "a");
        File.WriteAllText(folder.Below("a", ResultRecord.FileName), "{");
        Should.Throw<RunException>(() => RunDirectory.Find(folder.Path)).Message.ShouldContain(folder.Below("a", ResultRecord.FileName));
    }

    [Fact]
    public void A_run_without_its_configuration_is_named()
    {
        Plant(1, "a");
        File.Delete(folder.Below("a", "config.yml"));
        Should.Throw<RunException>(() => RunDirectory.Read(folder.Below("a"))).Message.ShouldContain(folder.Below("a"));
    }

    [Fact]
    public void A_lock_follows_its_folder_and_is_given_back_once()
    {
        Directory.CreateDirectory(folder.Below("making"));
        RunLock hold = RunLock.Take(folder.Below("making"));
        Directory.Move(folder.Below("making"), folder.Below("made"));
        hold.MovedTo(folder.Below("made"));
        Should.Throw<RunException>(() => RunLock.Take(folder.Below("made"))).Message.ShouldContain("being written");

        hold.Dispose();
        new FileInfo(folder.Below("made", RunLock.FileName)).Length.ShouldBe(0);
        using RunLock next = RunLock.Take(folder.Below("made"));
        // the second time it must not take away what is another's now
        hold.Dispose();
        Should.Throw<RunException>(() => RunLock.Take(folder.Below("made")));
    }

    [Fact]
    public void A_lock_whose_folder_is_gone_is_given_back_without_a_word()
    {
        Directory.CreateDirectory(folder.Below("gone"));
        RunLock hold = RunLock.Take(folder.Below("gone"));
        Directory.Delete(folder.Below("gone"), recursive: true);
        hold.Dispose();
        Directory.Exists(folder.Below("gone")).ShouldBeFalse();
        Should.Throw<RunException>(() => RunLock.Take(folder.Below("gone"))).Message.ShouldContain("cannot be opened");
    }

    [Fact]
    public void A_run_that_is_abandoned_leaves_nothing_if_it_was_new_and_everything_if_it_was_not()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunFolder.Create(plan, overwrite: false).Abandon();
        Directory.GetFileSystemEntries(Path.GetDirectoryName(plan.Directory)!).ShouldBeEmpty();

        RunFolder.Create(plan, overwrite: false).Dispose();
        RunFolder.Open(plan).Abandon();
        RunFolder.IsRun(plan.Directory).ShouldBeTrue();
        RunFolder.Open(plan).Dispose();
    }

    [Theory]
    [InlineData("Other", "random-search", 7ul)]
    [InlineData("NoisyWalk", "other", 7ul)]
    [InlineData("NoisyWalk", "random-search", 8ul)]
    public void A_run_does_not_go_on_as_another(string environment, string algorithm, ulong seed)
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        RunFolder.Create(plan, overwrite: false).Dispose();
        Should.Throw<RunException>(() => RunFolder.Open(plan with { Environment = environment, Algorithm = algorithm, Seed = seed }))
            .Message.ShouldContain($"cannot go on as {algorithm} on {environment} with seed {seed}");
        // and it was not locked by the attempt
        RunFolder.Open(plan).Dispose();
    }

    private void Plant(ulong seed, params string[] names)
    {
        RunPlan plan = FakeRuns.Plan(folder.Path, seed) with { Directory = folder.Below(names) };
        string path = Directory.CreateDirectory(plan.Directory).FullName;
        File.WriteAllBytes(Path.Combine(path, RunManifest.FileName), Json.Write(RunManifest.Of(plan)));
        File.WriteAllText(Path.Combine(path, "config.yml"), plan.ConfigurationText);
    }
}
