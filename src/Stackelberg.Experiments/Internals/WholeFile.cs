namespace Stackelberg.Experiments.Internals;

/// <summary>Files that appear under their name when they are complete.</summary>
internal static class WholeFile
{
    /// <summary>Writes a text, and the folders above it where they are missing.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    /// <exception cref="ArgumentException">The path is none.</exception>
    public static void Write(string path, string text)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a folder");
        }

        string temporary = path + ".tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Removes a file that was not completed, as far as that is possible: the fault that stopped it is the one to report.</summary>
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
