using System.Diagnostics;
using Stackelberg.Agents.Replay;
using Stackelberg.Experiments.Checkpoints;
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
    public void A_kill_in_the_midst_of_a_large_replay_buffer_leaves_the_checkpoint_before_it()
    {
        for (int attempt = 1; ; attempt++)
        {
            string root = folder.Below($"saving-{attempt}");
            using Process child = ChildProgram.StartSaving(root, 1);
            string[] saved = child.StandardOutput.ReadLine()!.Split(' ');
            var file = new FileInfo(Path.Combine(root, ".step-000000000002.new", "buffer.transitions.0000.bin"));
            while (!child.HasExited && !(file.Exists && file.Length > 0))
            {
                file.Refresh();
            }

            child.Kill();
            child.WaitForExit();
            file.Refresh();
            if (!file.Exists && attempt < 20)
            {
                // the kill came when the second one was in its place already
                continue;
            }

            file.Exists.ShouldBeTrue();
            var store = new CheckpointStore(root, Storage.Default);
            Checkpoint found = store.OpenNewest([])!;

            (found.Info.Step, found.Info.Hash).ShouldBe((1, saved[2]));
            file.Directory!.Refresh();
            file.Directory.Exists.ShouldBeFalse();
            ReplayBuffer<float> expected = ChildProgram.LargeBuffer();
            var read = new ReplayBuffer<float>(expected.Capacity, 17, 6);
            found.Section("algorithm").Read("buffer", read);
            MemoryState.Of(read).FirstDifference(MemoryState.Of(expected)).ShouldBeNull();
            store.Save(1, [("algorithm", writer => writer.Write("buffer", read))]).Hash.ShouldBe(saved[2]);
            break;
        }
    }

    [Fact]
    public void A_living_process_keeps_others_from_its_run_and_a_killed_one_does_not()
    {
        using Process child = ChildProgram.Start(folder.Path, RunMode.New);
        child.StandardOutput.ReadLine().ShouldBe("started 0");

        FakeRuns.Refusal(ChildProgram.Plan(folder.Path)).ShouldContain($"process {child.Id}");
        Should.Throw<RunException>(() => FakeRuns.Train(ChildProgram.Plan(folder.Path), RunMode.Overwrite))
            .Message.ShouldContain($"process {child.Id}");
        child.Kill();
        child.WaitForExit();

        FakeRuns.Train(ChildProgram.Plan(folder.Path), RunMode.Resume).Status.ShouldBe(RunStatus.Finished);
    }
}
