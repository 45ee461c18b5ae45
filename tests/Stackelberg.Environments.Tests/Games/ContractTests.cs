namespace Stackelberg.Environments.Tests.Games;

public sealed class ContractTests
{
    private static readonly MultiAgentCatalogue Catalogue = MultiAgentCatalogue.WithAll();

    public static TheoryData<string> Ids => [.. Catalogue.Specs.Select(s => s.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_environment_keeps_the_contract_without_a_finding(string id)
    {
        EnvironmentCheckReport report = MultiAgentChecker.Check(() => Catalogue.Make(id), new EnvironmentCheckOptions { SearchSteps = 5_000 });
        report.Findings.Where(f => !f.Seen.StartsWith("the longest episode found", StringComparison.Ordinal)).ShouldBeEmpty();
        report.Id.ShouldBe(id);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_environment_has_one_leader_and_followers_in_the_order_of_play(string id)
    {
        using IMultiAgentEnvironment environment = Catalogue.Make(id);
        environment.Agents.Select(a => a.Level).ShouldBe(Enumerable.Range(0, environment.Agents.Count));
        environment.Spec.Description.ShouldNotBeEmpty();
    }
}
