using System.Text.Json;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_are_found_below_any_parent_with_seeds_in_numerical_order()
    {
        foreach (ulong seed in new ulong[] { 10, 2, 0 })
        {
            FakeRuns.Train(FakeRuns.Plan(folder.Path, seed));
        }

        RunDirectory.Find(folder.Path).Select(r => r.Seed).ShouldBe([0ul, 2ul, 10ul]);
        RunDirectory.Find(folder.Below("NoisyWalk", "random-search", "seed-2")).Select(r => r.Seed).ShouldBe([2ul]);
        RunInfo info = RunDirectory.Find(folder.Path)[0];
        info.Environment.ShouldBe("NoisyWalk");
        info.Algorithm.ShouldBe("random-search");
        info.ConfigurationText.ShouldBe("algo: random-search\n");
        info.Result!.Steps.ShouldBe(1000);
        info.Directory.ShouldBe(RunDirectory.PathFor(folder.Path, "NoisyWalk", "random-search", 0));
    }

    [Fact]
    public void Where_there_is_no_run_the_message_says_so()
    {
        Should.Throw<RunException>(() => RunDirectory.Find(folder.Path)).Message.ShouldContain("manifest.json");
        Should.Throw<RunException>(() => RunDirectory.Find(folder.Below("absent"))).Message.ShouldContain("no folder");
        Should.Throw<RunException>(() => RunDirectory.Read(folder.Path)).Message.ShouldContain("no run");
    }

    [Fact]
    public void An_unreadable_manifest_is_named()
    {
        File.WriteAllText(folder.Below("manifest.json"), "{ half");
        Should.Throw<RunException>(() => RunDirectory.Read(folder.Path)).Message.ShouldContain(folder.Below("manifest.json"));
        File.WriteAllText(folder.Below("manifest.json"), """{"format": "stackelberg-run-2"}""");
        Should.Throw<RunException>(() => RunDirectory.Read(folder.Path)).Message.ShouldContain("manifest.json");
    }

    [Fact]
    public void The_manifest_tells_what_was_run_on_what_and_every_resumption()
    {
        RunPlan plan = FakeRuns.Plan(folder.Path) with { Facts = new Dictionary<string, string> { ["engine"] = "none" } };
        FakeRuns.TrainUntil(folder.Path, 300);
        FakeRuns.Train(plan with { CommandLine = ["resume", "runs"], ConfigurationText = "algo: random-search # longer\n" }, RunMode.Resume);

        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(plan.Directory, "manifest.json")));
        JsonElement root = manifest.RootElement;
        root.GetProperty("seed").GetInt32().ShouldBe(7);
        root.GetProperty("command_line").EnumerateArray().Select(a => a.GetString()).ShouldBe(["train", "--algo", "random-search"]);
        root.GetProperty("version").GetString().ShouldStartWith("0.");
        root.GetProperty("machine").GetProperty("cores").GetInt32().ShouldBe(Environment.ProcessorCount);
        root.GetProperty("machine").GetProperty("dotnet").GetString()!.ShouldContain(Environment.Version.ToString(2));

        root.GetProperty("configuration_sha256").GetString().ShouldBe(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(plan.Directory, "config.yml")))));
        JsonElement resumption = root.GetProperty("resumed").EnumerateArray().Single();
        resumption.GetProperty("from_step").GetInt64().ShouldBe(325); // cancelled at 312, and the iteration that began there completed
        resumption.GetProperty("command_line")[0].GetString().ShouldBe("resume");
        RunDirectory.Read(plan.Directory).ConfigurationText.ShouldContain("longer");
    }

    [Fact]
    public void Times_add_up_over_resumptions()
    {
        RunResult first = FakeRuns.TrainUntil(folder.Path, 500);
        RunResult second = FakeRuns.Train(FakeRuns.Plan(folder.Path), RunMode.Resume);

        second.Times.WallSeconds.ShouldBeGreaterThan(first.Times.WallSeconds);
        second.Times.EvaluationSeconds.ShouldBeGreaterThan(first.Times.EvaluationSeconds);
        second.Times.TrainingSeconds.ShouldBeLessThan(second.Times.WallSeconds);
        RunDirectory.Read(second.Directory).Result!.Times.WallSeconds.ShouldBe(second.Times.WallSeconds, 0.5);
    }
}
