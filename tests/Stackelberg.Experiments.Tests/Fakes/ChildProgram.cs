using System.Diagnostics;
using System.Globalization;
using Stackelberg.Agents.Replay;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Fakes;

/// <summary>Training as a process of its own, for tests that end it the hard way.</summary>
internal static class ChildProgram
{
    /// <summary>Starts training of one seed, new or resumed, with about a millisecond per iteration.</summary>
    public static Process Start(string root, RunMode mode) => Start(root, mode.ToString());

    /// <summary>Starts writing checkpoints of <see cref="LargeBuffer"/>, without end, from step <paramref name="first"/> on.</summary>
    public static Process StartSaving(string folder, long first) => Start(folder, first.ToString(CultureInfo.InvariantCulture));

    /// <summary>A ring that has wrapped around, of 49 MB.</summary>
    public static ReplayBuffer<float> LargeBuffer()
    {
        var buffer = new ReplayBuffer<float>(500_000, 17, 6);
        double[] observation = new double[17], next = new double[17], action = new double[6];
        RandomStream random = RandomStream.FromSeed(3);
        for (int i = 0; i < 600_000; i++)
        {
            next[i % 17] = random.NextDouble();
            buffer.Add(observation, action, i, next, i % 1000 == 999);
            next.CopyTo(observation, 0);
            observation[0] = i % 1000 == 999 ? i : observation[0];
        }

        return buffer;
    }

    private static Process Start(string folder, string how)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, folder, how])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public static RunPlan Plan(string root, Action<RandomSearch>? beforeIteration = null) => FakeRuns.Plan(
        root, 7, FakeRuns.Options with { TotalTimesteps = 6500, CheckpointEvery = 100, EvaluateEvery = 500, KeepCheckpoints = 2 }, beforeIteration);

    private static int Main(string[] args)
    {
        if (long.TryParse(args[1], CultureInfo.InvariantCulture, out long first))
        {
            Save(args[0], first);
        }

        RunMode mode = Enum.Parse<RunMode>(args[1]);
        IReadOnlyList<RunResult> results = TrainingSession.Run(
            [Plan(args[0], _ => Thread.Sleep(1))], new SessionOptions { Mode = mode }, new StepPrinter());
        Console.WriteLine(results[0].Failure?.Message ?? results[0].CheckpointHash);
        return results[0].Status == RunStatus.Finished ? 0 : 1;
    }

    private static void Save(string folder, long first)
    {
        ReplayBuffer<float> buffer = LargeBuffer();
        for (long step = first; ; step++)
        {
            // a new store each time: it shares nothing with the checkpoint before, so every save writes all of the buffer
            var store = new CheckpointStore(folder, Storage.Default);
            CheckpointInfo info = store.Save(step, [("algorithm", writer => writer.Write("buffer", buffer))]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"saved {info.Step} {info.Hash}"));
            Console.Out.Flush();
            store.Prune(1, -1);
        }
    }

    /// <summary>Says where training stands, so that the test knows when to strike.</summary>
    private sealed class StepPrinter : IRunObserver
    {
        public void Started(RunPlan plan, long steps) => Print("started", steps);

        public void Saved(RunPlan plan, CheckpointInfo checkpoint) => Print("saved", checkpoint.Step);

        private static void Print(string what, long steps)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {steps}"));
            Console.Out.Flush();
        }
    }
}
