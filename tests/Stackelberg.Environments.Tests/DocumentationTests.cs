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
    public void Games_page_lists_every_rule_of_the_multi_agent_checker_and_every_id()
    {
        string[] page = Page("games.md");
        string[] rows = [.. page.SkipWhile(l => l != "| rule | asks for |").Skip(2).TakeWhile(l => l.StartsWith('|'))];
        rows.ShouldBe(MultiAgentChecker.Rules.Select(r => $"| `{r.Name}` | {r.Description} |"));
        string[] ids = [.. page.SkipWhile(l => !l.StartsWith("| id ", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))];
        foreach (EnvironmentSpec spec in MultiAgentCatalogue.WithAll().Specs)
        {
            ids.ShouldContain(l => l.Contains($"`{spec.Id}`", StringComparison.Ordinal));
        }
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

    [Fact]
    public void Finite_mdp_page_lists_every_MDP_of_the_poster_with_its_exact_optimum()
    {
        string[] rows = [.. Page("finite-mdp.md").SkipWhile(l => !l.StartsWith("| id ", StringComparison.Ordinal)).Skip(2).TakeWhile(l => l.StartsWith('|'))];
        rows.Select(r => (r.Split('|')[1].Trim(' ', '`'), r.Split('|')[3].Trim())).ShouldBe(
            PosterMdps.All.Select(m => (m.Name, MdpPlanning.Optimum(m, m.Horizon!.Value).ToString("F2", CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Finite_mdp_pages_example_file_is_valid()
    {
        string page = string.Join('\n', Page("finite-mdp.md"));
        string json = page.Split("```json")[1].Split("```")[0];
        FiniteMdp mdp = FiniteMdpFile.Parse(json, "weather.json");
        (mdp.Name, mdp.Reward(1, 0, 2), mdp.Reward(1, 1, 2), mdp.IsTerminal(2)).ShouldBe(("weather", -10, -0.5, true));
        Should.Throw<FormatException>(() => FiniteMdpFile.Parse(json.Replace("0.1, 0.6, 0.3", "0.2, 0.6, 0.3", StringComparison.Ordinal), "weather.json"))
            .Message.ShouldBe(page.Split("as in `")[1].Split('`')[0]);
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
