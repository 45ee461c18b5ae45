using Stackelberg.Cli.Tests.Support;

namespace Stackelberg.Cli.Tests;

/// <summary>Output that goes away does not end a run, and signals still do.</summary>
public sealed class OutputGoneTests : IDisposable
{
    private const string Train = "train --algo stac --env CartPole-v1 --total-timesteps 4000 --eval-every 1000 --eval-episodes 3 --out";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_whose_output_is_full_closed_or_not_read_is_the_run_it_would_have_been()
    {
        Command.Shell(folder.Path, $"$S {Train} whole --quiet").ShouldSucceed();
        Dictionary<string, string> whole = FilesOf("whole");
        (string Name, string Where)[] ends =
        [
            ("full", ">/dev/full"), ("both-full", ">/dev/full 2>/dev/full"), ("closed", ">&-"), ("both-closed", ">&- 2>&-"), ("all-closed", ">&- 2>&- <&-"),
        ];
        foreach ((string name, string where) in ends)
        {
            Command.Shell(folder.Path, $"$S {Train} {name} {where}").ExitCode.ShouldBe(0, name);
            FilesOf(name).ShouldBe(whole, name);
        }

        Command.Shell(folder.Path, $"{{ $S {Train} unread; echo $? >code; }} | head -c 20").ShouldSucceed();
        File.ReadAllText(folder["code"]).ShouldBe("0\n");
        FilesOf("unread").ShouldBe(whole);
    }

    [Fact]
    public void What_is_all_a_command_makes_must_arrive()
    {
        Command.Shell(folder.Path, "$S env list >/dev/full").ShouldRefuse(2, "standard output could not be written");
        Command.Shell(folder.Path, "$S env list >&-").ShouldRefuse(2, "standard output could not be written", "closed");
        Command.Shell(folder.Path, "$S env list 2>&-").ShouldSucceed().Output.ShouldContain("CartPole-v1");
    }

    [Fact]
    public void Hanging_up_ends_a_run_with_a_checkpoint()
    {
        RunningCommand running = StartSlow("");
        running.Signal("HUP");

        Command.Finish(running).ExitCode.ShouldBe(130);
        Directory.GetDirectories(folder["slow", "Slow-v0", "ac", "seed-0", "checkpoints"]).ShouldHaveSingleItem();
    }

    [Fact]
    public void Hanging_up_is_ignored_where_it_was_at_the_start()
    {
        RunningCommand running = StartSlow("trap '' HUP; ");
        running.Signal("HUP");
        running.Process.WaitForExit(1500).ShouldBeFalse();
        running.Signal("TERM");

        Command.Finish(running).ExitCode.ShouldBe(130);
        Directory.GetDirectories(folder["slow", "Slow-v0", "ac", "seed-0", "checkpoints"]).ShouldHaveSingleItem();
    }

    [Fact]
    public void Terminal_that_is_gone_leaves_a_disowned_run_alone()
    {
        RunningCommand terminal = Command.StartShell(
            folder.Path, $"TERM=xterm exec script -qfc \"trap '' HUP; exec $S {Slow} 3000 --plugin {Command.Plugin}\" /dev/null");
        WaitForProgress();
        terminal.Process.Kill();
        string result = folder["slow", "Slow-v0", "ac", "seed-0", "result.json"];
        DateTime limit = DateTime.UtcNow.AddSeconds(90);
        // the lock is given back last
        while ((!File.Exists(result) || new FileInfo(folder["slow", "Slow-v0", "ac", "seed-0", ".lock"]).Length > 0) && DateTime.UtcNow < limit)
        {
            Thread.Sleep(50);
        }

        File.Exists(result).ShouldBeTrue();
    }

