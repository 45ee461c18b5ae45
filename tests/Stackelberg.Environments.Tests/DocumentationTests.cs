using System.Globalization;

namespace Stackelberg.Environments.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public void Contract_page_lists_every_rule_of_the_checker_in_order_with_its_description()
    {
        string[] rows = [.. Page("contract.md").SkipWhile(l => l != "| rule | asks for |").Skip(2).TakeWhile(l => l.StartsWith('|'))];
        rows.ShouldBe(EnvironmentChecker.Rules.Select(r => $"| `{r.Name}` | {r.Description} |"));
    }

    [Fact]
    public void Classic_control_page_states_the_registered_limits_and_thresholds()
    {
        EnvironmentCatalogue catalogue = new();
        Stackelberg.Environments.ClassicControl.Register(catalogue);
        IEnumerable<string> table = Page("classic-control.md").SkipWhile(l => !l.StartsWith("| id ", StringComparison.Ordinal));
        string[] rows = [.. table.Skip(2).TakeWhile(l => l.StartsWith('|'))];
        rows.Length.ShouldBe(catalogue.Specs.Count());
        foreach (EnvironmentSpec spec in catalogue.Specs)
        {
            string threshold = spec.RewardThreshold?.ToString(CultureInfo.InvariantCulture) ?? "–";
            rows.ShouldContain(r => r.StartsWith($"| `{spec.Id}` | {spec.MaxEpisodeSteps} steps | {threshold} |", StringComparison.Ordinal));
        }
    }

    private static string[] Page(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Stackelberg.slnx")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllLines(Path.Combine(folder.ShouldNotBeNull().FullName, "docs", "environments", name));
    }
}
