using System.Diagnostics;
using System.Text.Json;

namespace Stackelberg.Cli.Tests.Support;

/// <summary>Runs the real executable.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "stackelberg.dll");

    /// <summary>The plug-in with the test environments: this assembly.</summary>
    public static string Plugin { get; } = typeof(Command).Assembly.Location;

    public static CommandResult Run(string folder, params string[] arguments) => Finish(Start(folder, null, arguments));

    public static CommandResult RunWith(string folder, (string Name, string Value) variable, params string[] arguments) =>
        Finish(Start(folder, variable, arguments));

    public static RunningCommand Start(string folder, (string Name, string Value)? variable, params string[] arguments) =>
        new(Process.Start(Describe("dotnet", folder, variable, [Executable, .. arguments]))!);

    /// <summary>Runs a script of the shell, in which <c>$S</c> is the executable.</summary>
    public static CommandResult Shell(string folder, string script) => Finish(StartShell(folder, script));

    /// <inheritdoc cref="Shell"/>
    public static RunningCommand StartShell(string folder, string script) =>
        StartProgram("bash", folder, ("S", $"dotnet {Executable}"), "-c", script);

    public static RunningCommand StartProgram(string program, string folder, (string Name, string Value)? variable, params string[] arguments) =>
        new(Process.Start(Describe(program, folder, variable, arguments))!);

    public static CommandResult Finish(RunningCommand command) => FinishWithin(Limit, command);

    /// <summary>Waits for a command that may take long on a busy machine.</summary>
    public static CommandResult FinishWithin(TimeSpan limit, RunningCommand command)
    {
        if (!command.Process.WaitForExit(limit))
        {
            command.Process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Still running after {limit}: {string.Join(' ', command.Process.StartInfo.ArgumentList)}");
        }

        command.Process.WaitForExit();
        return new CommandResult(command.Process.ExitCode, command.Output.Result, command.Error.Result);
    }

    private static ProcessStartInfo Describe(string program, string folder, (string Name, string Value)? variable, IEnumerable<string> arguments)
    {
        // signals that were ignored where the tests were started, as in the background of a script, would stay ignored
        ProcessStartInfo start = new("env", ["--default-signal=INT,HUP,TERM", program == "dotnet" ? Environment.ProcessPath! : program])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        if (variable is { } v)
        {
            start.Environment[v.Name] = v.Value;
        }

        return start;
    }
}

internal sealed record RunningCommand(Process Process)
{
    public Task<string> Output { get; } = Process.StandardOutput.ReadToEndAsync();

    public Task<string> Error { get; } = Process.StandardError.ReadToEndAsync();

    /// <summary>Sends a signal by name, such as TERM.</summary>
    public void Signal(string name)
    {
        // The shell's own kill: the program of that name is missing on a minimal Debian.
        using Process shell = Process.Start("sh", ["-c", $"kill -{name} {Process.Id}"]);
        shell.WaitForExit();
    }
}

internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    public JsonElement Json => JsonDocument.Parse(LastLine).RootElement;

    /// <summary>The process ended well.</summary>
    public CommandResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, $"{Output}\n{Error}");
        return this;
    }

    /// <summary>A mistake of the user: exit code, three lines, nothing on standard output, no stack trace.</summary>
    public CommandResult ShouldRefuse(int exitCode, params string[] words)
    {
        ExitCode.ShouldBe(exitCode, $"{Output}\n{Error}");
        string[] lines = Error.TrimEnd('\n').Split('\n');
        int first = Array.FindIndex(lines, l => l.StartsWith("error: ", StringComparison.Ordinal));
        first.ShouldBeGreaterThanOrEqualTo(0, Error);
        lines[first + 1].ShouldStartWith("  allowed: ");
        lines[first + 2].ShouldStartWith("  next: ");
        lines[first + 1].Length.ShouldBeGreaterThan("  allowed: ".Length);
        Error.ShouldNotContain("   at Stackelberg.");
        Error.ShouldNotContain("Unhandled");
        foreach (string word in words)
        {
            Error.ShouldContain(word);
        }

        return this;
    }
}
