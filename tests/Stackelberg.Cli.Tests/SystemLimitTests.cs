using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>What the system refuses is named, and costs nothing that was there.</summary>
public sealed class SystemLimitTests : IDisposable
{
    private const string Train = "train --algo ddpg --env Pendulum-v1 --total-timesteps 600 --eval-episodes 1 --set learning_starts=300 update_after=300 buffer_size=2000 --out runs --quiet";

    // A limit on the size of files stands for a full disk, and needs no rights. The runtime needs a file of its own unless its code may be written in place.
    private const string Full = "export DOTNET_EnableWriteXorExecute=0; trap '' XFSZ; ulimit -f";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_disk_too_full_for_a_checkpoint_costs_that_checkpoint()
    {
        Command.Shell(folder.Path, $"{Full} 20; $S {Train}").ShouldRefuse(2, "checkpoint", "cannot be written", "stackelberg resume");
        Leftovers().ShouldBeEmpty();
        string stopped = Command.Shell(folder.Path, "$S resume runs --json").ShouldSucceed().Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString()!;

        Command.Shell(folder.Path, $"$S {Train.Replace("runs", "whole", StringComparison.Ordinal)} --json").ShouldSucceed()
            .Json.GetProperty("runs")[0].GetProperty("checkpoint_hash").GetString().ShouldBe(stopped);
    }

    [Fact]
    public void A_full_disk_is_named_by_every_command_and_leaves_what_is_there()
    {
        string result = Command.Shell(folder.Path, $"$S {Train}").ShouldSucceed().Output;
        string[] before = Files();

        Command.Shell(folder.Path, $"{Full} 0; $S {Train} --seeds 1").ShouldRefuse(2, "cannot be");
        Command.Shell(folder.Path, $"{Full} 0; $S {Train} --overwrite").ShouldRefuse(2, "cannot be");
        Command.Shell(folder.Path, $"{Full} 0; $S resume runs --total-timesteps 900").ShouldRefuse(2, "cannot be");
        Command.Shell(folder.Path, $"{Full} 0; $S env rollout Pendulum-v1 --out table.csv").ShouldRefuse(2, "table.csv");
        Command.Shell(folder.Path, $"{Full} 0; $S replay runs --out page.html").ShouldRefuse(2, "page.html");
        Command.Shell(folder.Path, $"{Full} 0; $S resume runs").ShouldSucceed().Output.ShouldContain("nothing to do");
        Command.Shell(folder.Path, $"{Full} 0; $S eval runs --episodes 1").ShouldSucceed();

        Files().ShouldBe(before);
        result.ShouldContain("finished");
    }

    [Fact]
    public void Too_few_open_files_are_named()
    {
        Command.Shell(folder.Path, $"ulimit -n 60; $S {Train}").ShouldRefuse(2, "open files", "ulimit -n");
        Directory.Exists(folder["runs"]).ShouldBeFalse();
    }

    [Fact]
    public void One_run_that_is_damaged_costs_no_other()
    {
        Command.Shell(folder.Path, $"$S {Train} --seeds 0..2").ShouldSucceed();
        File.Delete(folder["runs", "Pendulum-v1", "ddpg", "seed-0", "config.yml"]);
        File.WriteAllText(folder["runs", "Pendulum-v1", "ddpg", "seed-1", "manifest.json"], "");

        CommandResult played = Command.Shell(folder.Path, "$S eval runs --episodes 1 --json").ShouldRefuse(2, "seed-0", "seed-1");
        played.Json.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem().GetProperty("seed").GetInt32().ShouldBe(2);
        CommandResult resumed = Command.Shell(folder.Path, "$S resume runs --json").ShouldRefuse(2, "seed-0", "seed-1");
        resumed.Json.GetProperty("runs").EnumerateArray().ShouldHaveSingleItem().GetProperty("status").GetString().ShouldBe("finished");
    }

    [Fact]
    public void Manifest_and_configuration_are_of_one_run()
    {
        Command.Shell(folder.Path, $"$S {Train} --seeds 0..1").ShouldSucceed();
        File.Copy(folder["runs", "Pendulum-v1", "ddpg", "seed-0", "manifest.json"], folder["runs", "Pendulum-v1", "ddpg", "seed-1", "manifest.json"], overwrite: true);

        Command.Shell(folder.Path, "$S resume runs/Pendulum-v1/ddpg/seed-1").ShouldRefuse(2, "result.json' is of another run", "seed 1", "seed 0");
        File.Delete(folder["runs", "Pendulum-v1", "ddpg", "seed-1", "result.json"]);
        Command.Shell(folder.Path, "$S resume runs/Pendulum-v1/ddpg/seed-1").ShouldRefuse(2, "with seed 1", "with seed 0");
        Command.Shell(folder.Path, "$S eval runs/Pendulum-v1/ddpg/seed-1").ShouldRefuse(2, "with seed 1", "with seed 0");
    }

    [Fact]
    public void Json_says_why_a_run_failed()
    {
        CommandResult result = Command.Shell(
            folder.Path, $"$S train --algo ac --env NanReward-v0 --total-timesteps 1000 --seeds 0..1 --json --quiet --plugin {Command.Plugin}");

        result.ExitCode.ShouldNotBe(0);
        foreach (System.Text.Json.JsonElement run in result.Json.GetProperty("runs").EnumerateArray())
        {
            run.GetProperty("failure").GetProperty("kind").GetString().ShouldBe("environment");
            run.GetProperty("failure").GetProperty("message").GetString()!.ShouldContain("NanReward-v0");
            run.GetProperty("failure").GetProperty("steps").GetInt64().ShouldBeGreaterThan(0);
        }
    }

    private string[] Files() => [.. Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order()];

    private string[] Leftovers() => [.. Files().Where(f => f.EndsWith(".tmp", StringComparison.Ordinal) || f.EndsWith(".new", StringComparison.Ordinal))];
}
