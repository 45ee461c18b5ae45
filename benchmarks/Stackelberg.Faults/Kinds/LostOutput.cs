using System.Diagnostics;
using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Runs;

namespace Stackelberg.Faults.Kinds;

/// <summary>Output that cannot be written: full, closed, a reader that has gone, a terminal that is taken away. Training goes on, and its files hold everything.</summary>
public sealed class LostOutput : FaultKind
{
    private const int Kill = 9;

    // what follows the command; its exit code goes to a file, since a pipe has that of its last part
    private static readonly string[] Ways =
    [
        ">/dev/full", "2>/dev/full", ">/dev/full 2>&1", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "| head -c 100", "| true", "2>&1 | head -c 100", "2>&1 >/dev/full | true",
    ];

    private static readonly string[] Forms = ["", "--quiet", "--json"];

    /// <inheritdoc/>
    public override string Name => "output";

    /// <inheritdoc/>
    public override string Title => "standard output and error full, closed, a pipe without reader, a terminal that goes away";

    /// <inheritdoc/>
    public override int Length => 200;

    /// <inheritdoc/>
    public override int Patience => 12;

    /// <inheritdoc/>
    public override Verdict Try(Attempt attempt)
    {
        (string Algorithm, string Environment) member = attempt.Pick(Undisturbed.Members);
        File.WriteAllText(attempt["weather.json"], Samples.Weather);
        string command = $"{string.Join(' ', Undisturbed.Command(member))} {attempt.Pick(Forms)}";
        return attempt.Chance(0.3) ? Terminal(attempt, member, command) : Redirected(attempt, member, command);
    }

    private static Verdict Redirected(Attempt attempt, (string Algorithm, string Environment) member, string command)
    {
        string line = $"{{ $COMMAND {command}; echo $? >code; }} {attempt.Pick(Ways)}";
        attempt.Tell($"$ {line}");
        using Process process = RealProcess.StartShell(attempt.Folder, line);
        CallResult call = RealProcess.Finish(process, attempt.Limit, [line]);
        string code = File.Exists(attempt["code"]) ? File.ReadAllText(attempt["code"]).Trim() : "none";
        attempt.Tell($"exit code {code}\n{call.Output}{call.Error}");
        return call.Code is null ? new Verdict(Outcome.Hang, line)
            : code != "0" ? new Verdict(code is "134" or "139" ? Outcome.Crash : Outcome.ExitCode, Judge.First(call, $"exit code {code} of {line}"))
            : Judge.Of(call with { Code = 0 }, []) is { IsBroken: true } broken ? broken
            : Undisturbed.Compare(attempt, member, SmallRun.Of(attempt.Folder, member.Algorithm, member.Environment, 0));
    }

    private static Verdict Terminal(Attempt attempt, (string Algorithm, string Environment) member, string command)
    {
        if (!File.Exists("/usr/bin/script"))
        {
            return new Verdict(Outcome.Skipped, "script, which makes terminals, is not installed");
        }

        bool ignored = attempt.Chance(0.5);
        string run = SmallRun.Of(attempt.Folder, member.Algorithm, member.Environment, 0);
        TimeSpan whole = Undisturbed.Time(attempt, member);
        File.WriteAllText(attempt["go"], $"{(ignored ? "trap '' HUP\n" : "")}echo $$ >pid\nexec dotnet {RealProcess.Executable} {command}\n");
        attempt.Tell($"$ script -qc 'sh go' /dev/null; ignored: {ignored}\n{File.ReadAllText(attempt["go"])}");
        using Process terminal = RealProcess.StartProgram("script", attempt.Folder, ["-qc", "sh go", "/dev/null"]);
        Moment.Await(attempt, terminal, Path.Combine(run, "checkpoints"), whole);
        bool trains = File.Exists(Path.Combine(run, "progress.csv"));
        Native.Signal(terminal.Id, Kill);
        RealProcess.Finish(terminal, attempt.Limit, ["script"]);
        if (!File.Exists(attempt["pid"]) || !int.TryParse(File.ReadAllText(attempt["pid"]), out int process))
        {
            return Undisturbed.Complete(attempt, member, attempt.Folder);
        }

        Stopwatch clock = Stopwatch.StartNew();
        while (Directory.Exists($"/proc/{process}") && clock.Elapsed < attempt.Limit)
        {
            Thread.Sleep(20);
        }

        if (Directory.Exists($"/proc/{process}"))
        {
            Native.Signal(process, Kill);
            return new Verdict(Outcome.Hang, "does not end after its terminal has");
        }

        bool finished = File.Exists(Path.Combine(run, "result.json"));
        return ignored && trains && !finished ? new Verdict(Outcome.Lost, "SIGHUP was ignored, and the training ended with its terminal")
            : trains && !finished && Artifacts.Checkpoints(run).Count == 0 ? new Verdict(Outcome.Lost, "no checkpoint when the terminal went away")
            : Undisturbed.Complete(attempt, member, attempt.Folder);
    }
}
