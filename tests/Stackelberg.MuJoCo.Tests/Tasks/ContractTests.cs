using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.MuJoCo.Tasks;
using Stackelberg.MuJoCo.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.MuJoCo.Tests.Tasks;

public sealed class ContractTests
{
    public static TheoryData<string> Ids => [.. TaskCase.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_registered_task_keeps_the_contract(string id)
    {
        EnvironmentCatalogue catalogue = TaskCase.Catalogue();
        EnvironmentCheckReport report = EnvironmentChecker.Check(
            () => catalogue.Make(id), new EnvironmentCheckOptions { Steps = 200, SearchSteps = 2000 });
        report.Findings.Where(f => f.Severity != FindingSeverity.Advice).ShouldBeEmpty();
        report.Completed.Count.ShouldBe(EnvironmentChecker.Rules.Count);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Steps_and_resets_allocate_nothing(string id)
    {
        using MujocoEnvironment task = TaskCase.Make(id);
        AllocatedBy(task).ShouldBe(0);
    }

    [Fact]
    public void Contact_forces_allocate_nothing()
    {
        using var ant = new Ant(new AntOptions { UseContactForces = true });
        AllocatedBy(ant).ShouldBe(0);
    }

    [Fact]
    public void Hopper_that_never_terminates_reaches_its_time_limit_and_keeps_the_contract()
    {
        var options = new HopperOptions { TerminateWhenUnhealthy = false };
        EnvironmentCheckReport report = EnvironmentChecker.Check(
            () => new TimeLimit(new Hopper(options), 50), new EnvironmentCheckOptions { Steps = 200, SearchSteps = 2000 });
        report.Findings.ShouldBeEmpty();
    }

    private static long AllocatedBy(MujocoEnvironment task)
    {
        double[] observation = new double[task.ObservationSpace.Size];
        double[] action = new double[task.ActionSpace.Size];
        RandomStream random = RandomStream.FromSeed(5);
        task.Reset(7, observation);
        Walk(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Walk(300);
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Walk(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                task.ActionSpace.Sample(random, action);
                if (task.Step(action, observation).Ended || i % 50 == 49)
                {
                    task.Reset(null, observation);
                }
            }
        }
    }
}
