using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.MuJoCo.Tasks;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class ContractTests
{
    public static TheoryData<string> Ids()
    {
        var catalogue = new EnvironmentCatalogue();
        MujocoTasks.Register(catalogue);
        return [.. catalogue.Specs.Select(s => s.Id)];
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_task_keeps_the_contract(string id)
    {
        var catalogue = new EnvironmentCatalogue();
        MujocoTasks.Register(catalogue);
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => catalogue.Make(id), new EnvironmentCheckOptions { Steps = 200, SearchSteps = 2000 });
        report.Findings.Where(f => f.Severity != FindingSeverity.Advice).ShouldBeEmpty();
        report.Completed.Count.ShouldBe(EnvironmentChecker.Rules.Count);
    }

    [Fact]
    public void Hopper_that_never_terminates_reaches_its_time_limit_and_keeps_the_contract()
    {
        var options = new HopperOptions { TerminateWhenUnhealthy = false };
        EnvironmentCheckReport report = EnvironmentChecker.Check(
            () => new TimeLimit(new Hopper(options), 50), new EnvironmentCheckOptions { Steps = 200, SearchSteps = 2000 });
        report.Findings.ShouldBeEmpty();
    }
}
