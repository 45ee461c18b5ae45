using System.Diagnostics;
using System.Text.Json;

namespace Stackelberg.Reports.Tests.Support;

/// <summary>The command, and the readers in Python.</summary>
internal static class Programs
{
    // Debian's own, for which NumPy is installed; another one may come first on the PATH
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    /// <summary>The checkout.</summary>
    public static string Repository
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Stackelberg.slnx")))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            return folder;
        }
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, "stackelberg.dll");

    /// <summary>Runs the command in a folder, and requires its exit code.</summary>
    /// <returns>What it printed, standard error last.</returns>
    public static string Stackelberg(string folder, string arguments, int exitCode = 0, (string Name, string Value)? variable = null) =>
        Require(exitCode, Run(folder, Environment.ProcessPath!, [Executable, .. arguments.Split(' ')], variable));

    /// <summary>Runs a script of the shell, in which <c>$S</c> is the command, and requires that it succeeds.</summary>
    public static string Shell(string folder, string script) => Require(0, Run(folder, "bash", ["-c", script], ("S", $"{Environment.ProcessPath} {Executable}")));

    /// <summary>Runs a script of the folder Data, and returns the JSON it prints.</summary>
    public static JsonElement ReadByPython(string script, params string[] arguments)
    {
        File.Exists(Python).ShouldBeTrue($"the tests of exports need {Python} and its NumPy: apt-get install -y python3-numpy");
        (int code, string output, string error) = Run(
            AppContext.BaseDirectory, Python, [Path.Combine(AppContext.BaseDirectory, "Data", script), .. arguments], null);
        code.ShouldBe(0, output + error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static string Require(int exitCode, (int Code, string Output, string Error) run)
    {
        run.Code.ShouldBe(exitCode, run.Output + run.Error);
        return run.Output + run.Error;
    }

    private static (int Code, string Output, string Error) Run(string folder, string program, IEnumerable<string> arguments, (string Name, string Value)? variable)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        if (variable is { } v)
        {
            start.Environment[v.Name] = v.Value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Still running after {Limit}: {program} {string.Join(' ', start.ArgumentList)}");
        }

        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
