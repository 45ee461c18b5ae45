using System.Globalization;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Runs;

namespace Stackelberg.Experiments;

/// <summary>Where runs lie: <c>&lt;out&gt;/&lt;env&gt;/&lt;algo&gt;/seed-&lt;n&gt;/</c>.</summary>
public static class RunDirectory
{
    /// <summary>The folder of one seed.</summary>
    public static string PathFor(string root, string environment, string algorithm, ulong seed) =>
        Path.Combine(root, environment, algorithm, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>The runs at <paramref name="path"/> or anywhere below it, ordered by folder, seeds by number.</summary>
    /// <exception cref="RunException">There is none.</exception>
    public static IReadOnlyList<RunInfo> Find(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new RunException($"There is no folder '{path}'.");
        }

        var found = new List<string>();
        Collect(Path.GetFullPath(path), found);
        return found.Count > 0
            ? [.. found.Select(Read).OrderBy(r => Path.GetDirectoryName(r.Directory), StringComparer.Ordinal).ThenBy(r => r.Seed)]
            : throw new RunException($"There is no run in '{path}' or below it: no folder there has a {RunManifest.FileName}.");
    }

    /// <summary>What the folder <paramref name="path"/> says of its run.</summary>
    /// <exception cref="RunException">The folder holds no run, or its manifest cannot be read.</exception>
    public static RunInfo Read(string path)
    {
        path = Path.GetFullPath(path);
        RunManifest manifest = RunFolder.ReadManifest(path);
        string configuration = RunFolder.ConfigurationOf(path);
        try
        {
            manifest.EnvironmentFile?.Verify(path);
            return new RunInfo
            {
                Directory = path,
                Environment = manifest.Environment,
                Algorithm = manifest.Algorithm,
                Seed = manifest.Seed,
                ConfigurationText = File.ReadAllText(configuration),
                Result = ReadResult(path) is { } result ? result with { Seed = manifest.Seed } : null,
                Checkpoints = CheckpointStore.List(RunFolder.CheckpointsOf(path)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The run '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The outcome of a finished run, or null when it is not finished.</summary>
    internal static RunResult? ReadResult(string path) => Json.Read<ResultRecord>(Path.Combine(path, ResultRecord.FileName)) is { } record
        ? new RunResult
        {
            Seed = 0,
            Directory = path,
            Status = RunStatus.Finished,
            Steps = record.Steps,
            Iterations = record.Iterations,
            Episodes = record.Episodes,
            FinalEvaluation = record.FinalEvaluation.ToResult(),
            Times = Json.Read<TimingRecord>(Path.Combine(path, TimingRecord.FileName))?.ToTimes() ?? default,
            CheckpointHash = record.CheckpointHash,
        }
        : null;

    private static void Collect(string path, List<string> found)
    {
        if (RunFolder.IsRun(path))
        {
            found.Add(path);
            return;
        }

        foreach (string below in Directory.EnumerateDirectories(path))
        {
            // names that begin with a dot are runs in the making, or not ours
            if (!Path.GetFileName(below).StartsWith('.'))
            {
                Collect(below, found);
            }
        }
    }
}
