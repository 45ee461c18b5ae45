using System.Text.Json;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Exports;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Exports;

/// <summary>marl-eval and rliable.</summary>
public sealed class StatisticsFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private WrittenRuns Runs => new(folder);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Marl_eval_reads_what_the_runs_have()
    {
        Exporter.Write(WrittenRuns.Compare(Grid()), "marl-eval", folder["out"]).ShouldBe([folder["out", "metrics.json"]]);

        JsonElement read = Programs.ReadByPython("read_exports.py", "marl-eval", folder["out", "metrics.json"]).GetProperty("stackelberg");

        Text(read, "tasks").ShouldBe("""["a-v0","b-v0"]""");
        Text(read, "runs").ShouldBe("""["seed_3","seed_7"]""");
        Text(read, "steps").ShouldBe("""["step_0","step_1","absolute_metrics"]""");
        Text(read, "step_counts").ShouldBe("[500,1000]");
        // runs × tasks; the final evaluation's returns are score and score + 2
        Text(read.GetProperty("absolute"), "ac").ShouldBe("[[1.0,3.0],[2.0,4.0]]");
        Text(read.GetProperty("absolute"), "stac degree=1;2").ShouldBe("[[11.0,13.0],[12.0,14.0]]");
        Text(read.GetProperty("curves"), "ac").ShouldBe("[[[[1,2],[3,4]],[[1,2],[3,4]]],[[[1,2],[3,4]],[[1,2],[3,4]]]]");
        File.ReadAllText(folder["out", "metrics.json"]).ShouldNotContain("elapsed_time");
    }

    [Fact]
    public void Marl_eval_counts_the_runs_where_seeds_differ()
    {
        Exporter.Write(WrittenRuns.Compare(Runs.Run("ac", "A-v0", 5), Runs.Run("stac", "A-v0", 6)), "marl-eval", folder["out"]);
        Text(Programs.ReadByPython("read_exports.py", "marl-eval", folder["out", "metrics.json"]).GetProperty("stackelberg"), "runs").ShouldBe("""["seed_0"]""");
    }

    [Theory]
    [InlineData("AC", "A-v0", "'ac' and 'AC'")]
    [InlineData("ac", "a-V0", "'A-v0' and 'a-V0'")]
    public void Marl_eval_refuses_names_that_are_one_in_lower_case(string algorithm, string environment, string names) =>
        Refusal("marl-eval", Runs.Run("ac", "A-v0", 0), Runs.Run(algorithm, environment, 0)).ShouldContain(names);

    [Fact]
    public void Names_that_only_differ_in_a_comma_are_refused() =>
        Refusal("rliable", Runs.Run("x 1,2", "A-v0", 0), Runs.Run("x 1;2", "A-v0", 0)).ShouldContain("'x 1,2' and 'x 1;2'");

    [Fact]
    public void Marl_eval_refuses_other_numbers_of_evaluations_by_the_runs()
    {
        string message = Refusal("marl-eval", Runs.Run("ac", "A-v0", 0), Runs.Run("ac", "A-v0", 1, evaluations: ["1000,1,2,1.5,0.5,1,2,20,1;2"]));
        message.ShouldContain($"2 in '{folder["in", "A-v0", "ac", "seed-0"]}'");
        message.ShouldContain($"1 in '{folder["in", "A-v0", "ac", "seed-1"]}'");
    }

    [Fact]
    public void Marl_eval_refuses_a_return_that_json_has_no_number_for() =>
        Refusal("marl-eval", Runs.Run("ac", "A-v0", 0, evaluations: ["1000,1,2,nan,nan,nan,nan,20,1;nan"])).ShouldContain("seed-0");

    [Fact]
    public void Rliable_takes_an_array_of_runs_and_tasks_for_each_algorithm()
    {
        Exporter.Write(WrittenRuns.Compare(Grid()), "rliable", folder["out"]).Count.ShouldBe(3);

        JsonElement arrays = Programs.ReadByPython("read_exports.py", "npz", folder["out", "scores.npz"]);
        JsonElement json = JsonDocument.Parse(File.ReadAllText(folder["out", "scores.json"])).RootElement;

        arrays.EnumerateObject().Select(p => p.Name).ShouldBe(["ac", "stac degree=1;2"]);
        Text(arrays.GetProperty("ac"), "values").ShouldBe("[[0.0,2.0],[1.0,3.0]]");
        Text(arrays.GetProperty("stac degree=1;2"), "values").ShouldBe("[[10.0,12.0],[11.0,13.0]]");
        arrays.GetProperty("ac").GetProperty("type").GetString().ShouldBe("<f8");
        JsonSerializer.Deserialize<Dictionary<string, double[][]>>(json)!["stac degree=1;2"].ShouldBe([[10, 12], [11, 13]]);
        JsonElement tasks = JsonDocument.Parse(File.ReadAllText(folder["out", "tasks.json"])).RootElement;
        tasks.GetProperty("tasks").EnumerateArray().Select(t => t.GetString()).ShouldBe(["A-v0", "B-v0"]);
        tasks.GetProperty("quantity").GetString().ShouldBe("episode return, evaluation, at the end");
    }

    [Theory]
    [InlineData("rliable")]
    [InlineData("marl-eval")]
    public void Unequal_numbers_of_seeds_are_refused_by_name(string format) =>
        Refusal(format, Runs.Run("ac", "A-v0", 0), Runs.Run("ac", "A-v0", 1), Runs.Run("stac", "A-v0", 0)).ShouldContain("ac on A-v0 has 2, stac on A-v0 has 1");

    [Theory]
    [InlineData("rliable")]
    [InlineData("marl-eval")]
    public void An_algorithm_that_lacks_a_task_is_named(string format) =>
        Refusal(format, Runs.Run("ac", "A-v0", 0), Runs.Run("ac", "B-v0", 0), Runs.Run("stac", "A-v0", 0)).ShouldContain("'stac' has no runs on B-v0");

    [Fact]
    public void Rliable_is_given_no_score_that_is_not_known() =>
        Refusal("rliable", Runs.Run("ac", "A-v0", 0, double.NaN)).ShouldContain("seed-0");

    private IEnumerable<ComparedRun> Grid()
    {
        foreach ((string environment, int offset) in new[] { ("B-v0", 2), ("A-v0", 0) })
        {
            yield return Runs.Run("ac", environment, 3, offset);
            yield return Runs.Run("ac", environment, 7, offset + 1);
            yield return Runs.Run("stac degree=1,2", environment, 3, offset + 10);
            yield return Runs.Run("stac degree=1,2", environment, 7, offset + 11);
        }
    }

    private string Refusal(string format, params ComparedRun[] runs)
    {
        string message = Should.Throw<ExportException>(() => Exporter.Write(WrittenRuns.Compare(runs), format, folder["out"])).Message;
        Directory.Exists(folder["out"]).ShouldBeFalse();
        return message;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetRawText().Replace(", ", ",", StringComparison.Ordinal);
}
