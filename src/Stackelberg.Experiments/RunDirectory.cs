using System.Globalization;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Internals;
using Stackelberg.Experiments.Runs;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments;

/// <summary>Where runs lie: <c>&lt;out&gt;/&lt;env&gt;/&lt;algo&gt;/seed-&lt;n&gt;/</c>.</summary>
public static class RunDirectory
{
    /// <summary>The folder of one seed.</summary>
    public static string PathFor(string root, string environment, string algorithm, ulong seed) =>
        Path.Combine(root, environment, algorithm, string.Create(CultureInfo.InvariantCulture, $"seed-{seed}"));

    /// <summary>The runs at <paramref name="path"/> or anywhere below it, ordered by folder, seeds by number.</summary>
    /// <exception cref="RunException">There is none, or one of them cannot be read.</exception>
    public static IReadOnlyList<RunInfo> Find(string path)
    {
        RunSearch search = Search(path);
        return search.Faults.Count == 0 ? search.Runs : throw search.Faults[0];
    }

    /// <summary>The runs at <paramref name="path"/> or anywhere below it, and what of them cannot be read. A run that several links lead to counts once.</summary>
    /// <exception cref="RunException">There is neither.</exception>
    public static RunSearch Search(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new RunException(File.Exists(path) ? $"'{path}' is a file; the folder of a run, or one that holds runs, is needed." : $"There is no folder '{path}'.");
        }

        var runs = new List<RunInfo>();
        var faults = new List<RunException>();
        foreach (string folder in Collect(Path.GetFullPath(path), [], faults))
        {
            try
            {
                runs.Add(Read(folder));
            }
            catch (RunException e)
            {
                faults.Add(e);
            }
        }

        return runs.Count + faults.Count > 0
            ? new RunSearch([.. runs.OrderBy(r => Path.GetDirectoryName(r.Directory), StringComparer.Ordinal).ThenBy(r => r.Seed)], faults)
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
            string text = File.ReadAllText(configuration);
            return new RunInfo
            {
                Directory = path,
                Environment = manifest.Environment,
                Algorithm = manifest.Algorithm,
                Seed = manifest.Seed,
                ConfigurationText = text,
                Settings = manifest.Configuration,
                EnvironmentSha256 = manifest.EnvironmentFile?.Sha256,
                ConfigurationChange = manifest.DescribeChange(text) ?? manifest.DescribeDisagreement(configuration),
                Started = manifest.Started,
                Version = manifest.Commit is { Length: >= 7 } commit ? $"{manifest.Version}+{commit[..7]}" : manifest.Version,
                Machine = manifest.Machine.ToText(),
                Result = ReadResult(path) is { } result ? result with { Seed = manifest.Seed } : null,
                Checkpoints = CheckpointStore.List(RunFolder.CheckpointsOf(path)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string file = e is FileNotFoundException { FileName: { } missing } ? $", '{Path.GetFileName(missing)}'" : "";
            throw new RunException($"The run '{path}' cannot be read: {FileFaultText.Of(e)}{file}.", e);
        }
    }

    /// <summary>The outcome of a finished run, or null when it is not finished.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="note">Receives what is wrong with files that only inform.</param>
    /// <exception cref="RunException">The outcome was altered.</exception>
    internal static RunResult? ReadResult(string path, Action<string>? note = null) => ResultRecord.Read(path) is { } record
        ? new RunResult
        {
            Seed = 0,
            Directory = path,
            Status = RunStatus.Finished,
            Steps = record.Steps,
            Iterations = record.Iterations,
            Episodes = record.Episodes,
            FinalEvaluation = record.FinalEvaluation.ToResult(),
            Times = TimingRecord.Read(path, note),
            Checkpoint = record.Checkpoint,
            CheckpointHash = record.CheckpointHash,
        }
        : null;

    // Real paths are remembered, so that links that lead around in circles, or to the same run twice, end.
    private static IEnumerable<string> Collect(string path, HashSet<string> seen, List<RunException> faults)
    {
        if (!seen.Add(RealPath.Of(path)))
        {
            return [];
        }

        if (RunFolder.IsRun(path))
        {
            return [path];
        }

        if (RunFolder.HasLostItsManifest(path))
        {
            faults.Add(new RunException($"The run '{path}' has lost its {RunManifest.FileName}. Put it back from a copy."));
            return [];
        }

        try
        {
            // names that begin with a dot are runs in the making, or not ours
            return [.. Directory.GetDirectories(path).Where(p => !Path.GetFileName(p).StartsWith('.')).SelectMany(p => Collect(p, seen, faults))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new RunException($"The folder '{path}' cannot be looked into: {FileFaultText.Of(e)}.", e));
            return [];
        }
    }
}

/// <summary>What a search for runs found.</summary>
/// <param name="Runs">Ordered by folder, seeds by number.</param>
/// <param name="Faults">Of folders and runs that cannot be read; they do not keep the others from being used.</param>
public sealed record RunSearch(IReadOnlyList<RunInfo> Runs, IReadOnlyList<RunException> Faults);
