using System.Text.Json;
using Stackelberg.Experiments;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Exports;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Exports;

/// <summary>Stable-Baselines3, Spinning Up and TensorBoard; and NumPy's own files.</summary>
public sealed class RunFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private WrittenRuns Runs => new(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Stable_baselines_reads_episodes_and_evaluations()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 4), Runs.Run("ac", "A-v0", 9)), "sb3", folder["out"]).ShouldBe(
            [.. from n in new[] { 1, 2 } from file in new[] { "0.monitor.csv", "evaluations.npz" } select folder["out", "logs", "ac", $"A-v0_{n}", file]]);
        string place = folder["out", "logs", "ac", "A-v0_2"];

        JsonElement monitor = Programs.ReadByPython("read_exports.py", "monitor", place);
        JsonElement evaluations = Programs.ReadByPython("read_exports.py", "npz", Path.Combine(place, "evaluations.npz"));

        File.ReadAllText(Path.Combine(place, "0.monitor.csv")).ShouldBe(
            "#{\"t_start\": 1000000.0, \"env_id\": \"A-v0\"}\nr,l,t\n1.5,100,10.0\n2.25,300,40.0\n-3.0,500,90.0\n");
        Text(monitor, "rows").ShouldBe("[[1.5,100],[2.25,300],[-3.0,500]]");
        monitor.GetProperty("env_id").GetString().ShouldBe("A-v0");
        Text(evaluations.GetProperty("timesteps"), "values").ShouldBe("[500.0,1000.0]");
        Text(evaluations.GetProperty("results"), "values").ShouldBe("[[1.0,2.0],[3.0,4.0]]");
        Text(evaluations.GetProperty("ep_lengths"), "values").ShouldBe("[[20.0,20.0],[40.0,40.0]]");
    }

    [Fact]
    public void Stable_baselines_keeps_the_order_of_episodes_that_end_within_a_microsecond()
    {
        ComparedRun run = Runs.Run("ac", "A-v0", 0, episodes: [.. Enumerable.Range(1, 300).Select(i => $"{i},{i},{i % 7},1,1")]);
        ComparedRun quick = run with { Result = run.Result with { Times = new RunTimes { WallSeconds = 1e-5 } } };
        Exporter.Write(WrittenRuns.Compare(quick), "sb3", folder["out"]);

        JsonElement monitor = Programs.ReadByPython("read_exports.py", "monitor", folder["out", "logs", "ac", "A-v0_1"]);

        monitor.GetProperty("rows").EnumerateArray().Select(r => r[0].GetDouble()).ShouldBe(Enumerable.Range(1, 300).Select(i => (double)(i % 7)));
    }

    [Fact]
    public void Stable_baselines_loads_a_run_without_evaluations_and_without_episodes()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0, evaluations: [], episodes: [])), "sb3", folder["out"]);

        JsonElement arrays = Programs.ReadByPython("read_exports.py", "npz", folder["out", "logs", "ac", "A-v0_1", "evaluations.npz"]);

        Text(arrays.GetProperty("timesteps"), "shape").ShouldBe("[0]");
        Text(arrays.GetProperty("results"), "shape").ShouldBe("[0,0]");
        Text(Programs.ReadByPython("read_exports.py", "monitor", folder["out", "logs", "ac", "A-v0_1"]), "rows").ShouldBe("[]");
    }

    [Fact]
    public void Stable_baselines_is_not_given_evaluations_of_unequal_length() =>
        Should.Throw<ExportException>(() => Exporter.Write(
            WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0, evaluations: ["500,1,2,1.5,0.5,1,2,20,1;2", "1000,2,1,3,0,3,3,40,3"])), "sb3", folder["out"])).Message.ShouldContain("2 and 1 episodes");

    [Fact]
    public void Numpy_loads_long_vectors_and_empty_matrices_and_headers_are_as_it_writes_them()
    {
        using (FileStream file = File.Create(folder["a.npz"]))
        using (NumpyArchive archive = new(file))
        {
            archive.Add("vector", [.. Enumerable.Range(0, 184).Select(i => i / 7.0)], 184);
            archive.Add("empty", Array.Empty<double>(), 0, 5);
            archive.Add("number", [3.5]);
        }

        JsonElement arrays = Programs.ReadByPython("read_exports.py", "npz", folder["a.npz"]);

        arrays.GetProperty("vector").GetProperty("header").GetString().ShouldBe("{'descr': '<f8', 'fortran_order': False, 'shape': (184,), }");
        arrays.GetProperty("vector").GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ShouldBe(Enumerable.Range(0, 184).Select(i => i / 7.0));
        Text(arrays.GetProperty("empty"), "shape").ShouldBe("[0,5]");
        Text(arrays.GetProperty("number"), "shape").ShouldBe("[]");
        arrays.EnumerateObject().ShouldAllBe(a => a.Value.GetProperty("padded").GetBoolean() && a.Value.GetProperty("type").GetString() == "<f8");
    }

    [Fact]
    public void Spinning_up_puts_the_seeds_of_an_experiment_together()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0), Runs.Run("ac", "A-v0", 1), Runs.Run("stac", "A-v0", 0)), "spinningup", folder["out"]).Count.ShouldBe(6);

        JsonElement read = Programs.ReadByPython("read_exports.py", "spinningup", folder["out"]);

        read.EnumerateObject().Select(p => (p.Name, p.Value.GetArrayLength())).ShouldBe([("ac", 2), ("stac", 1)], ignoreOrder: true);
        Text(read.GetProperty("ac")[0], "Epoch").ShouldBe("""["0","1"]""");
        // of the episodes that ended in each epoch: 1.5 and 2.25, then -3
        Text(read.GetProperty("ac")[0], "AverageEpRet").ShouldBe("""["1.875","-3"]""");
        Text(read.GetProperty("ac")[0], "AverageTestEpRet").ShouldBe("""["1.5","3.5"]""");
        Text(read.GetProperty("ac")[0], "TotalEnvInteracts").ShouldBe("""["500","1000"]""");
        Text(read.GetProperty("ac")[0], "Time").ShouldBe("""["50","100"]""");
    }

    [Fact]
    public void Spinning_up_does_not_average_over_environments()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0), Runs.Run("ac", "B-v0", 0)), "spinningup", folder["out"]);
        Programs.ReadByPython("read_exports.py", "spinningup", folder["out"]).EnumerateObject().Select(p => p.Name).ShouldBe(["ac-A-v0", "ac-B-v0"], ignoreOrder: true);
    }

    [Fact]
    public void An_epoch_without_an_episode_has_none()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 0, episodes: ["900,1,5,900,1"])), "spinningup", folder["out"]);
        Text(Programs.ReadByPython("read_exports.py", "spinningup", folder["out"]).GetProperty("ac")[0], "AverageEpRet").ShouldBe("""["nan","5"]""");
    }

    [Fact]
    public void Tensorboard_shows_the_tables_at_the_times_of_an_even_pace()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 3)), "tensorboard", folder["out"]).ShouldHaveSingleItem();

        ShownEvents shown = new(folder["out", "A-v0", "ac", "seed-3"]);

        shown.Curves["charts/episodic_return"].ShouldBe([(100, "1.5"), (400, "2.25"), (900, "-3.0")]);
        shown.Curves["critic/loss_before"].ShouldBe([(500, "0.5")]);
        shown.Curves["eval/return_mean"].ShouldBe([(500, "1.5"), (1000, "3.5")]);
        // of two updates at one step the last
        shown.Curves["hypergradient/direct_norm"].ShouldBe([(500, "0.25"), (1000, "0.125")]);
        shown.Curves["hypergradient/cosine"].ShouldBe([(500, "1.0"), (1000, "-1.0")]);
        shown.Curves.Keys.ShouldNotContain("hypergradient/status");
        shown.HyperParameters["gamma"].GetDouble().ShouldBe(0.99);
        shown.HyperParameters["seed"].GetDouble().ShouldBe(3);
        shown.IsFinished.ShouldBeTrue();
        (shown.WallTimes.Min(), shown.WallTimes.Max()).ShouldBe((1_000_000.0, 1_000_100.0));
    }

    [Fact]
    public void Tensorboard_shows_afterwards_what_was_shown_live()
    {
        Programs.Stackelberg(folder.Path, "train --algo stac --env CartPole-v1 --total-timesteps 600 --eval-episodes 2 --tensorboard --quiet --set steps_per_iteration=200 critic.updates=2 eval_every=200");
        string run = folder["runs", "CartPole-v1", "stac", "seed-0"];

        Exporter.Write(WrittenRuns.Compare(WrittenRuns.Trained(run)), "tensorboard", folder["out"]);

        ShownEvents live = new(Path.Combine(run, "tensorboard")), after = new(folder["out", "CartPole-v1", "stac", "seed-0"]);
        after.Comparable().ShouldBe(live.Comparable(), ignoreOrder: true);
        after.HyperParameters.Select(p => $"{p.Key} {p.Value}").ShouldBe(live.HyperParameters.Select(p => $"{p.Key} {p.Value}"));
        after.Text("hyperparameters/text_summary").ShouldBe(live.Text("hyperparameters/text_summary"));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetRawText().Replace(", ", ",", StringComparison.Ordinal);
}
