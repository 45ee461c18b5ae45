using System.Diagnostics;
using System.Text.Json;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>
/// Disks without space, without room for another file, and files that may not grow: three lines, nothing half-written, and with space again the undisturbed run's bytes.
/// </summary>
public sealed class FullDisks : FaultKind
{
    private const int Usage = 2;

    /// <inheritdoc/>
    public override string Name => "disks";

    /// <inheritdoc/>
    public override string Title => "full disks (a small tmpfs), no more files, files that may not grow (ulimit -f), in training and in every verb that writes";

    /// <inheritdoc/>
    public override int Length => 300;

    /// <inheritdoc/>
    public override int Patience => 12;

    /// <inheritdoc/>
    public override void Prepare(Attempt shared) => shared.Call("env", "rollout", "CartPole-v1", "--steps", "50", "--out", "t.csv");

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        File.WriteAllText(attempt["weather.json"], Samples.Weather);
        double way = attempt.Random.NextDouble();
        if (way < 0.3)
        {
            return LimitedFiles(attempt);
        }

        bool inodes = attempt.Chance(0.3);
        (string Algorithm, string Environment) member = attempt.Pick(Undisturbed.Members);
        string reference = Undisturbed.Of(attempt, member);
        (long bytes, int files) = Size(reference);
        double share = attempt.Random.NextDouble();
        using SmallDisk? disk = SmallDisk.Mount(attempt["disk"], inodes ? 200 << 20 : (long)(share * 1.2 * bytes) + 4096, inodes ? (int)(share * files) + 2 : 100_000);
        attempt.Tell($"disk of {(inodes ? $"{(int)(share * files) + 2} files" : $"{(long)(share * 1.2 * bytes) + 4096} bytes")}");
        return disk is null ? new Verdict(Outcome.Skipped, "a file system cannot be mounted here: it takes root")
            : way < 0.75 ? Training(attempt, member, disk)
            : Writing(attempt, reference, disk);
    }

    private static Verdict Training(Attempt attempt, (string Algorithm, string Environment) member, SmallDisk disk)
    {
        string[] command = Undisturbed.Command(member);
        Directory.CreateSymbolicLink(attempt["runs"], disk.Path);
        Verdict ended = Ended(Run(attempt, attempt.Folder, $"exec $COMMAND {string.Join(' ', command)}"), disk.Path);
        disk.Grow();
        return ended.IsBroken ? ended : Undisturbed.Complete(attempt, member, attempt.Folder);
    }

    // sizes in blocks of 512 bytes; a signal would be sent for each attempt to go beyond, unless it is ignored
    private static Verdict LimitedFiles(Attempt attempt)
    {
        (string Algorithm, string Environment) member = attempt.Pick(Undisturbed.Members);
        bool ignored = attempt.Chance(0.7);
        // the runtime itself wants a large file in memory, unless told otherwise
        string line = $"export DOTNET_EnableWriteXorExecute=0; {(ignored ? "trap '' XFSZ; " : "")}ulimit -f {attempt.Random.NextInt32(60)}; exec $COMMAND {string.Join(' ', Undisturbed.Command(member))}";
        CallResult call = Run(attempt, attempt.Folder, line);
        const int ExcessOfFile = 128 + 25;
        return call.Code == ExcessOfFile && !ignored ? Undisturbed.Complete(attempt, member, attempt.Folder)
            : Ended(call, attempt.Folder) is { IsBroken: true } broken ? broken
            : Undisturbed.Complete(attempt, member, attempt.Folder);
    }

    private static Verdict Writing(Attempt attempt, string run, SmallDisk disk)
    {
        string target = Path.Combine(disk.Path, attempt.Pick(["o", "deep/o"]));
        string filler = Path.Combine(disk.Path, "filler");
        try
        {
            File.WriteAllBytes(filler, new byte[attempt.Random.NextInt32(1 << 20)]);
        }
        catch (IOException)
        {
            // full, as it should be
        }

        IReadOnlyList<string> before = [.. Directory.GetFileSystemEntries(disk.Path, "*", SearchOption.AllDirectories)];
        string verb = attempt.Pick(
        [
            $"env rollout CartPole-v1 --steps 200 --episodes 50 --out {target}.csv", $"replay {run} --episodes 1 --out {target}.html", $"replay {attempt.Shared}/t.csv --env CartPole-v1 --out {target}.html",
            $"toy all --out {target}.html", $"toy all --out {target}.csv", $"hypergradient export --run {run} --out {target}", $"train --algo ac --env CartPole-v1 --total-timesteps 100 --out {target}",
        ]);
        CallResult call = Run(attempt, attempt.Folder, $"exec $COMMAND {verb}");
        Verdict verdict = Ended(call, disk.Path);
        string? left = call.Code == 0 ? null : Directory.GetFileSystemEntries(disk.Path, "*", SearchOption.AllDirectories).Except(before).FirstOrDefault(e => IsHalfWritten(e, isRun: verb.StartsWith("train", StringComparison.Ordinal)));
        return verdict.IsBroken || left is null ? verdict : new Verdict(Outcome.Debris, Judge.First(call, $"half-written: {Path.GetRelativePath(disk.Path, left)} of {verb}"));
    }

    // a run that stopped keeps what it had, whole; every other verb leaves nothing
    private static bool IsHalfWritten(string path, bool isRun)
    {
        if (!File.Exists(path) || Path.GetFileName(path) == ".lock")
        {
            return false;
        }

        if (!isRun || path.EndsWith(".tmp", StringComparison.Ordinal))
        {
            return true;
        }

        try
        {
            if (path.EndsWith(".json", StringComparison.Ordinal))
            {
                JsonDocument.Parse(File.ReadAllText(path)).Dispose();
            }

            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static CallResult Run(Attempt attempt, string folder, string line)
    {
        attempt.Tell($"$ {line}");
        using Process process = RealProcess.StartShell(folder, line);
        CallResult call = RealProcess.Finish(process, attempt.Limit, [line]);
        attempt.Tell($"exit code {call.Code}\n{call.Output}{call.Error}");
        return call;
    }

    private static Verdict Ended(CallResult call, string folder)
    {
        Verdict verdict = Judge.Of(call, [Usage]);
        return !verdict.IsBroken && Artifacts.Debris(folder) is [var left, ..] ? new Verdict(Outcome.Debris, Judge.First(call, $"left {left}")) : verdict;
    }

    private static (long Bytes, int Files) Size(string run)
    {
        string[] files = Directory.GetFiles(run, "*", SearchOption.AllDirectories);
        // a tmpfs gives out whole pages
        return (files.Sum(f => (new FileInfo(f).Length + 4095) / 4096 * 4096), files.Length);
    }
}
