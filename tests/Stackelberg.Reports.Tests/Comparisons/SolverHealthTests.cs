using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.Comparisons;

/// <summary>How the leader's solves went, over all runs of a group.</summary>
public sealed class SolverHealthTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shares_statuses_and_medians_are_over_the_rows_of_all_runs()
    {
        new WrittenRun("stac", 0, 1) { Solves = [Row(600, "converged", "0.1"), Row(1200, "converged", "0.3"), Row(1200, "iteration limit", "0.5", guarded: 1)] }.Write(folder["runs"]);
        new WrittenRun("stac", 1, 1) { Solves = [Row(1200, "converged", "0.9"), Row(1200, "", "", dropped: 1)] }.Write(folder["runs"]);

        SolverHealth health = Compare().Groups[0].Health.ShouldNotBeNull();

        (health.Updates, health.Guarded, health.Dropped).ShouldBe((5, 0.2, 0.2));
        health.Statuses.ShouldBe([("converged", 3), ("iteration limit", 1)]);
        health.Residual.Steps.ShouldBe([600, 1200]);
        health.Residual.Values.ShouldBe([0.1, 0.5]);
    }

    [Fact]
    public void Without_a_leader_there_is_none()
    {
        new WrittenRun("ac", 0, 1).Write(folder["runs"]);

        Compare().Groups[0].Health.ShouldBeNull();
    }

    [Theory]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("")]
    public void Residuals_that_are_no_numbers_are_in_no_median(string residual)
    {
        new WrittenRun("stac", 0, 1) { Solves = [Row(1000, "breakdown", residual), Row(1000, "converged", "0.25")] }.Write(folder["runs"]);

        SolverHealth health = Compare().Groups[0].Health.ShouldNotBeNull();

        (health.Updates, health.Residual.Values.ShouldHaveSingleItem()).ShouldBe((2, 0.25));
    }

    private static string Row(long step, string status, string residual, int guarded = 0, int dropped = 0) =>
        $"{step},1,0,implicit,1,1,0.5,1,{guarded},{dropped},{status},3,{residual},0.1,0,";

    private Comparison Compare() => Comparer.Compare([folder["runs"]], new ComparisonOptions());
}
