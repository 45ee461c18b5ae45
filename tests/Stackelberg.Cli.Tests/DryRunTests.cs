using System.Text.Json;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Cli.Training;

namespace Stackelberg.Cli.Tests;

/// <summary><c>--dry-run</c> adds up what all runs need, and says when the machine has less.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(3, 3, 3)]
    [InlineData(10, 4, 4)]
    public void Needs_are_those_of_all_seeds_and_of_the_threads(int seeds, int threads, int atOnce)
    {
        JsonElement told = DryRun("--algo", "ddpg", "--env", "Pendulum-v1", "--seeds", $"0..{seeds - 1}", "--threads", $"{threads}", "--set", "buffer_size=50000").Json;
        JsonElement memory = told.GetProperty("memory"), disk = told.GetProperty("disk");

        // 3 observed numbers, 1 of action and the reward in single precision and a byte; 16 bytes more for each end after 200 steps; six copies of both networks
        long buffer = (50_000L * ((4 * 5) + 1)) + (50_000 / 200 * 16);
        long parameters = ((3L * 256) + 256 + (256 * 256) + 256 + 256 + 1) + ((4L * 256) + 256 + (256 * 256) + 256 + 256 + 1);
        memory.GetProperty("bytes_each").GetInt64().ShouldBe(buffer + (6 * 4 * parameters));
        memory.GetProperty("runs_at_once").GetInt32().ShouldBe(atOnce);
        memory.GetProperty("bytes").GetInt64().ShouldBe(atOnce * memory.GetProperty("bytes_each").GetInt64());

        // of 200 000 steps with a checkpoint every 50 000 there are 4, fewer than 3 newest, the best and one in the making
        disk.GetProperty("bytes_each").GetInt64().ShouldBe(4 * (buffer + (6 * 4 * parameters)));
        disk.GetProperty("bytes").GetInt64().ShouldBe(seeds * disk.GetProperty("bytes_each").GetInt64());
        disk.GetProperty("free_bytes").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Disk_is_never_less_than_what_a_run_leaves()
    {
        string[] settings = ["--algo", "ddpg", "--env", "Pendulum-v1", "--total-timesteps", "3000", "--checkpoint-every", "1000", "--eval-episodes", "1", "--eval-every", "1000", "--set", "learning_starts=100", "update_after=100", "updates=1", "buffer_size=2000"];
        long told = DryRun(settings).Json.GetProperty("disk").GetProperty("bytes_each").GetInt64();
        Command.Run(folder.Path, ["train", "--quiet", .. settings]).ShouldSucceed();

        long parts = Directory.GetFiles(folder["runs"], "*", SearchOption.AllDirectories).Where(f => f.Contains("step-", StringComparison.Ordinal) && !f.EndsWith(".json", StringComparison.Ordinal))
            .Sum(f => new FileInfo(f).Length);
        parts.ShouldBeLessThanOrEqualTo(told);
        parts.ShouldBeGreaterThan(told / 3);
    }

    [Fact]
    public void More_than_the_machine_has_is_warned_of()
    {
        CommandResult result = DryRun("--algo", "td3", "--env", "Pendulum-v1", "--seeds", "0..9999", "--threads", "1024", "--total-timesteps", "1e8", "--set", "buffer_size=10000000", "--checkpoint-every", "1e6");
        JsonElement memory = result.Json.GetProperty("memory"), disk = result.Json.GetProperty("disk");
        memory.GetProperty("bytes").GetInt64().ShouldBeGreaterThan(200_000_000_000);
        disk.GetProperty("bytes").GetInt64().ShouldBeGreaterThan(2_000_000_000_000);
        // there are machines that have as much
        result.Error.Contains("warning: 1024 runs at a time need ", StringComparison.Ordinal).ShouldBe(memory.GetProperty("bytes").GetInt64() > memory.GetProperty("machine_bytes").GetInt64());
        result.Error.Contains("warning: the checkpoints of 10000 runs need about ", StringComparison.Ordinal).ShouldBe(disk.GetProperty("bytes").GetInt64() > disk.GetProperty("free_bytes").GetInt64());

        RunNeeds needs = new(3, 2, 100, 100, MachineMemory: 199, FreeDisk: 299);
        needs.Warnings("a b", hasBuffer: true).ShouldBe([
            "2 runs at a time need 0.0 MB of memory at least, and this machine has 0.0 MB: lower buffer_size, or train fewer runs at a time with --threads",
            "the checkpoints of 3 runs need about 0.0 MB, and 0.0 MB are free at \"a b\": lower buffer_size or --keep-checkpoints, or give another --out",
        ]);
        (needs with { MachineMemory = 200, FreeDisk = 300 }).Warnings("a", hasBuffer: true).ShouldBeEmpty();
        (needs with { MachineMemory = 200, FreeDisk = null }).Warnings("a", hasBuffer: true).ShouldBeEmpty();

        DryRun("--algo", "td3", "--env", "Pendulum-v1", "--set", "buffer_size=1000").Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1e300, "F3", "1E+300")]
    [InlineData(-1e300, "F1", "-1E+300")]
    [InlineData(1234567.125, "F3", "1234567.125")]
    [InlineData(double.NaN, "F1", "-")]
    [InlineData(double.PositiveInfinity, "F1", "Infinity")]
    [InlineData(1e300, "G4", "1E+300")]
    public void Huge_numbers_do_not_widen_tables(double value, string format, string text) => Texts.Number(value, format).ShouldBe(text);

    private CommandResult DryRun(params string[] settings) => Command.Run(folder.Path, ["train", .. settings, "--dry-run", "--json"]).ShouldSucceed();
}
