using System.Text.Json;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Experiments.Tests.Configuration;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

/// <summary>Runs on an environment from a file keep it.</summary>
public sealed class EnvironmentFileTests : IDisposable
{
    private const string Mdp = """{ "states": 2, "actions": 2, "horizon": 5, "transitions": [[[0, 1], [1, 0]], [[0, 1], [1, 0]]], "rewards": [[0, 1], [2, 3]] }""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void File_is_the_environment_under_its_name_and_a_run_names_its_own_copy()
    {
        ResolvedConfiguration resolved = Resolve(Write("two.json", Mdp));

        resolved.Run.Env.ShouldBe("two.json");
        resolved.Environments.Make("two.json").Spec.MaxEpisodeSteps.ShouldBe(5);
        resolved.Values.Single(v => v.Key == "env").Text.ShouldBe(folder.Below("two.json"));
        resolved.ForSeed(3).ToYaml(origins: false).ShouldContain("\nenv: environment/two.json\n");
    }

    [Fact]
    public void Path_in_a_configuration_file_is_looked_for_beside_that_file()
    {
        Directory.CreateDirectory(folder.Below("sub"));
        Write(Path.Combine("sub", "two.json"), Mdp);
        string configuration = Write(Path.Combine("sub", "run.yml"), "algo: fake\nenv: two.json\n");

        FakeAlgorithm.Resolve(configuration).EnvironmentFile!.SourcePath.ShouldBe(folder.Below("sub", "two.json"));
    }

    [Theory]
    [InlineData("""{ "players": ["a", "b"], "actions": [["x"], ["y"]], "payoffs": [[[1]], [[2]]] }""", "bad.json' has several agents, and 'fake' learns for one")]
    [InlineData("""{ "states": 1, "actions": 1, "transitions": [[[1]]], "rewards": [[1]] }""", "never end")]
    [InlineData("""{ "states": 2 }""", "'actions' is missing")]
    [InlineData("{", "cannot be used as an environment")]
    [InlineData("""{"\ud800": 1}""", "half of a surrogate pair")]
    [InlineData("""{ "states": 2, "states": 2, "actions": 1 }""", "'states' is given twice")]
    [InlineData("""{ "states": 2, "actions": 1, "horizon": 5, "terminal": [0], "transitions": [[[0, 1]], [[0, 1]]], "rewards": [[1], [1]] }""", "may start in state 0 ('s0'), which is terminal")]
    [InlineData("""{ "states": 2, "actions": 1, "horizon": 5, "transitions": [[[0, 1]], [[0, 1]]], "rewards": [[1], [1e39]] }""", "rewards[1][0][1] is 1E+39")]
    public void File_that_cannot_be_trained_on_is_refused(string text, string words) =>
        Should.Throw<ConfigurationException>(() => Resolve(Write("bad.json", text))).Errors.ShouldHaveSingleItem().ToString().ShouldContain(words);

    [Fact]
    public void File_that_is_missing_or_hidden_is_refused()
    {
        Should.Throw<ConfigurationException>(() => Resolve(folder.Below("none.json"))).Errors.ShouldHaveSingleItem().Problem.ShouldContain("none.json");
        Should.Throw<ConfigurationException>(() => Resolve(Write(".two.json", Mdp))).Errors.ShouldHaveSingleItem().Next.ShouldContain("rename");
    }

    [Fact]
    public void Run_keeps_a_copy_and_its_hash_and_is_refused_once_the_copy_changes()
    {
        RunPlan plan = FakeRuns.Plan(folder.Below("runs")) with { EnvironmentFile = EnvironmentFile.Read(Write("two.json", Mdp)) };
        RunResult run = FakeRuns.Train(plan);
        string copy = Path.Combine(run.Directory, "environment", "two.json");

        File.ReadAllText(copy).ShouldBe(Mdp);
        JsonElement noted = JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Directory, "manifest.json"))).RootElement.GetProperty("environment_file");
        noted.GetProperty("sha256").GetString().ShouldBe(plan.EnvironmentFile.Sha256);
        noted.GetProperty("source").GetString().ShouldBe(folder.Below("two.json"));
        RunDirectory.Read(run.Directory).Environment.ShouldBe("NoisyWalk");

        File.WriteAllText(copy, Mdp.Replace('3', '4'));
        Should.Throw<RunException>(() => RunDirectory.Read(run.Directory)).Message.ShouldContain("was changed");
        File.Delete(copy);
        Should.Throw<RunException>(() => RunDirectory.Read(run.Directory)).Message.ShouldContain("has lost its environment");
    }

    [Fact]
    public void Run_is_not_resumed_on_another_file()
    {
        RunPlan plan = FakeRuns.Plan(folder.Below("runs")) with { EnvironmentFile = EnvironmentFile.Read(Write("two.json", Mdp)) };
        FakeRuns.Train(plan);

        RunPlan other = plan with { EnvironmentFile = EnvironmentFile.Read(Write("two.json", Mdp.Replace('3', '4'))) };
        FakeRuns.Refusal(other).ShouldContain("was not started on");
    }

    private static ResolvedConfiguration Resolve(string path) => FakeAlgorithm.Resolve(null, null, ("algo", "fake"), ("env", path));

    private string Write(string name, string text)
    {
        string path = folder.Below(name);
        File.WriteAllText(path, text);
        return path;
    }
}
