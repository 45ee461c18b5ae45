using System.Text;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Runs;

/// <summary>A run's folder, held by this process: nobody else writes it until it is disposed.</summary>
internal sealed class RunFolder : IDisposable
{
    private readonly RunLock? hold;

    private RunFolder(string path, RunLock? hold, RunManifest manifest)
    {
        Path = path;
        this.hold = hold;
        Manifest = manifest;
        Checkpoints = new CheckpointStore(CheckpointsOf(path), Storage.Default);
    }

    public string Path { get; }

    public RunManifest Manifest { get; private set; }

    /// <summary>Whether the run was there before.</summary>
    public bool IsResumed { get; private init; }

    public CheckpointStore Checkpoints { get; }

    public static string CheckpointsOf(string run) => System.IO.Path.Combine(run, "checkpoints");

    public static string ConfigurationOf(string run) => System.IO.Path.Combine(run, "config.yml");

    /// <summary>Whether the folder holds a run.</summary>
    public static bool IsRun(string path) => File.Exists(System.IO.Path.Combine(path, RunManifest.FileName));

    /// <summary>Whether the folder holds what runs hold, but no manifest.</summary>
    public static bool HasLostItsManifest(string path) => !IsRun(path) && File.Exists(ConfigurationOf(path))
        && (Directory.Exists(CheckpointsOf(path)) || File.Exists(System.IO.Path.Combine(path, "progress.csv")));

