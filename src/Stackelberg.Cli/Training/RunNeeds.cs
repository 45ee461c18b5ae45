using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Agents.Replay;
using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Training;

/// <summary>What the runs of a command need together: memory for those that train at the same time, disk for the checkpoints of all.</summary>
/// <param name="Runs">How many there are.</param>
/// <param name="AtOnce">How many train at the same time.</param>
/// <param name="MemoryEach">Bytes of a run's replay buffer and parameters at the end: the least it needs.</param>
/// <param name="DiskEach">Bytes of the checkpoints a run keeps, about.</param>
/// <param name="MachineMemory">Bytes the machine, or the container, has.</param>
/// <param name="FreeDisk">Bytes free where the runs go; null where that cannot be told.</param>
internal sealed record RunNeeds(int Runs, int AtOnce, long MemoryEach, long DiskEach, long MachineMemory, long? FreeDisk)
{
    // value, gradient, two moments, target, and the solution of a leader's system; a checkpoint holds them too
    private const int Copies = 6;

    // checkpoints share the parts of a buffer that have not changed since the last
    private const long PartBytes = 1 << 24;

    public long Memory => AtOnce * MemoryEach;

    public long Disk => Runs * DiskEach;

    public static RunNeeds Of(ResolvedConfiguration configuration, IAlgorithm algorithm, EnvironmentSpec environment)
    {
        RunSettings run = configuration.Run;
        int threads = run.Threads > 0 ? run.Threads : Environment.ProcessorCount;
        long parameters = algorithm.Networks.Sum(n => (long)n.Parameters) * (configuration.Values.Any(v => v.Key == "precision" && v.Text == "double") ? sizeof(double) : sizeof(float));
        // memory is touched as the buffer fills
        ReplayMemory? filled = algorithm.ReplayMemory is { } full ? full with { Transitions = (int)Math.Min(full.Transitions, run.TotalTimesteps) } : null;
        long buffer = filled is null ? 0 : filled.TransitionBytes + EndBytes(filled, environment);
        long between = Math.Min(run.CheckpointEvery, filled?.Transitions ?? 0) * (filled?.BytesPerTransition ?? 0);
        long changed = Math.Min(buffer, between + (2 * PartBytes));
        long further = Kept(run) - 1;
        return new RunNeeds(
            run.Seeds.Length, Math.Min(threads, run.Seeds.Length), buffer + (Copies * parameters),
            buffer + (Copies * parameters) + (further * (changed + (Copies * parameters))), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, FreeBytes(run.Out));
    }

    /// <summary>Bytes of a buffer's episode ends, where a time limit says how many there are at least.</summary>
    public static long EndBytes(ReplayMemory memory, EnvironmentSpec environment) => environment.MaxEpisodeSteps is { } steps ? memory.EndBytes(steps) : 0;

    /// <summary>A number of bytes with its unit.</summary>
    public static string Size(long bytes) => bytes >= 10_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0##} MB");

    /// <summary>What does not fit, one sentence each.</summary>
    /// <param name="hasBuffer">Whether the algorithm has a replay buffer whose size can be lowered.</param>
    public IEnumerable<string> Warnings(string folder, bool hasBuffer)
    {
        string smaller = hasBuffer ? "lower buffer_size" : "make the networks smaller";
        if (Memory > MachineMemory)
        {
            string fewer = AtOnce > 1 ? ", or train fewer runs at a time with --threads" : "";
            yield return $"{Times(AtOnce)} at a time need {Size(Memory)} of memory at least, and this machine has {Size(MachineMemory)}: {smaller}{fewer}";
        }

        if (Disk > FreeDisk)
        {
            yield return $"the checkpoints of {Times(Runs)} need about {Size(Disk)}, and {Size(FreeDisk.Value)} are free at {ShellText.Path(folder)}: {smaller} or --keep-checkpoints, or give another --out";
        }
    }

    public override string ToString() =>
        $"memory: {Size(Memory)} at least ({Times(AtOnce)} at a time, {Size(MemoryEach)} each); this machine has {Size(MachineMemory)}\n" +
        $"disk: about {Size(Disk)} for the checkpoints of {Times(Runs)}{(FreeDisk is { } free ? $"; {Size(free)} are free there" : "")}";

    private static string Times(int runs) => runs == 1 ? "1 run" : $"{runs} runs";

    // the newest, the best, and the one that is being written
    private static long Kept(RunSettings run)
    {
        long written = run.CheckpointEvery == 0 ? 1 : ((run.TotalTimesteps - 1) / run.CheckpointEvery) + 1;
        return run.KeepCheckpoints == 0 ? written : Math.Min(written, run.KeepCheckpoints + 2L);
    }

    private static long? FreeBytes(string folder)
    {
        try
        {
            string? place = Path.GetFullPath(folder);
            while (place is not null && !Directory.Exists(place))
            {
                place = Path.GetDirectoryName(place);
            }

            return place is null ? null : new DriveInfo(place).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
