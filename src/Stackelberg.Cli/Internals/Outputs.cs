using Stackelberg.Primitives;

namespace Stackelberg.Cli.Internals;

/// <summary>Files that a command was asked to write.</summary>
internal static class Outputs
{
    /// <summary>Writes one.</summary>
    /// <param name="path">Where, for the message.</param>
    /// <param name="flag">By which it can be given elsewhere.</param>
    /// <exception cref="UserErrorException">It cannot be written there.</exception>
    public static void Write(string path, string flag, Action write)
    {
        try
        {
            write();
        }
        // a full or broken disk is told by its own advice
        catch (Exception e) when (e is UnauthorizedAccessException || (e is IOException && Experiments.SystemFault.Of(e) is null))
        {
            throw new UserErrorException($"'{path}' cannot be written: {FileFaultText.Of(e, path)}", "a place that can be written", $"give another with {flag}");
        }
    }
}