    /// <summary>Refuses a folder that <see cref="Create"/> would refuse.</summary>
    public static void CheckFree(string path, bool overwrite)
    {
        if (File.Exists(path))
        {
            throw new RunException($"'{path}' is a file; a folder is needed there. Give another --out.");
        }

        if (!Directory.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
        {
            return;
        }

        if (!IsRun(path))
        {
            throw new RunException($"The folder '{path}' holds files, but no run. Give another --out, or move the files away.");
        }

        if (!overwrite)
        {
            throw new RunException(
                $"The folder '{path}' holds a run already. Go on with it by 'stackelberg resume {ShellText.Path(path)}', give another --out, or replace it with --overwrite.");
        }

        // before any folder is replaced: one run that is being written must not cost the others of the command
        RunLock.Take(path).Dispose();
    }

    /// <summary>
    /// Makes the folder of a new run: prepared beside its place and renamed into it, so that it has its manifest and configuration from the first
    /// moment.
    /// </summary>
    /// <exception cref="RunException">The place is taken, or cannot be written.</exception>
    public static RunFolder Create(RunPlan plan, bool overwrite)
    {
        string path = System.IO.Path.GetFullPath(plan.Directory);
        CheckFree(path, overwrite);
        string parent = System.IO.Path.GetDirectoryName(path)!;
        string name = System.IO.Path.GetFileName(path);
        string temporary = System.IO.Path.Combine(parent, $".{name}.new");
        string old = System.IO.Path.Combine(parent, $".{name}.old");
        try
        {
            Directory.CreateDirectory(temporary);
            RunLock hold = TakeNew(temporary);
            try
            {
                // once more, now that nobody else can be making this folder
                CheckFree(path, overwrite);
                var manifest = RunManifest.Of(plan);
                Storage.Default.Replace(ConfigurationOf(temporary), Encoding.UTF8.GetBytes(plan.ConfigurationText));
                WriteEnvironment(temporary, plan, manifest);
                Storage.Default.Replace(System.IO.Path.Combine(temporary, RunManifest.FileName), Json.Write(manifest));
                Storage.Default.Delete(old);
                SetAside(path, old);
                Directory.Move(temporary, path);
                hold.MovedTo(path);
                Storage.Default.FlushDirectory(parent);
                Storage.Default.Delete(old);
                return new RunFolder(path, hold, manifest);
            }
            catch
            {
                hold.Dispose();
                Storage.Default.Delete(temporary);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run folder '{path}' cannot be made: {FileFaultText.Of(e, path)}. Give a folder that can be written with --out.", e);
        }
    }

    /// <summary>Takes an existing run to go on with it.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="isWritten">Whether the folder will be written: one that is only looked at, perhaps on a disk that cannot be written, needs no lock.</param>
    /// <exception cref="RunException">There is no run, it belongs to another plan, or another process writes it.</exception>
    public static RunFolder Open(RunPlan plan, bool isWritten = true)
    {
        string path = System.IO.Path.GetFullPath(plan.Directory);
        RunManifest manifest = ReadManifest(path);
        if ((manifest.Environment, manifest.Algorithm, manifest.Seed) != (plan.Environment, plan.Algorithm, plan.Seed))
        {
            throw new RunException(
                $"The run '{path}' is of {manifest.Algorithm} on {manifest.Environment} with seed {manifest.Seed}; it cannot go on as {plan.Algorithm} on {plan.Environment} with seed {plan.Seed}.");
        }

        if (manifest.EnvironmentFile?.Sha256 != plan.EnvironmentFile?.Sha256)
        {
            throw new RunException($"The run '{path}' was not started on the environment of the file '{plan.EnvironmentFile?.SourcePath}'. Resume it with its own copy.");
        }

        return new RunFolder(path, isWritten ? RunLock.Take(path) : null, manifest) { IsResumed = true };
    }

    /// <summary>What the run says of itself.</summary>
    /// <exception cref="RunException">The folder holds no run, or one this version cannot read.</exception>
    public static RunManifest ReadManifest(string path)
    {
        RunManifest manifest = Json.Read<RunManifest>(System.IO.Path.Combine(path, RunManifest.FileName))
            ?? throw new RunException($"The folder '{path}' holds no run: it has no {RunManifest.FileName}.");
        return manifest.Format == RunManifest.CurrentFormat
            ? manifest
            : throw new RunException($"The run '{path}' has the format '{manifest.Format}'; this version reads '{RunManifest.CurrentFormat}'.");
    }

    /// <summary>What was changed in <c>config.yml</c> since the run was trained last; null where nothing was.</summary>
    public string? DescribeChange(RunPlan plan) => Manifest.DescribeChange(File.ReadAllText(ConfigurationOf(Path)), plan.Settings);

    /// <summary>Notes in the manifest that there are checkpoints from now on, so that their loss is noticed.</summary>
    public void NoteCheckpoint()
    {
        if (Manifest.Checkpointed is not true)
        {
            Manifest = Manifest with { Checkpointed = true };
            Write(RunManifest.FileName, Manifest);
        }
    }

    /// <summary>Whether the run had checkpoints; those of earlier versions are known by the times noted with each.</summary>
    public bool HadCheckpoints => Manifest.Checkpointed ?? File.Exists(FileOf(TimingRecord.FileName));

    /// <summary>Forgets all that was trained.</summary>
    public void StartOver()
    {
        Checkpoints.Clear();
        File.Delete(FileOf(TimingRecord.FileName));
        Manifest = Manifest with { Checkpointed = false };
        Write(RunManifest.FileName, Manifest);
    }

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    public void Write<TRecord>(string name, TRecord record) => Storage.Default.Replace(FileOf(name), Json.Write(record));

    /// <summary>Whether the plan asks for another total than the run had.</summary>
    public bool IsRetargeted(RunPlan plan) => IsResumed && Manifest.TotalTimesteps != plan.Options.TotalTimesteps;

    /// <summary>Makes the plan's total the run's own, so that whoever resumes it next aims there too.</summary>
    /// <remarks>
    /// The configuration comes first, since it alone decides. A process that ends before the manifest has the change leaves a run that aims at the new total and
    /// whose next resumption notes the change. A result is of the old total and goes last: with the new total it counts for nothing.
    /// </remarks>
    public void NoteTotal(RunPlan plan)
    {
        Manifest = Manifest.WithTotal(plan);
        Storage.Default.Replace(ConfigurationOf(Path), Encoding.UTF8.GetBytes(plan.ConfigurationText));
        Write(RunManifest.FileName, Manifest);
        File.Delete(FileOf(ResultRecord.FileName));
    }

    /// <summary>Notes in the manifest that the run goes on, and takes over the plan's configuration.</summary>
    public void NoteResumption(RunPlan plan, long step)
    {
        Manifest = Manifest.WithResumption(plan, step);
        Storage.Default.Replace(ConfigurationOf(Path), Encoding.UTF8.GetBytes(plan.ConfigurationText));
        Write(RunManifest.FileName, Manifest);
        File.Delete(FileOf(ResultRecord.FileName));
        File.Delete(FileOf(FailureRecord.FileName));
    }

    /// <summary>Gives the folder back, and takes away what <see cref="Create"/> has just made, since nothing will be trained in it.</summary>
    public void Abandon()
    {
        Dispose();
        if (!IsResumed)
        {
            Storage.Default.Delete(Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => hold?.Dispose();

    // a folder that cannot be locked for want of space is of no use to anybody
    private static RunLock TakeNew(string folder)
    {
        try
        {
            return RunLock.Take(folder);
        }
        catch (RunException e) when (SystemFault.Of(e) is not null)
        {
            Storage.Default.Delete(folder);
            throw;
        }
    }

    private static void WriteEnvironment(string folder, RunPlan plan, RunManifest manifest)
    {
        if (manifest.EnvironmentFile is { } copy)
        {
            string path = System.IO.Path.Combine(folder, copy.File);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            Storage.Default.Replace(path, plan.EnvironmentFile!.Content.Span);
        }
    }

    private static void SetAside(string path, string old)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        if (IsRun(path))
        {
            // a living holder refuses; the lock goes away with the old run
            RunLock.Take(path);
            Directory.Move(path, old);
        }
        else
        {
            Directory.Delete(path);
        }
    }
}
