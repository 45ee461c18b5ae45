using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Equal_states_have_equal_hashes_and_any_change_another()
    {
        CheckpointInfo a = Save("a", 10, 1);
        Save("b", 10, 1).Hash.ShouldBe(a.Hash);
        Save("c", 10, 2).Hash.ShouldNotBe(a.Hash);
        Save("d", 11, 1).Hash.ShouldNotBe(a.Hash);
        Checkpoint.Open(a.Path).Info.ShouldBe(a);
        Path.GetFileName(a.Path).ShouldBe("step-000000000010");
    }

    [Fact]
    public void A_crash_before_any_write_step_leaves_the_old_checkpoint_and_never_half_a_new_one()
    {
        List<string> steps = StepsOf(s => Write(s, 20, 2));
        steps.Count.ShouldBeGreaterThan(10);
        string oldHash = Save("expected", 10, 1).Hash;
        string newHash = Save("expected", 20, 2).Hash;
        for (int crash = 0; crash < steps.Count; crash++)
        {
            string path = folder.Below($"crash-{crash}");
            Write(new CheckpointStore(path, Storage.Default), 10, 1);
            CrashAt(path, crash, s => Write(s, 20, 2));

            // what is called a checkpoint is whole, before and after the leftovers are cleaned away
            CheckpointStore.List(path).ShouldAllBe(p => Checkpoint.Open(p) != null, steps[crash]);
            var notices = new List<string>();
            CheckpointInfo found = new CheckpointStore(path, Storage.Default).OpenNewest(notices)!.Info;
            found.Hash.ShouldBe(found.Step == 10 ? oldHash : newHash, steps[crash]);
            notices.ShouldBeEmpty();
            Directory.GetDirectories(path).ShouldAllBe(p => Path.GetFileName(p).StartsWith("step-"), steps[crash]);

            // and the next attempt succeeds
            Write(new CheckpointStore(path, Storage.Default), 20, 2).Hash.ShouldBe(newHash);
        }
    }

    [Fact]
    public void A_write_that_fails_is_reported_and_leaves_the_old_checkpoint_alone()
    {
        string oldHash = Save("expected", 10, 1).Hash;
        int count = StepsOf(s => Write(s, 20, 2)).Count;
        for (int failing = 0; failing < count - 1; failing++)
        {
            string path = folder.Below($"full-{failing}");
            Write(new CheckpointStore(path, Storage.Default), 10, 1);
            int step = 0;
            var full = new CheckpointStore(path, new Storage(_ => ThrowAt(step++, failing)));

            Should.Throw<CheckpointException>(() => Write(full, 20, 2)).Message.ShouldContain("No space left on device");
            Directory.GetDirectories(path).Length.ShouldBe(CheckpointStore.List(path).Count);
            Checkpoint.Open(CheckpointStore.List(path)[0]).Info.Hash.ShouldBe(oldHash);
        }

        static void ThrowAt(int step, int failing)
        {
            if (step == failing)
            {
                throw new IOException("No space left on device.");
            }
        }
    }

    [Fact]
    public void A_crash_while_replacing_a_checkpoint_of_the_same_step_leaves_one_of_the_two()
    {
        List<string> steps = StepsOf(s => Write(s, 10, 2), s => Write(s, 10, 1));
        string[] hashes = [Save("expected-1", 10, 1).Hash, Save("expected-2", 10, 2).Hash];
        for (int crash = 0; crash < steps.Count; crash++)
        {
            string path = folder.Below($"crash-{crash}");
            Write(new CheckpointStore(path, Storage.Default), 10, 1);
            CrashAt(path, crash, s => Write(s, 10, 2));

            hashes.ShouldContain(new CheckpointStore(path, Storage.Default).OpenNewest([])!.Info.Hash, steps[crash]);
            Directory.GetDirectories(path).Length.ShouldBe(1, steps[crash]);
        }
    }

    [Fact]
    public void A_crash_while_pruning_never_leaves_half_a_checkpoint()
    {
        static void Fill(CheckpointStore store)
        {
            for (int step = 1; step <= 4; step++)
            {
                Write(store, step, step);
            }
        }

        List<string> steps = StepsOf(s => s.Prune(2, -1), Fill);
        steps.Count.ShouldBeGreaterThanOrEqualTo(4);
        for (int crash = 0; crash < steps.Count; crash++)
        {
            string path = folder.Below($"crash-{crash}");
            Fill(new CheckpointStore(path, Storage.Default));
            CrashAt(path, crash, s => s.Prune(2, -1));

            CheckpointStore.List(path).Count.ShouldBeInRange(2, 4);
            CheckpointStore.List(path).ShouldAllBe(p => Checkpoint.Open(p) != null, steps[crash]);
            var store = new CheckpointStore(path, Storage.Default);
            store.CleanLeftovers();
            Directory.GetDirectories(path).ShouldAllBe(p => Path.GetFileName(p).StartsWith("step-"), steps[crash]);
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_is_detected_and_its_file_named()
    {
        CheckpointInfo info = Save("a", 10, 1);
        string[] files = Directory.GetFiles(info.Path);
        files.Length.ShouldBe(3);
        foreach (string file in files)
        {
            byte[] sound = File.ReadAllBytes(file);
            int stride = Math.Max(1, sound.Length / 97);
            for (int i = 0; i < sound.Length; i += stride)
            {
                byte[] damaged = [.. sound];
                damaged[i] ^= 0x10;
                File.WriteAllBytes(file, damaged);
                Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path), $"{file} at {i}").Message.ShouldContain(file);
            }

            File.WriteAllBytes(file, sound);
        }

        Checkpoint.Open(info.Path).Info.Hash.ShouldBe(info.Hash);
    }

    [Fact]
    public void Truncated_lengthened_and_missing_files_are_named()
    {
        CheckpointInfo info = Save("a", 10, 1);
        foreach (string file in Directory.GetFiles(info.Path))
        {
            byte[] sound = File.ReadAllBytes(file);
            File.WriteAllBytes(file, sound[..^1]);
            Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path)).Message.ShouldContain(file);
            File.WriteAllBytes(file, [.. sound, 0]);
            Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path)).Message.ShouldContain(file);
            File.WriteAllBytes(file, []);
            Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path)).Message.ShouldContain(file);
            File.Delete(file);
            Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path)).Message.ShouldContain(Path.GetFileName(file));
            File.WriteAllBytes(file, sound);
        }

        Should.Throw<CheckpointException>(() => Checkpoint.Open(folder.Below("none"))).Message.ShouldContain("none");
    }

    [Fact]
    public void The_newest_sound_checkpoint_is_opened_and_every_damaged_one_reported()
    {
        var store = new CheckpointStore(folder.Path, Storage.Default);
        store.OpenNewest([]).ShouldBeNull();
        string[] paths = [Write(store, 1, 1).Path, Write(store, 2, 2).Path, Write(store, 3, 3).Path];
        File.Delete(Path.Combine(paths[2], "replay.bin"));
        File.WriteAllText(Path.Combine(paths[1], "state.json"), "{}");

        var notices = new List<string>();
        store.OpenNewest(notices)!.Info.Step.ShouldBe(1);
        notices.Count.ShouldBe(2);
        notices[0].ShouldContain(Path.Combine(paths[2], "replay.bin"));
        notices[1].ShouldContain(Path.Combine(paths[1], "state.json"));
        notices.ShouldAllBe(n => n.Contains("goes on from 'step-000000000001'"));

        Directory.Delete(paths[0], recursive: true);
        Should.Throw<CheckpointException>(() => store.OpenNewest([])).Message.ShouldContain("--overwrite");
    }

    [Fact]
    public void A_checkpoint_of_a_later_format_is_refused_as_such()
    {
        CheckpointInfo info = Save("a", 10, 1);
        string path = Path.Combine(info.Path, StateFile.Name);
        string text = File.ReadAllText(path).Replace("stackelberg-checkpoint-1", "stackelberg-checkpoint-9");
        string body = text[..text.LastIndexOf(",\n  \"hash\"", StringComparison.Ordinal)];
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(body)));
        File.WriteAllText(path, $"{body},\n  \"hash\": \"{hash}\"\n}}\n");

        Should.Throw<CheckpointException>(() => Checkpoint.Open(info.Path)).Message.ShouldContain("stackelberg-checkpoint-9");
    }

    [Fact]
    public void Two_parts_that_ask_for_one_file_are_refused_and_nothing_is_left()
    {
        var store = new CheckpointStore(folder.Path, Storage.Default);
        float[] large = new float[500];
        Should.Throw<InvalidOperationException>(() => store.Save(
            1, [("trainer", w => w.WriteArray("x", large)), ("algorithm", w => w.Group("trainer").WriteArray("x", large))]))
            .Message.ShouldContain("trainer.x.bin");
        CheckpointStore.List(folder.Path).ShouldBeEmpty();
    }

    private static CheckpointInfo Write(CheckpointStore store, long step, int value) => store.Save(step, [("algorithm", writer =>
    {
        writer.Write("value", (long)value);
        writer.Group("actor").WriteTensor("weight", [value, 2, 3], [3]);
        double[] replay = new double[300];
        Array.Fill(replay, value);
        writer.WriteArray("replay", replay);
    })]);

    private CheckpointInfo Save(string name, long step, int value) => Write(new CheckpointStore(folder.Below(name), Storage.Default), step, value);

    /// <summary>The write steps that <paramref name="work"/> takes.</summary>
    private List<string> StepsOf(Action<CheckpointStore> work, Action<CheckpointStore>? prepare = null)
    {
        string path = folder.Below("rehearsal");
        prepare?.Invoke(new CheckpointStore(path, Storage.Default));
        var steps = new List<string>();
        work(new CheckpointStore(path, new Storage(steps.Add)));
        return steps;
    }

    private static void CrashAt(string path, int step, Action<CheckpointStore> work)
    {
        int count = 0;
        var store = new CheckpointStore(path, new Storage(description =>
        {
            if (count++ == step)
            {
                throw new CrashException(description);
            }
        }));
        Should.Throw<CrashException>(() => work(store));
    }

    /// <summary>Stands for the end of the process: nothing in the product catches it.</summary>
    private sealed class CrashException(string message) : Exception(message);
}
