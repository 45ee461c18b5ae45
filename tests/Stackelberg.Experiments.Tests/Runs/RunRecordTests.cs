using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests.Runs;

/// <summary>The small JSON files of a run: what they say, and that they are read back.</summary>
public sealed class RunRecordTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_result_comes_back_with_every_episode()
    {
        var evaluation = new EvaluationResult([1.0 / 3, double.NaN, -1e300, double.PositiveInfinity], [1, 2, 3, 4]);
        var record = new ResultRecord(long.MaxValue, 7, 3, EvaluationRecord.Of(evaluation), "step-000000000100", "ab12");

        ResultRecord read = Again(record);

        (read with { FinalEvaluation = record.FinalEvaluation }).ShouldBe(record);
        EvaluationResult again = read.FinalEvaluation.ToResult();
        again.Returns.Select(BitConverter.DoubleToInt64Bits).ShouldBe(evaluation.Returns.Select(BitConverter.DoubleToInt64Bits));
        again.Lengths.ShouldBe(evaluation.Lengths);
        JsonNode json = JsonNode.Parse(Json.Write(record))!;
        ((string)json["final_evaluation"]!["returns"]![1]!).ShouldBe("NaN");
        ((string)json["final_evaluation"]!["returns"]![3]!).ShouldBe("Infinity");
        ((string)json["checkpoint_hash"]!).ShouldBe("ab12");
    }

    [Fact]
    public void An_evaluation_notes_mean_and_deviation_of_its_returns()
    {
        var record = EvaluationRecord.Of(new EvaluationResult([2, 4, 4, 4, 5, 5, 7, 9], [1, 1, 1, 1, 1, 1, 1, 1]));
        (record.Mean, record.StandardDeviation, record.Episodes).ShouldBe((5, 2, 8));
        EvaluationRecord read = Again(record);
        (read.Mean, read.StandardDeviation, read.Episodes).ShouldBe((5, 2, 8));
    }

    [Fact]
    public void Each_time_of_a_run_has_a_place_of_its_own_in_the_file()
    {
        var times = new RunTimes
        {
            WallSeconds = 1.5, EnvironmentSeconds = 2.5, ActSeconds = 3.5, UpdateSeconds = 4.5, HypergradientSeconds = 5.5, HypergradientGradientSeconds = 6.5,
            HypergradientSolveSeconds = 7.5, HypergradientMixedSeconds = 8.5, EvaluationSeconds = 9.5, EvaluationEnvironmentSeconds = 10.5, CheckpointSeconds = 11.5,
        };
        TimingRecord.Of(times).ToTimes().ShouldBe(times);
        Again(TimingRecord.Of(times)).ToTimes().ShouldBe(times);
        JsonObject json = JsonNode.Parse(Json.Write(TimingRecord.Of(times)))!.AsObject();
        json.Select(p => (double)p.Value!).ShouldBe(Enumerable.Range(1, 11).Select(i => i + 0.5));
        json["hypergradient_solve_seconds"]!.GetValue<double>().ShouldBe(7.5);
        json["evaluation_environment_seconds"]!.GetValue<double>().ShouldBe(10.5);
        times.TrainingSeconds.ShouldBe(1.5 - 9.5 - 11.5);
    }

    [Fact]
    public void A_failure_says_its_kind_in_words_and_keeps_numbers_that_are_none()
    {
        var record = new FailureRecord
        {
            Kind = RunFailureKind.Numerical,
            Message = "critic/loss is NaN → „here“",
            Exception = "NumericalException",
            Iteration = 3,
            Steps = 40,
            Metrics = new Dictionary<string, double> { ["critic/Loss"] = double.NaN, ["x"] = 0.1 },
            Hypergradient = new HypergradientReport("cg", 1, 2, double.NaN, 1, LinearSolution.None, false, 0) { Update = 12 },
        };
        string text = Encoding.UTF8.GetString(Json.Write(record));

        // readable as it stands, and without line ends of another system
        text.ShouldContain("\"message\": \"critic/loss is NaN → „here“\"");
        text.ShouldEndWith("}\n");
        text.ShouldNotContain("\r");
        JsonNode json = JsonNode.Parse(text)!;
        ((string)json["kind"]!).ShouldBe("numerical");
        ((string)json["metrics"]!["critic/Loss"]!).ShouldBe("NaN");
        ((int)json["hypergradient"]!["update"]!).ShouldBe(12);
        ((string)json["hypergradient"]!["solve"]!["status"]!).ShouldBe("none");
        Enum.GetValues<RunFailureKind>().Select(k => JsonSerializer.Serialize(k, Json.Options)).ShouldBe(
            ["\"numerical\"", "\"environment\"", "\"storage\"", "\"system\"", "\"configuration\"", "\"plugin\"", "\"unexpected\""]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"steps\": \"many\"}")]
    public void A_file_of_another_form_is_named(string text)
    {
        File.WriteAllText(folder.Below("result.json"), text);
        Should.Throw<RunException>(() => Json.Read<ResultRecord>(folder.Below("result.json"))).Message.ShouldContain(folder.Below("result.json"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_nothing() => Json.Read<ResultRecord>(folder.Below("result.json")).ShouldBeNull();

    [Fact]
    public void A_manifest_of_another_format_is_refused_with_both_names()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path);
        Write(RunManifest.Of(plan) with { Format = "stackelberg-run-9" });
        RunException error = Should.Throw<RunException>(() => RunFolder.ReadManifest(folder.Path));
        error.Message.ShouldContain("'stackelberg-run-9'");
        error.Message.ShouldContain($"'{RunManifest.CurrentFormat}'");

        Write(RunManifest.Of(plan));
        RunManifest read = RunFolder.ReadManifest(folder.Path);
        (read.Environment, read.Algorithm, read.Seed, read.TotalTimesteps).ShouldBe((plan.Environment, plan.Algorithm, plan.Seed, plan.Options.TotalTimesteps));
        read.CommandLine.ShouldBe(plan.CommandLine);
        read.Machine.ShouldBe(MachineFacts.Current);

        void Write(RunManifest manifest) => File.WriteAllBytes(folder.Below(RunManifest.FileName), Json.Write(manifest));
    }

    [Fact]
    public void A_manifest_lists_every_resumption_and_every_change_of_the_total()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path), longer = plan with { Options = plan.Options with { TotalTimesteps = 3000 }, ConfigurationText = "longer", CommandLine = ["resume"] };
        RunManifest manifest = RunManifest.Of(plan).WithResumption(plan, 10).WithTotal(longer).WithResumption(longer, 20);

        manifest.Resumed.Select(r => r.FromStep).ShouldBe([10L, 20L]);
        manifest.Resumed[1].CommandLine.ShouldBe(["resume"]);
        Retargeting change = manifest.Retargeted.ShouldHaveSingleItem();
        (change.FromTotal, change.ToTotal).ShouldBe((1000L, 3000L));
        manifest.TotalTimesteps.ShouldBe(3000);
        manifest.ConfigurationSha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("longer"u8)));
        // a run of a version that noted no total has no change to tell of
        RunManifest old = (RunManifest.Of(plan) with { TotalTimesteps = null }).WithTotal(longer);
        old.Retargeted.ShouldBeEmpty();
        old.TotalTimesteps.ShouldBe(3000);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name_before_anything_is_made()
    {
        TrainingOptions good = FakeRuns.Options;
        (string Name, TrainingOptions Options)[] bad =
        [
            ("TotalTimesteps is 0", good with { TotalTimesteps = 0 }), ("EvaluateEvery is -1", good with { EvaluateEvery = -1 }),
            ("EvaluationEpisodes is 0", good with { EvaluationEpisodes = 0 }), ("CheckpointEvery is -2", good with { CheckpointEvery = -2 }),
            ("KeepCheckpoints is -1", good with { KeepCheckpoints = -1 }), ("LogEvery is -7", good with { LogEvery = -7 }),
        ];
        foreach ((string name, TrainingOptions options) in bad)
        {
            Should.Throw<RunException>(() => FakeRuns.Train(FakeRuns.Plan(folder.Path, options: options))).Message.ShouldStartWith(name);
        }

        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    private TRecord Again<TRecord>(TRecord record)
        where TRecord : class
    {
        string path = folder.Below("record.json");
        File.WriteAllBytes(path, Json.Write(record));
        return Json.Read<TRecord>(path)!;
    }
}
