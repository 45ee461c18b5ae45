using System.Text;

namespace Stackelberg.Faults.Framework;

/// <summary>
/// Turns this process's standard output and error to files, below whatever the command does with its console: descriptors 1 and 2 themselves.
/// </summary>
internal static class Capture
{
    private const int MostBytes = 1 << 22;

    private static string? folder;

    /// <summary>Turns them, and gives a stream to what was standard output. To be called before anything is written.</summary>
    public static Stream Begin(string into)
    {
        folder = into;
        int original = Native.dup(1);
        foreach (int descriptor in (int[])[1, 2])
        {
            int file = Native.OpenToAppend(PathOf(descriptor));
            if (original < 0 || file < 0 || Native.dup2(file, descriptor) < 0)
            {
                throw new InvalidOperationException($"descriptor {descriptor} cannot be turned to '{PathOf(descriptor)}'");
            }
        }

        return new FileStream(new Microsoft.Win32.SafeHandles.SafeFileHandle(original, ownsHandle: true), FileAccess.Write, 1);
    }

    /// <summary>What was written since the last call.</summary>
    public static (string Output, string Error) Take() => folder is null ? ("", "") : (Take(1), Take(2));

    /// <summary>What a process that turned its descriptors to files in a folder wrote last.</summary>
    public static string Last(string folder)
    {
        string file = Path.Combine(folder, "error");
        return File.Exists(file) ? File.ReadAllText(file) : "";
    }

    private static string Take(int descriptor)
    {
        using FileStream file = new(PathOf(descriptor), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] content = new byte[Math.Min(file.Length, MostBytes)];
        file.ReadExactly(content);
        file.SetLength(0);
        return Encoding.UTF8.GetString(content);
    }

    private static string PathOf(int descriptor) => Path.Combine(folder!, descriptor == 1 ? "output" : "error");
}
