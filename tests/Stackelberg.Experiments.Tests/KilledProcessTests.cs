using System.Diagnostics;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

public sealed class KilledProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_killed_again_and_again_ends_with_the_hash_of_an_undisturbed_one()
    {
        RunResult whole = FakeRuns.Train(ChildProgram.Plan(folder.Below("whole")));
        whole.Status.ShouldBe(RunStatus.Finished);
        string root = folder.Below("killed");
        var moments = RandomStream.FromSeed(11);
        int kills = 0;
        for (RunMode mode = RunMode.New; kills < 5; mode = RunMode.Resume)
        {
            using Process child = ChildProgram.Start(root, mode);

            // some steps after it has begun, at any point of an iteration or of a checkpoint
            child.StandardOutput.ReadLine()!.ShouldStartWith("started ");
            Thread.Sleep((int)moments.NextUniform(0, 120));
            child.Kill();
            child.WaitForExit();
            if (child.ExitCode == 0)
            {
                break;
            }

            kills++;
        }

        RunResult last = FakeRuns.Train(ChildProgram.Plan(root), RunMode.Resume);

        kills.ShouldBeGreaterThan(0);
        last.Status.ShouldBe(RunStatus.Finished);
        last.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(last.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
        Directory.GetFileSystemEntries(last.Directory).ShouldAllBe(p => !p.EndsWith(".tmp"));
    }

    [Fact]
    public void A_living_process_keeps_others_from_its_run_and_a_killed_one_does_not()
    {
        using Process child = ChildProgram.Start(folder.Path, RunMode.New);
        child.StandardOutput.ReadLine().ShouldBe("started 0");

        Should.Throw<RunException>(() => FakeRuns.Train(ChildProgram.Plan(folder.Path), RunMode.Resume))
            .Message.ShouldContain($"process {child.Id}");
        Should.Throw<RunException>(() => FakeRuns.Train(ChildProgram.Plan(folder.Path), RunMode.Overwrite))
            .Message.ShouldContain($"process {child.Id}");
        child.Kill();
        child.WaitForExit();

        FakeRuns.Train(ChildProgram.Plan(folder.Path), RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
    }
}
