using System.Diagnostics;
using System.Globalization;
using Stackelberg.Agents.Replay;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Primitives;

namespace Stackelberg.Benchmarks;

/// <summary>
/// A replay buffer filled with noise: time of adding and gathering, and of a checkpoint of it. Arguments, all with defaults: transitions (1 000 000),
/// observation size (17), action size (6), steps per episode (1000), folder for the checkpoint (a temporary one).
/// </summary>
internal static class ReplayReport
{
    private const int BatchRows = 100;

    public static void Run(string[] args)
    {
        int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
        (int capacity, int observationSize, int actionSize, int steps) = (Number(0, 1_000_000), Number(1, 17), Number(2, 6), Number(3, 1000));
        string folder = args.Length > 4 ? args[4] : Directory.CreateTempSubdirectory("replay").FullName;
        Print($"{capacity} transitions, observation {observationSize}, action {actionSize}, episodes of {steps} steps");
        Memory("at the start");
        var buffer = new ReplayBuffer<float>(capacity, observationSize, actionSize);
        Memory("buffer made");
        Fill(buffer, capacity / 2, observationSize, actionSize, steps);
        Memory("half full");
        Fill(buffer, capacity, observationSize, actionSize, steps);
        Memory($"full; it says {Megabytes(buffer.Bytes)}");
        Gather(buffer, observationSize, actionSize);
        Checkpoint(buffer, new ReplayBuffer<float>(capacity, observationSize, actionSize), folder);
    }

    private static void Fill(ReplayBuffer<float> buffer, int transitions, int observationSize, int actionSize, int steps)
    {
        RandomStream random = RandomStream.FromSeed(1);
        double[] observation = new double[observationSize], next = new double[observationSize], action = new double[actionSize];
        double seconds = 0;
        for (int i = 0; i < transitions; i++)
        {
            if (i % steps == 0)
            {
                Noise(random, observation);
            }

            Noise(random, action);
            Noise(random, next);
            long start = Stopwatch.GetTimestamp();
            buffer.Add(observation, action, i, next, false);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            (observation, next) = (next, observation);
        }

        Print($"add: {1e9 * seconds / transitions:F0} ns, the clock's 20 to 40 included");
    }

    private static void Gather(ReplayBuffer<float> buffer, int observationSize, int actionSize)
    {
        const int Rounds = 20_000;
        var batch = new ReplayBatch<float>(BatchRows, observationSize, actionSize);
        RandomStream random = RandomStream.FromSeed(2);
        int[] indices = new int[BatchRows];
        var times = new List<double>();
        long allocated = 0;
        for (int part = 0; part < 10; part++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Rounds / 10; i++)
            {
                buffer.Draw(random, indices);
                buffer.Gather(indices, batch);
            }

            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            times.Add(1e6 * seconds / (Rounds / 10));
        }

        times.Sort();
        Print($"draw and gather {BatchRows}: {times[0]:F2} µs least, {times[times.Count / 2]:F2} µs median, {allocated} bytes allocated");
    }

    private static void Checkpoint(ReplayBuffer<float> buffer, ReplayBuffer<float> other, string folder)
    {
        var store = new CheckpointStore(folder, Storage.Default);
        string hash = "";
        for (int i = 1; i <= 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            hash = store.Save(i, [("algorithm", w => w.Write("buffer", buffer))]).Hash;
            Print($"save, flush and hash: {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s");
            store.Prune(1, -1);
        }

        Memory("saved");
        long loading = Stopwatch.GetTimestamp();
        Experiments.Checkpoints.Checkpoint checkpoint = store.OpenNewest([])!;
        double verified = Stopwatch.GetElapsedTime(loading).TotalSeconds;
        checkpoint.Section("algorithm").Read("buffer", other);
        Print($"load: {Stopwatch.GetElapsedTime(loading).TotalSeconds:F2} s, of which comparing with the hashes {verified:F2} s");
        Memory("loaded into a second buffer");
        if (store.Save(9, [("algorithm", w => w.Write("buffer", other))]).Hash != store.Save(9, [("algorithm", w => w.Write("buffer", buffer))]).Hash)
        {
            throw new InvalidOperationException("The loaded buffer is not the saved one.");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static void Noise(RandomStream random, double[] into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = random.NextUniform(-1, 1);
        }
    }

    private static void Memory(string when)
    {
        using var process = Process.GetCurrentProcess();
        Print($"memory of the process, {when}: {Megabytes(process.WorkingSet64)}, at most {Megabytes(process.PeakWorkingSet64)}");
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F1} MB");

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
