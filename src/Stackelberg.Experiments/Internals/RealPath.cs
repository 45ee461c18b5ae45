namespace Stackelberg.Experiments.Internals;

/// <summary>Paths without links.</summary>
internal static class RealPath
{
    /// <summary>The one path that all links to a folder lead to; the path itself where a link leads nowhere.</summary>
    public static string Of(string path)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        try
        {
            string below = Path.Combine(Of(parent), Path.GetFileName(path));
            // links that lead through other links: their target is made real in turn
            return new DirectoryInfo(below).ResolveLinkTarget(returnFinalTarget: true) is { } target ? Of(target.FullName) : below;
        }
        catch (IOException)
        {
            return path;
        }
    }
}
