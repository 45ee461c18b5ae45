using Stackelberg.Agents;
using Stackelberg.Experiments.Internals;
using Stackelberg.Experiments.Exports.Internals;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Exports;

/// <summary>What an export wrote.</summary>
/// <param name="Folder">The folder, absolute.</param>
/// <param name="Files">Names of the files, in the order written.</param>
/// <param name="Checkpoint">The checkpoint it was made from.</param>
/// <param name="Snapshot">The derivative and all it came from.</param>
public sealed record HypergradientExportResult(string Folder, IReadOnlyList<string> Files, string Checkpoint, LeaderGradientSnapshot Snapshot);

/// <summary>
/// Writes one leader gradient of a run, in double precision, with everything needed to compute it again in another program: networks as safetensors,
/// batch and vectors as npz, options as JSON. The files are described in docs/algorithms/export.md.
/// </summary>
public static class HypergradientExport
{
    /// <summary>The name of the options' file, which is written last.</summary>
    public const string OptionsFile = "options.json";

    private static readonly string[] Networks =
        ["actor", "target_actor", "critic", "target_critic", "critic2", "target_critic2", "collecting_critic", "critic_features"];

    /// <summary>All names an export may use.</summary>
    private static readonly string[] FileNames = [.. Networks.Select(TensorFile), "batch.npz", "hypergradient.npz", OptionsFile];

    /// <summary>Files that checkpoints and runs have and exports have not.</summary>
    private static readonly string[] Foreign = ["state.json", "manifest.json", "config.yml"];

    /// <summary>Loads a checkpoint into a learner of double precision, draws a batch or collects a rollout, and writes the leader's gradient there.</summary>
    /// <param name="checkpoint">A folder <c>step-…</c>, or a run's folder, which means its newest checkpoint.</param>
    /// <param name="plan">The run it belongs to, with a factory that makes a learner of double precision whatever the run's own is.</param>
    /// <param name="folder">Where to write; made if missing.</param>
    /// <param name="overwrite">Whether files of an earlier export may be replaced; other files are left alone.</param>
    /// <exception cref="RunException">The checkpoint is missing, damaged or of another run, the folder is in use or cannot be written, the plan makes
    /// another kind of learner, or there is no derivative at the checkpoint.</exception>
    public static HypergradientExportResult Run(string checkpoint, RunPlan plan, string folder, bool overwrite)
    {
        folder = Path.GetFullPath(folder);
        CheckFree(folder, overwrite);
        string resolved = CheckpointEvaluator.Resolve(checkpoint);
        LeaderGradientSnapshot snapshot = PhysicsThread.Run(() => Snapshot(resolved, plan));
        List<(string Name, byte[] Content)> files = [.. snapshot.Networks.Select(n => (TensorFile(n.Name), Bytes(s => Safetensors.Write(s, n.Tensors))))];
        files.Add(("batch.npz", Bytes(s => WriteBatch(s, snapshot))));
        files.Add(("hypergradient.npz", Bytes(s => WriteArrays(s, snapshot.Results))));
        files.Add((OptionsFile, Bytes(s => ExportOptions.Write(s, snapshot, plan, Path.GetFileName(resolved)))));
        Write(folder, files);
        return new HypergradientExportResult(folder, [.. files.Select(f => f.Name)], resolved, snapshot);
    }

    private static string TensorFile(string network) => network + ".safetensors";

    private static LeaderGradientSnapshot Snapshot(string checkpoint, RunPlan plan)
    {
        using IAlgorithm algorithm = CheckpointEvaluator.Open(checkpoint, plan, widen: true);
        if (algorithm is not ILeaderSnapshots learner)
        {
            throw new RunException($"'{plan.Algorithm}' is learned by a {algorithm.GetType().Name}, which keeps no batch that could be exported. Train a method with a leader of this program, such as st-ddpg.");
        }

        try
        {
            return learner.TakeSnapshot();
        }
        catch (InvalidOperationException e)
        {
            throw new RunException($"The checkpoint '{checkpoint}' has no leader's gradient to export. {e.Message}", e);
        }
    }

    private static void CheckFree(string folder, bool overwrite)
    {
        if (File.Exists(folder))
        {
            throw new RunException($"'{folder}' is a file; a folder is needed there. Give another --out.");
        }

        if (!overwrite && Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new RunException($"The folder '{folder}' is not empty. Give another --out, or replace the files of an earlier export with --overwrite.");
        }

        // files of a checkpoint have some of the same names
        if (Foreign.FirstOrDefault(name => File.Exists(Path.Combine(folder, name))) is { } other)
        {
            throw new RunException($"The folder '{folder}' has a {other}, so it belongs to a run and is no earlier export. Give another --out.");
        }
    }

    private static void WriteBatch(Stream stream, LeaderGradientSnapshot snapshot)
    {
        using NumpyArchive archive = new(stream);
        Add(archive, snapshot.Batch);
        foreach ((string name, bool[] values) in snapshot.Flags)
        {
            archive.Add(name, values, values.Length);
        }

        foreach ((string name, long[] values) in snapshot.Indices)
        {
            archive.Add(name, values, values.Length);
        }
    }

    private static void WriteArrays(Stream stream, IReadOnlyList<NamedArray> arrays)
    {
        using NumpyArchive archive = new(stream);
        Add(archive, arrays);
    }

    private static void Add(NumpyArchive archive, IReadOnlyList<NamedArray> arrays)
    {
        foreach (NamedArray array in arrays)
        {
            archive.Add(array.Name, array.Values, [.. array.Shape]);
        }
    }

    private static byte[] Bytes(Action<Stream> write)
    {
        using var buffer = new MemoryStream();
        write(buffer);
        return buffer.ToArray();
    }

    private static void Write(string folder, List<(string Name, byte[] Content)> files)
    {
        try
        {
            Directory.CreateDirectory(folder);
            // an earlier export may have had networks that this one has not; without options it no longer counts as one
            foreach (string name in FileNames.Reverse())
            {
                File.Delete(Path.Combine(folder, name));
            }

            foreach ((string name, byte[] content) in files)
            {
                WholeFile.Write(Path.Combine(folder, name), content);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"The export '{folder}' cannot be written: {FileFaultText.Of(e, folder)}. Give another --out.", e);
        }
    }
}
