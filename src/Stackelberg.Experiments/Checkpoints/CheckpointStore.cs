using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>
/// The folder <c>checkpoints</c> of a run. A checkpoint is written beside its place and renamed into it when all of it is on the disk; it is
/// renamed away before it is deleted. So a folder called <c>step-…</c> is whole, whenever the process ends.
/// </summary>
internal sealed class CheckpointStore(string folder, Storage storage)
{
    private const string Prefix = "step-";
    private const string LeftoverPrefix = ".";

    // the newest one that this process wrote, or compared with its hashes
    private string? sound;

    /// <summary>The path of the checkpoint at a step.</summary>
    public string PathOf(long step) => Path.Combine(folder, Prefix + step.ToString("D12", CultureInfo.InvariantCulture));

    /// <summary>Folders of all checkpoints, oldest first.</summary>
    public static IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder, Prefix + "*").Where(p => StepOf(p) is not null).OrderBy(p => StepOf(p))]
        : [];

    /// <summary>Writes a checkpoint, in the place of one that exists for the same step.</summary>
    /// <param name="sections">Names and what writes them. Files are named after the keys; those of all sections but the last begin with the
    /// section's name.</param>
    public CheckpointInfo Save(long step, IReadOnlyList<(string Name, Action<StateWriter> Write)> sections)
    {
        string place = PathOf(step);
        string temporary = Path.Combine(folder, LeftoverPrefix + Path.GetFileName(place) + ".new");
        try
        {
            Directory.CreateDirectory(folder);
            storage.Delete(temporary);
            storage.CreateDirectory(temporary);
            string hash = Write(temporary, step, sections);
            storage.FlushDirectory(temporary);
            string old = Path.Combine(folder, LeftoverPrefix + Path.GetFileName(place) + ".old");
            if (Directory.Exists(place))
            {
                storage.Delete(old);
                storage.Move(place, old);
            }

            storage.Move(temporary, place);
            storage.FlushDirectory(folder);
            storage.Delete(old);
            sound = place;
            return new CheckpointInfo(step, place, hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryCleanLeftovers();
            throw new CheckpointException($"The checkpoint '{place}' cannot be written: {FileFaultText.Of(e, place)}. Make room or mend the folder, then resume the run.", e);
        }
    }

    /// <summary>Removes what a killed process left half written or half deleted.</summary>
    public void CleanLeftovers()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string leftover in Directory.GetDirectories(folder, LeftoverPrefix + Prefix + "*"))
        {
            // set aside to make way, and the process ended before the new one took its place
            string place = Path.Combine(folder, Path.GetFileNameWithoutExtension(leftover)[LeftoverPrefix.Length..]);
            if (leftover.EndsWith(".old", StringComparison.Ordinal) && !Directory.Exists(place))
            {
                storage.Move(leftover, place);
            }
            else
            {
                storage.Delete(leftover);
            }
        }
    }

    /// <summary>The newest checkpoint that is sound, or null when none was ever written.</summary>
    /// <param name="notices">Receives a line for every newer one that was passed over.</param>
    /// <param name="verify">Throws a <see cref="CheckpointException"/> for one that is whole but of another run.</param>
    /// <exception cref="CheckpointException">There are checkpoints, and all are damaged.</exception>
    public Checkpoint? OpenNewest(ICollection<string> notices, Action<Checkpoint>? verify = null)
    {
        CleanLeftovers();
        IReadOnlyList<string> paths = List(folder);
        var faults = Strangers().ToList();
        for (int i = paths.Count - 1; i >= 0; i--)
        {
            try
            {
                var checkpoint = Checkpoint.Open(paths[i]);
                verify?.Invoke(checkpoint);
                foreach (string fault in faults)
                {
                    notices.Add($"{fault} It was passed over; the run goes on from '{Path.GetFileName(paths[i])}'.");
                }

                sound = paths[i];
                return checkpoint;
            }
            catch (CheckpointException e)
            {
                if (!faults.Contains(e.Message))
                {
                    faults.Add(e.Message);
                }
            }
        }

        return faults.Count == 0
            ? null
            : throw new CheckpointException(
                $"No checkpoint in '{folder}' is sound: {string.Join(" ", faults)} Restore one from a copy, or train the run again from step 0 with 'resume --from-scratch'.");
    }

    /// <summary>
    /// Deletes all but the newest <paramref name="keep"/> checkpoints, the one at <paramref name="best"/> and the one this process wrote last; 0 keeps all.
    /// </summary>
    public void Prune(int keep, long best)
    {
        IReadOnlyList<string> paths = List(folder);
        for (int i = 0; keep > 0 && i < paths.Count - keep; i++)
        {
            // folders that lie about their step sort after the one just written, which must not go for them
            if (StepOf(paths[i]) != best && paths[i] != sound)
            {
                string aside = Path.Combine(folder, LeftoverPrefix + Path.GetFileName(paths[i]) + ".new");
                storage.Delete(aside);
                storage.Move(paths[i], aside);
                storage.Delete(aside);
            }
        }
    }

    /// <summary>Deletes all checkpoints, for a run that starts again.</summary>
    public void Clear() => storage.Delete(folder);

    /// <summary>Sentences on folders that are no checkpoint by their name, or one of another step, and no leftover of one.</summary>
    public IEnumerable<string> Strangers() => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateDirectories(folder)
            .Where(p => !Path.GetFileName(p).StartsWith(LeftoverPrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Complaint).OfType<string>();

    private static string? Complaint(string path)
    {
        if (StepOf(path) is not { } named)
        {
            return $"The folder '{path}' is no checkpoint: those are called {Prefix} and the step in 12 digits.";
        }

        try
        {
            long step = StateFile.Read(path).Root.GetProperty("step").GetInt64();
            return step == named ? null : $"The checkpoint '{path}' is of step {step}, which its name denies.";
        }
        catch (CheckpointException)
        {
            // what is damaged is told by whoever opens it
            return null;
        }
    }

    private void TryCleanLeftovers()
    {
        try
        {
            CleanLeftovers();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the fault that led here is the one to report; what cannot be removed now is removed by the next resumption
        }
    }

    private string Write(string temporary, long step, IReadOnlyList<(string Name, Action<StateWriter> Write)> sections)
    {
        using var files = new CheckpointFiles(temporary, storage, sound is null ? null : EarlierFiles.Of(sound));
        var content = new CheckpointContent(files);
        var writers = new List<(string Name, CheckpointStateWriter Section)>();
        for (int i = 0; i < sections.Count; i++)
        {
            var writer = new CheckpointStateWriter(content, i == sections.Count - 1 ? [] : [sections[i].Name]);
            sections[i].Write(writer);
            writers.Add((sections[i].Name, writer));
        }

        foreach ((string file, List<NamedTensor> tensors) in content.Tensors)
        {
            files.WriteTensors(file, tensors);
        }

        (byte[] state, string hash) = StateFile.Compose(step, writers, files.Records);
        files.WriteUnlisted(StateFile.Name, state);
        files.Flush();
        return hash;
    }

    internal static long? StepOf(string path)
    {
        string name = Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length >= Prefix.Length + 12 && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            ? step
            : null;
    }
}
