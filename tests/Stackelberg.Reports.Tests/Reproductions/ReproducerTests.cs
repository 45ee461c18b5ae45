using Stackelberg.Experiments;
using Stackelberg.Experiments.Runs;
using Stackelberg.Reports.Reproductions;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Reproductions;

/// <summary>What exists is kept, what is missing is trained, and nothing is taken for what it is not.</summary>
public sealed class ReproducerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string First => folder["out", "tiny", "smoke", "ac", "CartPole-v1", "ac", "seed-0"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_second_time_nothing_is_trained_and_the_summary_has_the_same_bytes()
    {
        ReproductionResult one = TinyEntry.Run(folder["out"]);
        Dictionary<string, byte[]> manifests = Manifests();
        one.Summary.Write(folder["one.json"]);

        TinyEntry.Run(folder["out"]).Summary.Write(folder["two.json"]);

        manifests.Count.ShouldBe(4);
        Manifests().ShouldBe(manifests, ignoreOrder: true, comparer: SameFile);
        File.ReadAllBytes(folder["two.json"]).ShouldBe(File.ReadAllBytes(folder["one.json"]));
        one.Failures.ShouldBeEmpty();
        one.Claims.ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public void Scores_are_those_of_the_results_by_seed()
    {
        EntrySummary summary = TinyEntry.Run(folder["out"]).Summary;

        foreach (string arm in new[] { "ac", "stac" })
        {
            double[] means = [.. new[] { 0, 1 }.Select(seed => Mean(folder["out", "tiny", "smoke", arm, "CartPole-v1", arm, $"seed-{seed}"]))];
            summary.Find("return evaluation final", arm, "CartPole-v1").ShouldBe(means);
        }

        summary.Scores.ShouldAllBe(s => s.Seeds.SequenceEqual(new ulong[] { 0, 1 }));
    }

    [Fact]
    public void Seeds_that_are_missing_are_filled_in_and_the_others_stay()
    {
        TinyEntry.Run(folder["out"], new ReproductionOptions { Seeds = "0..0" }).Claims[0].Count.ShouldBe(1);
        Dictionary<string, byte[]> manifests = Manifests();

        TinyEntry.Run(folder["out"]).Claims[0].Count.ShouldBe(2);

        manifests.Count.ShouldBe(2);
        Manifests().Where(m => manifests.ContainsKey(m.Key)).ShouldBe(manifests, ignoreOrder: true, comparer: SameFile);
        Manifests().Count.ShouldBe(4);
    }

    [Fact]
    public void An_interrupted_entry_goes_on_to_the_same_bytes()
    {
        using CancellationTokenSource source = new();
        ReproductionOptions options = new() { Folder = folder["out"], Scale = "smoke", Jobs = 1 };

        ReproductionResult broken = Reproducer.Run(TinyEntry.Entry, TinyEntry.Request, options, new Stopper(source), source.Token);
        Dictionary<string, byte[]> finished = Manifests().Where(m => File.Exists(Path.Combine(Path.GetDirectoryName(m.Key)!, "result.json"))).ToDictionary();
        ReproductionResult whole = Reproducer.Run(TinyEntry.Entry, TinyEntry.Request, options);
        TinyEntry.Run(folder["undisturbed"]);

        (broken.IsInterrupted, whole.IsInterrupted).ShouldBe((true, false));
        finished.Count.ShouldBe(1);
        Manifests().Where(m => finished.ContainsKey(m.Key)).ShouldBe(finished, ignoreOrder: true, comparer: SameFile);
        TinyEntry.Content(folder["out"]).ShouldBe(TinyEntry.Content(folder["undisturbed"]), ignoreOrder: true);
    }

    [Fact]
    public void A_run_of_other_settings_is_not_taken_for_this_one_and_nothing_is_trained()
    {
        TinyEntry.Run(folder["out"], new ReproductionOptions { Seeds = "0" });
        ReproductionEntry changed = EntryReader.Read(TinyEntry.Text.Replace("damping: 1", "damping: 2", StringComparison.Ordinal), "tiny.yml");

        RunException e = Should.Throw<RunException>(() => TinyEntry.Run(folder["out"], entry: changed));

        e.Message.ShouldContain("hypergradient.damping is 1");
        e.Message.ShouldContain("and 2");
        Manifests().Count.ShouldBe(2);
    }

    [Fact]
    public void How_often_something_is_logged_makes_no_other_run()
    {
        TinyEntry.Run(folder["out"]);
        Dictionary<string, byte[]> manifests = Manifests();
        ReproductionEntry changed = EntryReader.Read(TinyEntry.Text.Replace("{eval_episodes: 1", "{log_every: 400, eval_episodes: 1", StringComparison.Ordinal), "tiny.yml");

        TinyEntry.Run(folder["out"], entry: changed).Claims[0].Count.ShouldBe(2);

        Manifests().ShouldBe(manifests, ignoreOrder: true, comparer: SameFile);
    }

    [Theory]
    [InlineData("config.yml", "gamma: 0.99", "gamma: 0.98")]
    [InlineData("result.json", "\"mean\": ", "\"mean\": 1")]
    [InlineData("manifest.json", "\"seed\": 0", "\"seed\": ")]
    public void A_run_that_was_altered_stops_the_entry_by_name(string file, string right, string wrong)
    {
        TinyEntry.Run(folder["out"], new ReproductionOptions { Seeds = "0" });
        string path = Path.Combine(First, file), text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace(right, wrong, StringComparison.Ordinal));
        File.ReadAllText(path).ShouldNotBe(text);

        Should.Throw<RunException>(() => TinyEntry.Run(folder["out"])).Message.ShouldContain("seed-0");

        Manifests().Count.ShouldBe(2);
    }

    [Fact]
    public void A_run_whose_table_was_altered_is_in_no_score_and_named_in_the_summary()
    {
        TinyEntry.Run(folder["out"]);
        string table = Path.Combine(First, "evaluations.csv");
        File.WriteAllText(table, File.ReadAllText(table).Replace("600,", "599,", StringComparison.Ordinal));

        EntrySummary summary = TinyEntry.Run(folder["out"]).Summary;

        summary.Scores.Single(s => s.Arm == "ac").Seeds.ShouldBe([1UL]);
        summary.Notes.ShouldContain(n => n.Contains("evaluations.csv", StringComparison.Ordinal) && n.Contains("altered", StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_of_an_earlier_step_than_their_name_says_are_marked()
    {
        ReproductionEntry late = EntryReader.Read(TinyEntry.Text.Replace("settings: {eval", "quantity: {kind: training-last100, at: 2e5}\nsettings: {eval", StringComparison.Ordinal), "tiny.yml");

        EntrySummary summary = TinyEntry.Run(folder["out"], entry: late).Summary;

        summary.Find("return training-last100 2e5", "ac", "CartPole-v1").Length.ShouldBe(2);
        summary.Notes.ShouldHaveSingleItem().ShouldContain("No run reached step 2e5");
    }

    [Fact]
    public void A_file_in_the_place_of_an_environment_is_trained_on_by_every_arm_and_judged_by_its_name()
    {
        ReproductionEntry entry = OnFile("[[0, 1], [2, 3]]");

        ReproductionResult result = TinyEntry.Run(folder["out"], entry: entry);

        result.Summary.Scores.Select(s => (s.Arm, s.Environment, s.Seeds.Count)).ShouldBe([("ac", "two.json", 2), ("stac", "two.json", 2)]);
        (result.Claims[0].Count, result.Claims[1].Count).ShouldBe((2, 2));
        result.Claims.ShouldAllBe(c => !c.Detail.Contains("was not run", StringComparison.Ordinal));
        ReproductionFiles.References(entry).ShouldHaveSingleItem().Environment.ShouldBe("two.json");
        Dictionary<string, byte[]> manifests = Manifests();
        TinyEntry.Run(folder["out"], entry: entry).Claims[0].Count.ShouldBe(2);
        Manifests().ShouldBe(manifests, ignoreOrder: true, comparer: SameFile);
    }

    [Fact]
    public void Runs_on_another_content_of_the_file_are_not_taken_for_these()
    {
        TinyEntry.Run(folder["out"], entry: OnFile("[[0, 1], [2, 3]]"));

        Should.Throw<RunException>(() => TinyEntry.Run(folder["out"], entry: OnFile("[[0, 1], [2, 4]]"))).Message.ShouldContain("another content of the file 'two.json'");

        TinyEntry.Run(folder["out"], entry: OnFile("[[0, 1], [2, 3]]")).Claims[0].Count.ShouldBe(2);
    }

    [Fact]
    public void Judging_trains_nothing()
    {
        ReproductionResult nothing = TinyEntry.Run(folder["out"], new ReproductionOptions { IsJudgedOnly = true });

        (nothing.Comparison, nothing.Claims[0].Verdict, nothing.Claims[0].Count).ShouldBe((null, Verdict.CannotBeDecided, 0));
        Directory.Exists(folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_another_process_writes_fails_alone()
    {
        TinyEntry.Run(folder["out"]);
        File.Delete(Path.Combine(First, "result.json"));
        ReproductionResult locked;
        using (RunLock.Take(First))
        {
            locked = TinyEntry.Run(folder["out"]);
        }

        locked.Failures.ShouldHaveSingleItem().Plan.Directory.ShouldEndWith(Path.Combine("ac", "seed-0"));
        locked.Claims[0].Count.ShouldBe(1);
        TinyEntry.Run(folder["out"]).Claims[0].Count.ShouldBe(2);
    }

    [Fact]
    public void A_folder_with_something_else_in_it_is_left_alone()
    {
        Directory.CreateDirectory(First);
        File.WriteAllText(Path.Combine(First, "thesis.txt"), "do not lose");

        Should.Throw<RunException>(() => TinyEntry.Run(folder["out"])).Message.ShouldContain("seed-0");

        File.ReadAllText(Path.Combine(First, "thesis.txt")).ShouldBe("do not lose");
        Manifests().ShouldBeEmpty();
    }

    private ReproductionEntry OnFile(string rewards)
    {
        Directory.CreateDirectory(folder["models"]);
        string file = folder["models", "two.json"];
        File.WriteAllText(file, $$"""{ "states": 2, "actions": 2, "horizon": 5, "transitions": [[[0, 1], [1, 0]], [[0, 1], [1, 0]]], "rewards": {{rewards}} }""");
        return EntryReader.Read(
            TinyEntry.Text.Replace("CartPole-v1", file, StringComparison.Ordinal)
                + $$"""

                  - {claim: AC is the best, published: above, kind: best, a: ac}
                  - {claim: STAC has 7, published: '7', kind: range, a: stac, low: 6, high: 8, environments: [{{file}}]}
                """, "tiny.yml");
    }

    private static IEqualityComparer<KeyValuePair<string, byte[]>> SameFile { get; } = EqualityComparer<KeyValuePair<string, byte[]>>.Create(
        (a, b) => a.Key == b.Key && a.Value.AsSpan().SequenceEqual(b.Value), p => p.Key.GetHashCode(StringComparison.Ordinal));

    private static double Mean(string run) =>
        System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json"))).RootElement.GetProperty("final_evaluation").GetProperty("mean").GetDouble();

    private Dictionary<string, byte[]> Manifests() => Directory.Exists(folder["out"])
        ? Directory.EnumerateFiles(folder["out"], "manifest.json", SearchOption.AllDirectories).ToDictionary(f => f, File.ReadAllBytes)
        : [];

    // after the first run that ends
    private sealed class Stopper(CancellationTokenSource source) : IRunObserver
    {
        public void Ended(RunPlan plan, RunResult result) => source.Cancel();
    }
}