    [Theory]
    [InlineData("export TERM=dumb; stty cols 160")]
    [InlineData("export TERM=xterm; stty cols 79")]
    public void Terminals_that_are_dumb_or_narrow_get_lines(string terminal)
    {
        CommandResult result = Command.Shell(folder.Path, $"script -qc \"{terminal}; $S {Train} lines\" /dev/null").ShouldSucceed();

        result.Output.ShouldContain("seed 0  step 4000/4000  evaluation");
        result.Output.ShouldNotContain("━");
    }

    [Fact]
    public void Lines_show_the_values_of_their_own_step()
    {
        CommandResult result = Command.Shell(
            folder.Path, "$S train --algo ac --env CartPole-v1 --total-timesteps 3000 --eval-every 1000 --eval-episodes 1 --set steps_per_iteration=1000 --out lines").ShouldSucceed();
        Table progress = new(folder["lines", "CartPole-v1", "ac", "seed-0", "progress.csv"]);
        string[] returns = [.. progress.Numbers("episode_return").Select(r => FormattableString.Invariant($"  return {r:F1}  "))];

        string[] lines = [.. result.Output.Split('\n').Where(l => l.Contains("  evaluation ", StringComparison.Ordinal) && l.StartsWith("seed 0  step", StringComparison.Ordinal))];
        lines.Length.ShouldBe(3);
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i].ShouldContain(returns[i]);
        }
    }

    [Fact]
    public void An_evaluation_is_interrupted_at_once()
    {
        RunningCommand running = Command.StartShell(
            folder.Path, $"exec $S train --algo ac --env Slow-v0 --out slow --set steps_per_iteration=100 --eval-every 100 --eval-episodes 1000 --total-timesteps 2000 --plugin {Command.Plugin}");
        WaitForProgress();
        Thread.Sleep(500);
        running.Signal("INT");

        // the evaluation alone would take three minutes and more
        running.Process.WaitForExit(20_000).ShouldBeTrue();
        Command.Finish(running).ExitCode.ShouldBe(130);
        Directory.GetDirectories(folder["slow", "Slow-v0", "ac", "seed-0", "checkpoints"]).ShouldHaveSingleItem().ShouldEndWith("step-000000000100");
    }

    [Fact]
    public void A_rollout_is_interrupted_at_once_and_leaves_nothing()
    {
        RunningCommand running = Command.StartShell(folder.Path, $"exec $S env rollout Slow-v0 --episodes 1000 --out table.csv --plugin {Command.Plugin}");
        DateTime limit = DateTime.UtcNow.AddSeconds(60);
        while (!File.Exists(folder["table.csv.tmp"]) && DateTime.UtcNow < limit)
        {
            Thread.Sleep(20);
        }

        running.Signal("INT");

        CommandResult result = Command.Finish(running);
        result.ExitCode.ShouldBe(130);
        result.Error.ShouldContain("the table is not kept");
        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    private static string Slow => "train --algo ac --env Slow-v0 --out slow --set steps_per_iteration=50 --eval-every 0 --eval-episodes 1 --total-timesteps";

    private RunningCommand StartSlow(string before)
    {
        RunningCommand running = Command.StartShell(folder.Path, $"{before}exec $S {Slow} 1000000 --plugin {Command.Plugin}");
        WaitForProgress();
        return running;
    }

    private void WaitForProgress()
    {
        string table = folder["slow", "Slow-v0", "ac", "seed-0", "progress.csv"];
        DateTime limit = DateTime.UtcNow.AddSeconds(60);
        while (!File.Exists(table) && DateTime.UtcNow < limit)
        {
            Thread.Sleep(20);
        }

        // the learner has been built by the time the tables are open
        Thread.Sleep(500);
    }

    private Dictionary<string, string> FilesOf(string root)
    {
        string run = folder[root, "CartPole-v1", "stac", "seed-0"];
        return new[] { "result.json", "progress.csv", "episodes.csv", "evaluations.csv", "hypergradient.csv" }.ToDictionary(f => f, f => File.ReadAllText(Path.Combine(run, f)));
    }
}
