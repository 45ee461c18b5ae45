namespace Stackelberg.Faults.Framework;

/// <summary>Folders that may hold anything, links in circles too.</summary>
internal static class Folders
{
    /// <summary>Removes a folder with all in it; links are removed, not followed.</summary>
    public static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Copies a folder; links are copied as links.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileSystemInfo entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            string place = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } target)
            {
                File.CreateSymbolicLink(place, target);
            }
            else if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, place);
            }
            else
            {
                File.Copy(entry.FullName, place);
            }
        }
    }
}
