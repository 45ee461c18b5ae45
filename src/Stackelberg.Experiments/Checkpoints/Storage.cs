using System.Runtime.InteropServices;
using System.Text;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>
/// The file operations that durability depends on. Each announces itself first, so that a test can end the world before any of them.
/// </summary>
/// <param name="before">Called with a description before each operation.</param>
internal sealed class Storage(Action<string>? before = null)
{
    public static Storage Default { get; } = new();

    /// <summary>Longest file of an array, in bytes; longer arrays are written in parts. A multiple of 8.</summary>
    public int PartBytes { get; init; } = 1 << 24;

    /// <summary>Whether flushing waits for the disk. Without it, what a killed process wrote is safe all the same; a loss of power is not survived.
    /// Always on in the product.</summary>
    public static bool WaitsForDisk { get; set; } = true;

    public void CreateDirectory(string path)
    {
        before?.Invoke($"create {Path.GetFileName(path)}");
        Directory.CreateDirectory(path);
    }

    public FileStream Create(string path)
    {
        before?.Invoke($"create {Path.GetFileName(path)}");
        return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
    }

    public void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        before?.Invoke($"write {Path.GetFileName(file.Name)}");
        try
        {
            file.Write(bytes);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw DiskFile.TooLarge(file.Name, e);
        }
    }

    /// <summary>Gives an existing file, which nobody changes any more, a second name on the same file system.</summary>
    /// <returns>Whether that was possible: some file systems know no links.</returns>
    public bool Link(string existing, string path)
    {
        before?.Invoke($"link {Path.GetFileName(path)}");
        return OperatingSystem.IsLinux() && NativeMethods.Link(NativeMethods.Text(existing), NativeMethods.Text(path)) == 0;
    }

    /// <summary>Brings a file's content to the disk.</summary>
    public void Flush(FileStream file)
    {
        before?.Invoke($"flush {Path.GetFileName(file.Name)}");
        file.Flush(WaitsForDisk);
    }

    /// <summary>Renames a file, over an existing one, or a folder.</summary>
    public void Move(string from, string to)
    {
        before?.Invoke($"move {Path.GetFileName(from)}");
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else
        {
            File.Move(from, to, overwrite: true);
        }
    }

    public void Delete(string directory)
    {
        if (Directory.Exists(directory))
        {
            before?.Invoke($"delete {Path.GetFileName(directory)}");
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Brings a folder's list of names to the disk, so that a rename survives a loss of power.</summary>
    public void FlushDirectory(string path)
    {
        before?.Invoke($"flush {Path.GetFileName(path)}");
        if (!OperatingSystem.IsLinux() || !WaitsForDisk)
        {
            return;
        }

        // .NET opens no folders. Some file systems refuse to flush one, which makes a rename no less atomic, so the result is not checked.
        int descriptor = NativeMethods.Open(NativeMethods.Text(path), NativeMethods.CloseOnExec);
        if (descriptor >= 0)
        {
            _ = NativeMethods.Flush(descriptor);
            _ = NativeMethods.Close(descriptor);
        }
    }

    /// <summary>Replaces a small file in one step: whoever reads it sees the old or the new content, whole.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".tmp";
        try
        {
            using (FileStream file = Create(temporary))
            {
                Write(file, content);
                Flush(file);
            }

            Move(temporary, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WholeFile.TryDelete(temporary);
            throw;
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    private static class NativeMethods
    {
        public const int CloseOnExec = 0x80000;

        public static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + '\0');

        [DllImport("libc", EntryPoint = "link")]
        public static extern int Link(byte[] existing, byte[] path);

        [DllImport("libc", EntryPoint = "open")]
        public static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "fsync")]
        public static extern int Flush(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        public static extern int Close(int descriptor);
    }
}
