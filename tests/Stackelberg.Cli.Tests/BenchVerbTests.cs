using System.Text.Json;
using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

public sealed class BenchVerbTests : IDisposable
{
    private const string Case = "hvp 100 rows, 23-16-16-1";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Peer_time_and_ratio_are_taken_from_the_script()
    {
        WritePython("case $1 in -c) echo 9.9 ;; hvp.py) echo '{\"cpu_min_us\": 1000}' ;; *) exit 1 ;; esac");
        folder.Write("hvp.py", "");

        JsonElement result = Bench().ShouldSucceed().Json;

        result.GetProperty("peer").GetString().ShouldBe("PyTorch 9.9");
        JsonElement only = result.GetProperty("cases").EnumerateArray().ShouldHaveSingleItem();
        double ours = only.GetProperty("ours_us").GetDouble();
        ours.ShouldBeInRange(0.1, 1e4);
        only.GetProperty("peer_us").GetDouble().ShouldBe(1000);
        only.GetProperty("ratio").GetDouble().ShouldBe(1000 / ours, 1e-6);
    }

    [Fact]
    public void Script_that_fails_or_talks_is_named_and_leaves_our_time()
    {
        WritePython("case $1 in -c) echo 9.9 ;; *) echo hello ;; esac");
        folder.Write("hvp.py", "");

        CommandResult result = Bench().ShouldSucceed();

        result.Error.ShouldContain("no peer: hvp.py did not print a JSON line but 'hello'");
        JsonElement only = result.Json.GetProperty("cases")[0];
        only.GetProperty("ours_us").GetDouble().ShouldBeGreaterThan(0);
        only.GetProperty("ratio").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Unknown_case_lists_those_that_exist() =>
        Command.Run(folder.Path, "bench", "--only", "nothing").ShouldRefuse(2, Case, "stac epoch", "act step");

    private CommandResult Bench() => Command.RunWith(
        folder.Path, ("PATH", $"{folder["tools"]}:{Environment.GetEnvironmentVariable("PATH")}"), "bench", "--peers", folder.Path, "--rounds", "1", "--only", Case, "--json");

    private void WritePython(string body)
    {
        Directory.CreateDirectory(folder["tools"]);
        File.WriteAllText(folder["tools", "python3"], $"#!/usr/bin/env bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["tools", "python3"], (UnixFileMode)0b111_101_101);
        }
    }
}
