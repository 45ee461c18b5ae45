namespace Stackelberg.Bilevel.Tests;

public sealed class LinearSolutionTests
{
    [Theory]
    [InlineData(SolveStatus.None, "none")]
    [InlineData(SolveStatus.Converged, "converged")]
    [InlineData(SolveStatus.IterationLimit, "iteration-limit")]
    [InlineData(SolveStatus.NonPositiveCurvature, "non-positive-curvature")]
    [InlineData(SolveStatus.Breakdown, "breakdown")]
    [InlineData(SolveStatus.NonFinite, "non-finite")]
    [InlineData(SolveStatus.Singular, "singular")]
    [InlineData(SolveStatus.Approximated, "approximated")]
    [InlineData(SolveStatus.Diverged, "diverged")]
    public void Status_is_named_in_kebab_case(SolveStatus status, string name) => status.Name().ShouldBe(name);

    [Fact]
    public void Every_status_has_a_name_of_its_own() =>
        Enum.GetValues<SolveStatus>().Select(status => status.Name()).Distinct().Count().ShouldBe(Enum.GetValues<SolveStatus>().Length);

    [Fact]
    public void Nothing_solved_is_not_converged() => default(LinearSolution).Status.ShouldBe(SolveStatus.None);
}
