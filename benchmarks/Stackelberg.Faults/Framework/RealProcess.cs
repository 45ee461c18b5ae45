using System.Diagnostics;

namespace Stackelberg.Faults.Framework;

/// <summary>The command in a process of its own.</summary>
internal static class RealProcess
{
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "stackelberg.dll");

    /// <summary>Whether a command line can carry these: it has no NUL, and is not without bounds.</summary>
    public static bool CanPass(IReadOnlyList<string> arguments) =>
        arguments.All(a => !a.Contains('\0', StringComparison.Ordinal)) && arguments.Sum(a => a.Length) < 50_000;

    /// <summary>Runs the command to its end, or stops it when it takes too long.</summary>
    public static CallResult Run(string folder, TimeSpan limit, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        return Finish(process, limit, arguments);
    }

    /// <summary>Starts the command.</summary>
    public static Process Start(string folder, params string[] arguments) => StartProgram("dotnet", folder, [Executable, .. arguments]);

    /// <summary>Starts a line of the shell, in which <c>$COMMAND</c> is the command.</summary>
    public static Process StartShell(string folder, string line) => StartProgram("sh", folder, ["-c", line.Replace("$COMMAND", $"dotnet {Executable}", StringComparison.Ordinal)]);

    public static Process StartProgram(string program, string folder, IReadOnlyList<string> arguments)
    {
        // signals that are ignored where the campaign was started, as in the background of a script, would stay ignored
        ProcessStartInfo start = new("env", ["--default-signal=INT,HUP,TERM", program, .. arguments])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        // the bound is for fuzzed inputs in the process of the tries
        start.Environment.Remove("DOTNET_GCHeapHardLimit");
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end, and stops what takes too long.</summary>
    public static CallResult Finish(Process process, TimeSpan limit, IReadOnlyList<string> arguments)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        // a grandchild may hold the pipes
        Task.WaitAll([output, error], TimeSpan.FromSeconds(2));
        return new CallResult(arguments, ended ? process.ExitCode : null, Text(output), Text(error));
    }

    private static string Text(Task<string> task) => task.IsCompletedSuccessfully ? task.Result : "";
}
