using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Cli.Verbs;

/// <summary>Replay pages that lie in the folders of runs, under the name <c>replay.html</c>.</summary>
internal static class ReplayLinks
{
    /// <summary>Where the replay of a run lies.</summary>
    public static string PlaceOf(string run) => Path.Combine(run, "replay.html");

    /// <summary>Addresses, seen from a page, of the replays there are, by run.</summary>
    public static Dictionary<string, string> Existing(Comparison comparison, string page) =>
        comparison.Groups.SelectMany(g => g.Runs).Select(r => r.Directory).Distinct().Where(d => File.Exists(PlaceOf(d))).ToDictionary(d => d, d => Address(PlaceOf(d), page), StringComparer.Ordinal);

    /// <summary>Address of a file as seen from a page.</summary>
    public static string Address(string file, string page) =>
        string.Join('/', Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(page))!, Path.GetFullPath(file)).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
}
