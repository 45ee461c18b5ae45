using System.Globalization;
using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Runs;

/// <summary>A file system in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null where this is not permitted.</summary>
    /// <param name="inodes">How many files and folders it takes.</param>
    public static SmallDisk? Mount(string path, long bytes, int inodes)
    {
        Directory.CreateDirectory(path);
        return Shell("mount", "-t", "tmpfs", "-o", $"size={Text(bytes)},nr_inodes={Text(inodes)}", "tmpfs", path) ? new SmallDisk(path) : null;
    }

    /// <summary>Makes room.</summary>
    public void Grow() => Shell("mount", "-o", "remount,size=200m,nr_inodes=100000", Path);

    /// <inheritdoc/>
    public void Dispose() => Shell("umount", "-l", Path);

    private static bool Shell(string program, params string[] arguments)
    {
        using System.Diagnostics.Process process = RealProcess.StartProgram(program, "/", arguments);
        return RealProcess.Finish(process, TimeSpan.FromSeconds(10), arguments).Code == 0;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
