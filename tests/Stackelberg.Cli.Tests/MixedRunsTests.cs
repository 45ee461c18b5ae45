using System.Text.Json;
using Stackelberg.Cli.Tests.Support;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Tests;

/// <summary>One command over runs of several algorithms, whose seeds coincide.</summary>
public sealed class MixedRunsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_of_several_algorithms_are_named_apart_and_have_no_common_mean()
    {
        Train("ac");
        Train("stac");

        foreach (string verb in new[] { "resume", "eval" })
        {
            JsonElement json = Command.Run(folder.Path, verb, "runs", "--json").ShouldSucceed().Json;
            json.GetProperty("iqm").ValueKind.ShouldBe(JsonValueKind.Null);
            json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("algorithm").GetString()).ShouldBe(["ac", "stac"]);
            json.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("environment").GetString()).ShouldAllBe(e => e == "CartPole-v1");
        }

        string table = Command.Run(folder.Path, "resume", "runs").ShouldSucceed().Output;
        table.ShouldContain("ac on CartPole-v1: evaluation ");
        table.ShouldContain("stac on CartPole-v1, seed 0  ");
        table.ShouldNotContain("IQM");
    }

    [Fact]
    public void Live_board_keeps_runs_of_the_same_seed_apart()
    {
        Train("ac");
        Train("stac");
        RunPlan[] plans = [.. RunDirectory.Find(folder["runs"]).Select(Plans.Restore)];
        RunBoard board = new(plans);

        board.Started(plans[1], 200);

        board.Snapshot().Select(l => (l.Plan.Algorithm, l.Phase)).ShouldBe([("ac", "waiting"), ("stac", "training")]);
    }

    [Fact]
    public void Damaged_checkpoint_that_is_passed_over_is_told_also_when_nothing_else_is()
    {
        Train("ac");
        string run = folder["runs", "CartPole-v1", "ac", "seed-0"];
        File.Delete(Path.Combine(run, "result.json"));
        string newest = Directory.GetDirectories(Path.Combine(run, "checkpoints")).Max(StringComparer.Ordinal)!;
        File.Delete(Path.Combine(newest, "actor.safetensors"));

        Command.Run(folder.Path, "resume", run, "--quiet").ShouldSucceed().Error.ShouldContain("passed over");
    }

    private void Train(string algorithm) => Command.Run(
        folder.Path, "train", "--algo", algorithm, "--env", "CartPole-v1", "--total-timesteps", "400", "--checkpoint-every", "200", "--eval-episodes", "1",
        "--set", "steps_per_iteration=200", "critic.updates=2", "--quiet").ShouldSucceed();
}
