using System.Diagnostics;
using System.Globalization;
using Stackelberg.Agents.Replay;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Primitives;

namespace Stackelberg.Benchmarks;

/// <summary>
/// A replay buffer filled with noise: time of adding and gathering, and of a checkpoint of it. Arguments, all with defaults: transitions (1 000 000),
/// observation size (17), action size (6), steps per episode (1000). Checkpoints go to the folder for temporary files, which TMPDIR names.
/// </summary>
internal static class ReplayReport
{
    private const int BatchRows = 100;

    public static void Run(string[] args)
    {
        int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
        (int capacity, int observationSize, int actionSize, int steps) = (Number(0, 1_000_000), Number(1, 17), Number(2, 6), Number(3, 1000));
        Print($"{capacity} transitions, observation {observationSize}, action {actionSize}, episodes of {steps} steps");
        Memory("at the start");
        var buffer = new ReplayBuffer<float>(capacity, observationSize, actionSize);
        Memory("buffer made");
        Fill(buffer, capacity / 2, observationSize, actionSize, steps);
        Memory("half full");
        Fill(buffer, capacity, observationSize, actionSize, steps);
        Memory($"full; it says {Megabytes(buffer.Bytes)}");
        Gather(buffer, observationSize, actionSize);
        string folder = Directory.CreateTempSubdirectory("stackelberg-replay-").FullName;
        try
        {
            Checkpoint(buffer, new ReplayBuffer<float>(capacity, observationSize, actionSize), folder, observationSize, actionSize, steps);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
        // short slices: the least is then free of what else the machine does
        const int Slices = 500, Rounds = 40;
        var batch = new ReplayBatch<float>(BatchRows, observationSize, actionSize);
        RandomStream random = RandomStream.FromSeed(2);
        int[] indices = new int[BatchRows];
        double[] times = new double[Slices];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int slice = 0; slice < Slices; slice++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Rounds; i++)
            {
                buffer.Draw(random, indices);
                buffer.Gather(indices, batch);
            }

            times[slice] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Rounds;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Array.Sort(times);
        Print($"draw and gather {BatchRows}: {times[0]:F1} µs least, {times[Slices / 2]:F1} µs median, {allocated} bytes allocated");
    }

    private static void Checkpoint(ReplayBuffer<float> buffer, ReplayBuffer<float> other, string folder, int observationSize, int actionSize, int steps)
    {
        var store = new CheckpointStore(folder, Storage.Default);
        for (int i = 1; i <= 3; i++)
        {
            if (i > 1)
            {
                // what a run adds from one checkpoint to the next; the rest is shared
                Fill(buffer, buffer.Capacity / 20, observationSize, actionSize, steps);
            }

            (long start, TimeSpan used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            store.Save(i, [("algorithm", w => w.Write("buffer", buffer))]);
            Print($"save, flush and hash{(i > 1 ? $" with {buffer.Capacity / 20} new transitions" : "")}: {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s, of the processor {(Environment.CpuUsage.TotalTime - used).TotalSeconds:F2} s");
            store.Prune(1, -1);
        }

        Memory("saved");
        (long loading, TimeSpan before) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Experiments.Checkpoints.Checkpoint checkpoint = store.OpenNewest([])!;
        double verified = Stopwatch.GetElapsedTime(loading).TotalSeconds;
        checkpoint.Section("algorithm").Read("buffer", other);
        Print($"load: {Stopwatch.GetElapsedTime(loading).TotalSeconds:F2} s, of which comparing with the hashes {verified:F2} s; of the processor {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F2} s");
        Memory("loaded into a second buffer");
        if (store.Save(9, [("algorithm", w => w.Write("buffer", other))]).Hash != store.Save(9, [("algorithm", w => w.Write("buffer", buffer))]).Hash)
        {
            throw new InvalidOperationException("The loaded buffer is not the saved one.");
        }
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
