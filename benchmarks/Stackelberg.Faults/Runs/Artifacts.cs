using System.Text.Json;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>What a finished run leaves that is a function of configuration, seed and program alone: tables, result, last checkpoint.</summary>
internal static class Artifacts
{
    /// <summary>The names of what is missing or not the reference's to the byte.</summary>
    public static IReadOnlyList<string> Differences(string reference, string run)
    {
        List<string> names = ["result.json", .. Directory.GetFiles(reference, "*.csv").Select(Path.GetFileName).OfType<string>()];
        string last = LastCheckpoint(reference);
        names.AddRange(Directory.GetFiles(last).Select(f => Path.GetRelativePath(reference, f)));
        return [.. names.Where(n => !Same(Path.Combine(reference, n), Path.Combine(run, n))).Order(StringComparer.Ordinal)];
    }

    /// <summary>The folder of the newest checkpoint.</summary>
    public static string LastCheckpoint(string run) => Checkpoints(run)[^1];

    /// <summary>The folders of all checkpoints, oldest first.</summary>
    public static IReadOnlyList<string> Checkpoints(string run) =>
        Directory.Exists(Path.Combine(run, "checkpoints")) ? [.. Directory.GetDirectories(Path.Combine(run, "checkpoints"), "step-*").Order(StringComparer.Ordinal)] : [];

    /// <summary>Files and folders in the making, which nothing that has ended leaves behind; links are not followed.</summary>
    public static IReadOnlyList<string> Debris(string folder)
    {
        List<string> found = [];
        Collect(new DirectoryInfo(folder), found);
        return found;
    }

    /// <summary>What <c>resume --json</c> and <c>eval --json</c> say of results, without times and folders; null where there is no such object.</summary>
    public static string? Results(string output)
    {
        string line = output.TrimEnd('\n').Split('\n')[^1];
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return string.Join('\n', document.RootElement.GetProperty("runs").EnumerateArray().Select(run => string.Join(' ', run.EnumerateObject()
                .Where(p => !p.Name.EndsWith("_seconds", StringComparison.Ordinal) && p.Name != "directory").Select(p => $"{p.Name}={p.Value.GetRawText()}"))));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The lines that tell the user of something unusual.</summary>
    public static IReadOnlyList<string> Notes(CallResult call) =>
        [.. (call.Output + "\n" + call.Error).Split('\n').Where(l => l.Contains("note:", StringComparison.Ordinal) || l.Contains("warning:", StringComparison.Ordinal))];

    private static bool Same(string one, string other) => File.Exists(other) && File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static void Collect(DirectoryInfo folder, List<string> found)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if ((entry.Name.StartsWith('.') && entry.Name != ".lock") || entry.Name.Contains(".tmp", StringComparison.Ordinal))
            {
                found.Add(entry.Name);
            }
            else if (entry is DirectoryInfo below && entry.LinkTarget is null)
            {
                Collect(below, found);
            }
        }
    }
}
