using System.Text;

namespace Stackelberg.Experiments.Internals;

/// <summary>Files that appear under their name when they are complete.</summary>
internal static class WholeFile
{
    private const string Devices = "/dev/";
    private const string SharedMemory = "/dev/shm/";

    /// <inheritdoc cref="Write(string, byte[])"/>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file, and the folders above it where they are missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static void Write(string path, byte[] content)
    {
        string target = TargetOf(path);
        string temporary = TemporaryOf(target);
        try
        {
            using (DiskFile file = new(temporary, FileMode.Create))
            {
                file.Write(content, 0, content.Length);
            }

            Complete(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Abandon(temporary, target);
            throw;
        }
    }

    /// <summary>Where a file is really written: links are followed, and the folders above it made.</summary>
    /// <exception cref="IOException">It is a folder, or its folder cannot be made.</exception>
    public static string TargetOf(string path)
    {
        FileInfo file = new(path);
        string target = Path.GetFullPath(file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        if (Directory.Exists(target))
        {
            throw new IOException("it is a folder");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        return target;
    }

    /// <summary>Where the content waits until it is complete: beside its place, but for devices, which are written to and never replaced.</summary>
    public static string TemporaryOf(string target) =>
        target.StartsWith(Devices, StringComparison.Ordinal) && !target.StartsWith(SharedMemory, StringComparison.Ordinal) && File.Exists(target) ? target : target + ".tmp";

    /// <summary>Puts what is complete in its place.</summary>
    public static void Complete(string temporary, string target)
    {
        if (temporary != target)
        {
            File.Move(temporary, target, overwrite: true);
        }
    }

    /// <summary>Removes what was not completed.</summary>
    public static void Abandon(string temporary, string target)
    {
        if (temporary != target)
        {
            TryDelete(temporary);
        }
    }

    /// <summary>Removes a file as far as that is possible: the fault that stopped it is the one to report.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // what cannot be written can often not be deleted either
        }
    }
}
