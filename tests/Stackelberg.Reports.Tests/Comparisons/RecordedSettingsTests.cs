using Stackelberg.Agents;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>A run's manifest and its configuration file say the same, until one of them is altered.</summary>
public sealed class RecordedSettingsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Algorithms => [.. AlgorithmCatalogue.BuiltIn.All.Select(a => a.Id)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_every_algorithm_writes_down_agrees_with_itself_and_with_no_other_value_of_any_key(string algorithm)
    {
        RunPlan plan = Plan(algorithm, "CartPole-v1") ?? Plan(algorithm, "Pendulum-v1") ?? Plan(algorithm, "Escape-v0")!;
        File.WriteAllText(folder["config.yml"], plan.ConfigurationText);

        RecordedSettings.Disagreement(folder["config.yml"], plan.Settings).ShouldBeNull();
        foreach (string key in plan.Settings.Keys)
        {
            RecordedSettings.Disagreement(folder["config.yml"], new Dictionary<string, string>(plan.Settings) { [key] = "12345" })!.ShouldStartWith($"{key} is 12345 and ");
        }
    }

    [Theory]
    [InlineData("none", "null", true)]
    [InlineData("infinity", ".inf", true)]
    [InlineData("1E-05", "1.0e-05", true)]
    [InlineData("3", "3.0", true)]
    [InlineData("64,64", "[64, 64]", true)]
    [InlineData("", "[]", true)]
    [InlineData("a,b.dll", "[\"a,b.dll\"]", true)]
    [InlineData("64,64", "[64, 32]", false)]
    [InlineData("64", "[64, 64]", false)]
    [InlineData("18446744073709551615", "18446744073709551614", false)]
    [InlineData("0.1", "0.10000000000000002", false)]
    [InlineData("none", "0", false)]
    public void Values_are_equal_however_YAML_writes_them(string noted, string written, bool isEqual)
    {
        File.WriteAllText(folder["config.yml"], $"key: {written}\n");

        RecordedSettings.Disagreement(folder["config.yml"], new Dictionary<string, string> { ["key"] = noted }).ShouldBe(isEqual ? null : $"key is {noted} and {written.Trim('[', ']').Replace(", ", ",")}");
    }

    [Fact]
    public void Versions_that_noted_nothing_disagree_with_nothing()
    {
        File.WriteAllText(folder["config.yml"], "key: 1\n");

        RecordedSettings.Disagreement(folder["config.yml"], new Dictionary<string, string>()).ShouldBeNull();
    }

    private RunPlan? Plan(string algorithm, string environment)
    {
        try
        {
            ConfigurationRequest request = TinyEntry.Request with { Flags = [new("algo", algorithm), new("env", environment), new("seeds", "3")] };
            return RunPlan.Of(ConfigurationResolver.Resolve(request).ForSeed(3), folder["run"], []);
        }
        catch (ConfigurationException)
        {
            return null;
        }
    }
}
