using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>Reads what a user names.</summary>
internal static class InputFile
{
    /// <summary>All lines.</summary>
    /// <exception cref="RolloutException">The file cannot be read.</exception>
    public static string[] ReadLines(string path, string flag) => Read(path, flag, File.ReadAllLines);

    /// <summary>All of it.</summary>
    /// <exception cref="RolloutException">The file cannot be read.</exception>
    public static string ReadText(string path, string flag) => Read(path, flag, File.ReadAllText);

    private static T Read<T>(string path, string flag, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RolloutException($"there is no file '{path}'", "a file that can be read", $"check the path given with {flag}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RolloutException($"'{path}' cannot be read: {FileFaultText.Of(e, path)}", "a file that can be read", $"check the path given with {flag}", e);
        }
    }
}
