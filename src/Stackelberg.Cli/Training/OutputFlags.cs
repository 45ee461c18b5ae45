using System.CommandLine;

namespace Stackelberg.Cli.Training;

/// <summary>How much a verb says, and in which form.</summary>
internal readonly record struct OutputMode(bool Json, bool Quiet)
{
    /// <summary>Whether a live table can be shown: to a terminal that moves its cursor and is wide enough.</summary>
    public bool Live => !Json && !Quiet && !Console.IsOutputRedirected && !IsDumb && Spectre.Console.AnsiConsole.Profile.Width >= LiveDisplay.LeastWidth;

    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    /// <summary>Where progress and tables go: standard output belongs to the JSON object when one is asked for.</summary>
    public TextWriter Messages => Json ? Console.Error : Console.Out;
}

/// <summary><c>--json</c> and <c>--quiet</c>.</summary>
internal sealed class OutputFlags
{
    private readonly Option<bool> json = new("--json") { Description = "print one JSON object as the last line of standard output" };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "no progress, the result alone" };

    public void AddTo(Command command)
    {
        command.Options.Add(json);
        command.Options.Add(quiet);
    }

    public OutputMode Read(ParseResult parsed) => new(parsed.GetValue(json), parsed.GetValue(quiet));
}
