using System.Diagnostics;

namespace Stackelberg.Packaging.Tests.Support;

/// <summary>Runs programs as somebody with a fresh machine would: without what a build or a test run has put into the environment.</summary>
internal static class Dotnet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly string[] Foreign = ["MSBUILD", "NUGET_", "RESTORE", "VSTEST", "TESTINGPLATFORM", "DOTNET_CLI_"];

    /// <summary>The host that runs these tests.</summary>
    private static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs the SDK in a folder.</summary>
    /// <param name="cache">The packages folder and home of this call; null: the user's own.</param>
    public static string Run(string folder, string? cache, params string[] arguments) => RunProgram(Host, folder, cache, arguments);

    /// <summary>Runs a program and returns what it wrote to standard output.</summary>
    public static string RunProgram(string program, string folder, string? cache, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(k => Array.Exists(Foreign, f => k.StartsWith(f, StringComparison.OrdinalIgnoreCase))).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        // no server is to outlive the test
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        if (cache is not null)
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(cache, "packages");
            start.Environment["DOTNET_CLI_HOME"] = cache;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"Still running after {Limit}: {program} {string.Join(' ', arguments)}");
        }

        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}\n{output.Result}\n{error.Result}");
        return output.Result;
    }
}
