namespace Stackelberg.Reports.Pages;

/// <summary>Where a page leads to.</summary>
public sealed record PageLinks
{
    /// <summary>Address of the replay page of a run, by <see cref="Comparisons.ComparedRun.Directory"/>; relative ones are seen from the page.</summary>
    public IReadOnlyDictionary<string, string> Replays { get; init; } = new Dictionary<string, string>();

    /// <summary>Folder the page will lie in, from which folders of runs are linked; null: they are named and not linked. Writing a page fills it in.</summary>
    public string? PageFolder { get; init; }

    /// <summary>The same links for a page at a path, unless a folder was given.</summary>
    internal PageLinks From(string path) => PageFolder is not null || string.IsNullOrEmpty(path) ? this : this with { PageFolder = Path.GetDirectoryName(Path.GetFullPath(path)) };

    /// <summary>Address of a run's folder, or null.</summary>
    internal string? Folder(string directory)
    {
        if (PageFolder is null)
        {
            return null;
        }

        string relative = Path.GetRelativePath(PageFolder, directory);
        // another drive has no relative path, and a URI of its own
        return Path.IsPathRooted(relative)
            ? new Uri(relative).AbsoluteUri
            : string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString)) + "/";
    }

    /// <summary>Address of a run's replay page, or null.</summary>
    internal string? Replay(string directory) => Replays.GetValueOrDefault(directory);
}
