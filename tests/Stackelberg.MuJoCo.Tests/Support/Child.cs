using System.Diagnostics;

namespace Stackelberg.MuJoCo.Tests.Support;

/// <summary>What a child process left behind.</summary>
internal sealed record ChildOutcome(int ExitCode, string Output, string Error, string[] Files);

/// <summary>Runs a scenario of <see cref="ChildProgram"/> in an empty working directory, with an open standard input that never says anything.</summary>
internal static class Child
{
    internal static ChildOutcome Run(string scenario, string? library = null)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mujoco-child-");
        try
        {
            var start = new ProcessStartInfo("dotnet", [typeof(Child).Assembly.Location, scenario])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
            if (library is not null)
            {
                start.Environment[MujocoLibrary.OverrideVariable] = library;
            }

            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"Scenario '{scenario}' hangs.");
            }

            return new ChildOutcome(process.ExitCode, output.Result, error.Result, [.. folder.GetFiles().Select(f => f.Name).Where(n => !n.StartsWith("core", StringComparison.Ordinal))]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
