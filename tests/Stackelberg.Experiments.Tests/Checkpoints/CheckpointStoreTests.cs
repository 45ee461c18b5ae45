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
            Write(Store(path), 10, 1);
            CrashAt(path, crash, s => Write(s, 20, 2));

            // what is called a checkpoint is whole, before and after the leftovers are cleaned away
            CheckpointStore.List(path).ShouldAllBe(p => Checkpoint.Open(p) != null, steps[crash]);
            var notices = new List<string>();
            CheckpointInfo found = Store(path).OpenNewest(notices)!.Info;
            found.Hash.ShouldBe(found.Step == 10 ? oldHash : newHash, steps[crash]);
            notices.ShouldBeEmpty();
            Directory.GetDirectories(path).ShouldAllBe(p => Path.GetFileName(p).StartsWith("step-"), steps[crash]);

            // and the next attempt succeeds
            Write(Store(path), 20, 2).Hash.ShouldBe(newHash);
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
            Write(Store(path), 10, 1);
            int step = 0;
            CheckpointStore full = Store(path, _ => ThrowAt(step++, failing));

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
            Write(Store(path), 10, 1);
            CrashAt(path, crash, s => Write(s, 10, 2));

            hashes.ShouldContain(Store(path).OpenNewest([])!.Info.Hash, steps[crash]);
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
            Fill(Store(path));
            CrashAt(path, crash, s => s.Prune(2, -1));

            CheckpointStore.List(path).Count.ShouldBeInRange(2, 4);
            CheckpointStore.List(path).ShouldAllBe(p => Checkpoint.Open(p) != null, steps[crash]);
            CheckpointStore store = Store(path);
            store.CleanLeftovers();
            Directory.GetDirectories(path).ShouldAllBe(p => Path.GetFileName(p).StartsWith("step-"), steps[crash]);
        }
    }

    [Fact]
    public void A_changed_byte_anywhere_is_detected_and_its_file_named()
    {
        CheckpointInfo info = Save("a", 10, 1);
        string[] files = Directory.GetFiles(info.Path);
        files.Length.ShouldBe(7);
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
        CheckpointStore store = Store(folder.Path);
        store.OpenNewest([]).ShouldBeNull();
        string[] paths = [Write(store, 1, 1).Path, Write(store, 2, 2).Path, Write(store, 3, 3).Path];
        File.Delete(Path.Combine(paths[2], "replay.0004.bin"));
        File.WriteAllText(Path.Combine(paths[1], "state.json"), "{}");

        var notices = new List<string>();
        store.OpenNewest(notices)!.Info.Step.ShouldBe(1);
        notices.Count.ShouldBe(2);
        notices[0].ShouldContain(Path.Combine(paths[2], "replay.0004.bin"));
        notices[1].ShouldContain(Path.Combine(paths[1], "state.json"));
        notices.ShouldAllBe(n => n.Contains("goes on from 'step-000000000001'"));

        Directory.Delete(paths[0], recursive: true);
        Should.Throw<CheckpointException>(() => store.OpenNewest([])).Message.ShouldContain("--from-scratch");
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
        CheckpointStore store = Store(folder.Path);
        float[] large = new float[500];
        Should.Throw<InvalidOperationException>(() => store.Save(
            1, [("trainer", w => w.WriteArray("x", large)), ("algorithm", w => w.Group("trainer").WriteArray("x", large))]))
            .Message.ShouldContain("trainer.x.0000.bin");
        CheckpointStore.List(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Parts_that_have_not_changed_are_shared_and_outlive_the_checkpoint_they_come_from()
    {
        var steps = new List<string>();
        CheckpointStore store = Store(folder.Path, steps.Add);
        CheckpointInfo first = Write(store, 1, 1);
        steps.ShouldNotContain(s => s.StartsWith("link"));
        steps.Clear();
        CheckpointInfo second = Write(store, 2, 2);

        steps.Where(s => s.StartsWith("link")).ShouldBe(["link replay.0000.bin", "link replay.0001.bin"]);
        steps.Where(s => s.StartsWith("create replay")).ShouldBe(["create replay.0002.bin", "create replay.0003.bin", "create replay.0004.bin"]);
        second.Hash.ShouldBe(Save("alone", 2, 2).Hash, "the hash is one of the content, not of how it was written");
        store.Prune(1, -1);
        Directory.Exists(first.Path).ShouldBeFalse();
        double[] replay = new double[300];
        Checkpoint.Open(second.Path).Section("algorithm").ReadArray("replay", replay);
        replay.ShouldBe([.. Enumerable.Repeat(0.0, 150), .. Enumerable.Repeat(2.0, 150)]);
    }

    [Fact]
    public void What_a_damaged_checkpoint_holds_is_not_shared()
    {
        CheckpointStore writer = Store(folder.Path);
        Write(writer, 1, 1);
        CheckpointInfo newest = Write(writer, 2, 2);
        string part = Path.Combine(newest.Path, "replay.0004.bin");
        byte[] damaged = File.ReadAllBytes(part);
        damaged[7] ^= 1;
        File.WriteAllBytes(part, damaged);

        CheckpointStore resumed = Store(folder.Path);
        resumed.OpenNewest([])!.Info.Step.ShouldBe(1);
        Checkpoint.Open(Write(resumed, 3, 2).Path).Info.Step.ShouldBe(3);
    }

    [Fact]
    public void A_part_that_lost_its_end_is_written_again()
    {
        CheckpointStore store = Store(folder.Path);
        string part = Path.Combine(Write(store, 1, 1).Path, "replay.0000.bin");
        File.WriteAllBytes(part, File.ReadAllBytes(part)[..^1]);
        Checkpoint.Open(Write(store, 2, 2).Path).Info.Step.ShouldBe(2);
    }

    private static CheckpointStore Store(string path, Action<string>? before = null) => new(path, new Storage(before) { PartBytes = 512 });

    private static CheckpointInfo Write(CheckpointStore store, long step, int value) => store.Save(step, [("algorithm", writer =>
    {
        writer.Write("value", (long)value);
        writer.Group("actor").WriteTensor("weight", [value, 2, 3], [3]);
        // five parts, of which the last three depend on the value
        double[] replay = new double[300];
        Array.Fill(replay, value, 150, 150);
        writer.WriteArray("replay", replay);
    })]);

    private CheckpointInfo Save(string name, long step, int value) => Write(Store(folder.Below(name)), step, value);

    /// <summary>The write steps that <paramref name="work"/> takes.</summary>
    private List<string> StepsOf(Action<CheckpointStore> work, Action<CheckpointStore>? prepare = null)
    {
        string path = folder.Below("rehearsal");
        prepare?.Invoke(Store(path));
        var steps = new List<string>();
        work(Store(path, steps.Add));
        return steps;
    }

    private static void CrashAt(string path, int step, Action<CheckpointStore> work)
    {
        int count = 0;
        CheckpointStore store = Store(path, description =>
        {
            if (count++ == step)
            {
                throw new CrashException(description);
            }
        });
        Should.Throw<CrashException>(() => work(store));
    }

    /// <summary>Stands for the end of the process: nothing in the product catches it.</summary>
    private sealed class CrashException(string message) : Exception(message);
}
