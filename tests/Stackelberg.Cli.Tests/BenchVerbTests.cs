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

    [Fact]
    public void Loop_in_c_is_compiled_and_run_on_the_task_and_its_model()
    {
        folder.Write("physics_loop.c", "");
        WriteTool("cc", """
            while [ "$1" != -o ]; do shift; done
            printf '%s\n' '#!/usr/bin/env bash' 'test -s "$2" && echo "{\"steps\": 5000, \"episodes\": 4, \"cpu_seconds\": $3, \"mean_reward\": 1}"' > "$2"
            chmod +x "$2"
            """);

        CommandResult result = Physics("InvertedPendulum").ShouldSucceed();

        result.Error.ShouldNotContain("note:");
        result.Error.ShouldNotContain("no peer");
        JsonElement only = result.Json.GetProperty("physics").EnumerateArray().ShouldHaveSingleItem();
        only.GetProperty("task").GetString().ShouldBe("InvertedPendulum-v4");
        only.GetProperty("peer_steps_per_second").GetDouble().ShouldBe(10000);
        double ours = only.GetProperty("ours_steps_per_second").GetDouble();
        ours.ShouldBeGreaterThan(1000);
        only.GetProperty("ratio").GetDouble().ShouldBe(ours / 10000, 1e-9);
        only.GetProperty("ours_mean_reward")[0].GetDouble().ShouldBe(1);
    }

    [Fact]
    public void Loop_in_c_that_cannot_be_compiled_is_named_and_leaves_our_time()
    {
        folder.Write("physics_loop.c", "");
        WriteTool("cc", "echo 'physics_loop.c:9: fatal error: mujoco/mujoco.h: No such file' >&2; exit 1");

        CommandResult result = Physics("InvertedPendulum").ShouldSucceed();

        result.Error.ShouldContain("note: no loop in C, our times alone");
        result.Error.ShouldContain("mujoco.h: No such file");
        result.Error.ShouldContain("libmujoco-dev");
        result.Json.GetProperty("physics")[0].GetProperty("ratio").ValueKind.ShouldBe(JsonValueKind.Null);
        Command.Run(folder.Path, "bench", "--physics", "--only", "nothing").ShouldRefuse(2, "no task contains 'nothing'", "Hopper-v4");
    }

    private CommandResult Physics(string only) => Command.RunWith(
        folder.Path, ("PATH", $"{folder["tools"]}:{Environment.GetEnvironmentVariable("PATH")}"),
        "bench", "--physics", "--peers", folder.Path, "--rounds", "1", "--only", only, "--json");

    private CommandResult Bench() => Command.RunWith(
        folder.Path, ("PATH", $"{folder["tools"]}:{Environment.GetEnvironmentVariable("PATH")}"), "bench", "--peers", folder.Path, "--rounds", "1", "--only", Case, "--json");

    private void WritePython(string body) => WriteTool("python3", body);

    private void WriteTool(string name, string body)
    {
        Directory.CreateDirectory(folder["tools"]);
        File.WriteAllText(folder["tools", name], $"#!/usr/bin/env bash\n{body}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["tools", name], (UnixFileMode)0b111_101_101);
        }
    }
}
