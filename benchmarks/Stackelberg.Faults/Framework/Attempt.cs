using System.Text;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Framework;

/// <summary>What one try works with.</summary>
/// <param name="Index">Its number in the campaign.</param>
/// <param name="Random">Its choices.</param>
/// <param name="Folder">An empty folder, the current one of every call.</param>
/// <param name="Shared">The folder that <see cref="FaultKind.Prepare"/> filled; what lies there is not changed.</param>
/// <param name="Limit">How long one call may last.</param>
public sealed record Attempt(int Index, RandomStream Random, string Folder, string Shared, TimeSpan Limit)
{
    /// <summary>One call in this many is made in a process of its own, to see that it makes no difference.</summary>
    private const int RealEvery = 50;

    private readonly StringBuilder story = new();

    /// <summary>Where the calls are written down while they are made, for whoever looks at a try that never ended.</summary>
    public string StoryFile => Path.GetFullPath(Folder) + ".txt";

    public string this[params string[] parts] => Path.Combine([Folder, .. parts]);

    /// <summary>Calls the command with the attempt's folder as the current one.</summary>
    public CallResult Call(params string[] arguments)
    {
        Tell($"$ stackelberg {string.Join(' ', arguments.Select(Quote))}");
        CallResult result = Index % RealEvery == RealEvery - 1 && RealProcess.CanPass(arguments)
            ? RealProcess.Run(Folder, Limit, arguments)
            : InProcess.Call(Folder, arguments);
        Tell($"exit code {result.Code}\n{Shorten(result.Output)}{Shorten(result.Error)}");
        return result;
    }

    /// <summary>Writes a line of the story.</summary>
    public void Tell(string line)
    {
        story.Append(line).Append('\n');
        File.WriteAllText(StoryFile, story.ToString());
    }

    /// <summary>One of several, all alike.</summary>
    public T Pick<T>(IReadOnlyList<T> choices) => choices[Random.NextInt32(choices.Count)];

    /// <summary>Whether something of this probability comes about.</summary>
    public bool Chance(double probability) => Random.NextDouble() < probability;

    private static string Shorten(string text) => text.Length <= 4000 ? text : $"{text[..2000]}\n[…{text.Length - 4000} more…]\n{text[^2000..]}";

    private static string Quote(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_=./,:+".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

/// <summary>What one call of the command gave.</summary>
/// <param name="Code">The exit code; null where it had to be stopped.</param>
/// <param name="Escaped">An exception that left the entry point.</param>
public sealed record CallResult(IReadOnlyList<string> Arguments, int? Code, string Output, string Error, string? Escaped = null);
