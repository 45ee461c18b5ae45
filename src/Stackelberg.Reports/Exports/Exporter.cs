using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>Writes compared runs in the formats of other programs. The formats are described in <c>docs/exports.md</c>.</summary>
public static class Exporter
{
    private static readonly IExportFormat[] All = [new MarlEvalFormat(), new RliableFormat(), new Sb3Format(), new SpinningUpFormat(), new TensorBoardFormat()];

    /// <summary>Names of the formats: <c>marl-eval</c>, <c>rliable</c>, <c>sb3</c>, <c>spinningup</c>, <c>tensorboard</c>.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. All.Select(static f => f.Id)];

    /// <summary>Writes all runs of a comparison.</summary>
    /// <param name="comparison">Of finished runs, whose folders are read again for their tables.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="folder">A new folder, or an empty one. It appears with all files in it, or not at all.</param>
    /// <returns>Paths of the files, in their order.</returns>
    /// <exception cref="ExportException">The format is not known, the folder is in use or cannot be written, a run's table cannot be read, or the format cannot hold these runs.</exception>
    public static IReadOnlyList<string> Write(Comparison comparison, string format, string folder)
    {
        IExportFormat chosen = Array.Find(All, f => f.Id == format) ?? throw new ExportException(
            $"There is no export format '{Quoted.Short(format)}'", string.Join(", ", Formats),
            Suggestions.Nearest(format, Formats) is { } nearest ? $"did you mean '{nearest}'?" : "give one of them with --export");
        if (!comparison.Groups.Any(static g => g.Runs.Count > 0))
        {
            throw new ExportException("There is no run to export", "a comparison of at least one finished run", "train runs to their end first, or give their folder");
        }

        CheckSeeds(comparison);
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        CheckFree(path);
        // beside its place, under a name that is nobody else's
        string partial = Path.Combine(Path.GetDirectoryName(path) ?? path, $".{Path.GetFileName(path)}.{Environment.ProcessId}.new");
        try
        {
            Directory.CreateDirectory(partial);
            chosen.Write(comparison, partial);
            Clear(path);
            Directory.Move(partial, path);
            return [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (RunException e)
        {
            throw new ExportException(e.Message, "the tables of a finished run, as they were written", "put the file back from a copy, or leave the run out");
        }
        // the last is how .NET reports a limit on the size of files
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" })
        {
            throw new ExportException($"'{folder}' cannot be written: {FileFaultText.Of(e)}", "a folder on a disk with space left that you may write", "give another folder with --out");
        }
        finally
        {
            TryClear(partial);
        }
    }

    // most formats tell the runs of a group apart by their seeds
    private static void CheckSeeds(Comparison comparison)
    {
        foreach (RunGroup group in comparison.Groups)
        {
            if (group.Runs.GroupBy(static r => r.Seed).FirstOrDefault(static g => g.Skip(1).Any()) is { } twice)
            {
                throw new ExportException(
                    $"'{group.Label}' on {group.Environment} has several runs of seed {twice.Key}: {string.Join(", ", twice.Select(static r => $"'{r.Directory}'"))}",
                    "runs of different seeds in every group", "leave one of them out, or compare by a key that tells them apart (--by)");
            }
        }
    }

    private static void CheckFree(string path)
    {
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
        {
            throw new ExportException(
                File.Exists(path) ? $"'{path}' is a file" : $"The folder '{path}' is not empty", "a folder that is not there yet, or is empty", "give another folder with --out, or move what is there away");
        }
    }

    private static void Clear(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void TryClear(string path)
    {
        try
        {
            Clear(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what went wrong before is the news
        }
    }
}
