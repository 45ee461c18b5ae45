using Stackelberg.Agents.Algorithms;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Tests.Options;

/// <summary>Contradictions of Nyström approximations, bounds and controls, by the key they are told with.</summary>
public sealed class NystromAndBoundFaultTests
{
    private static readonly HypergradientOptions Nystrom = new() { Solver = "nystrom", Rho = 50 };

    [Theory]
    [InlineData("nystrom", 0, 0, DampingKind.Fixed, "hypergradient.damping")]
    [InlineData("nystrom-released", 0, 0, DampingKind.Fixed, "hypergradient.damping")]
    [InlineData("nystrom-released", 1, 0, DampingKind.Exponential, "hypergradient.damping_schedule")]
    [InlineData("nystrom-released", 1, 50, DampingKind.Exponential, null)]
    [InlineData("nystrom-released", 0, 50, DampingKind.Fixed, null)]
    [InlineData("nystrom-pcg", 0, 0, DampingKind.Fixed, null)]
    public void A_low_rank_matrix_needs_a_shift_throughout(string solver, double damping, double rho, DampingKind schedule, string? key) =>
        Keys(new HypergradientOptions { Solver = solver, Damping = damping, Rho = rho, DampingSchedule = schedule }).ShouldBe(key is null ? [] : [key]);

    [Theory]
    [InlineData("nystrom-released", NystromColumns.Fresh, "hypergradient.solver")]
    [InlineData("nystrom", NystromColumns.GaussNewton, "hypergradient.columns")]
    [InlineData("nystrom-pcg", NystromColumns.GaussNewton, "hypergradient.columns")]
    [InlineData("nystrom", NystromColumns.Fixed, null)]
    public void What_is_the_critics_alone_needs_the_actor_to_lead(string solver, NystromColumns columns, string? key)
    {
        HypergradientOptions options = Nystrom with { Solver = solver, Columns = columns };
        Keys(options).ShouldBeEmpty();
        Keys(options, LeaderRole.None).ShouldBeEmpty();
        Keys(options, LeaderRole.Critic).ShouldBe(key is null ? [] : [key]);
    }

    [Theory]
    [InlineData(BoundSchedule.Annealed, BoundKind.AtMost, double.PositiveInfinity, 0.15, "hypergradient.bound")]
    [InlineData(BoundSchedule.Annealed, BoundKind.AtMost, 0, 0.15, "hypergradient.bound")]
    [InlineData(BoundSchedule.Annealed, BoundKind.Exactly, double.PositiveInfinity, 0.15, "hypergradient.bound")]
    [InlineData(BoundSchedule.Constant, BoundKind.Exactly, double.PositiveInfinity, 0.15, "hypergradient.bound")]
    [InlineData(BoundSchedule.Annealed, BoundKind.AtMost, 1, double.PositiveInfinity, "hypergradient.final_bound")]
    [InlineData(BoundSchedule.Annealed, BoundKind.Exactly, 1, 2, null)]
    [InlineData(BoundSchedule.Constant, BoundKind.Exactly, 0, 0.15, null)]
    [InlineData(BoundSchedule.Constant, BoundKind.AtMost, double.PositiveInfinity, 0.15, null)]
    public void Bounds_that_change_or_scale_up_are_finite(BoundSchedule schedule, BoundKind kind, double bound, double final, string? key)
    {
        HypergradientOptions options = new() { BoundSchedule = schedule, BoundKind = kind, Bound = bound, FinalBound = final };
        Keys(options).ShouldBe(key is null ? [] : [key]);
        Keys(options with { Method = HypergradientMethod.FirstOrder }).ShouldBeEmpty("nobody reads them");
    }

    [Fact]
    public void What_asks_for_one_critic_is_refused_where_there_are_two()
    {
        Of(new SacOptions(), Nystrom with { Solver = "nystrom-released" }).ShouldBe(["hypergradient.solver"]);
        Of(new SacOptions(), Nystrom with { Columns = NystromColumns.GaussNewton }).ShouldBe(["hypergradient.columns"]);
        Of(new SacOptions(), Nystrom with { Columns = NystromColumns.GaussNewton, Curvature = Curvature.GaussNewton }).ShouldBeEmpty();
        Of(new DdpgOptions(), Nystrom with { Solver = "nystrom-released", Columns = NystromColumns.GaussNewton }).ShouldBeEmpty();
        Of(new DdpgOptions(), Nystrom with { Solver = "nystrom-released", OuterProduct = OuterProduct.OfMeans, Curvature = Curvature.GaussNewton })
            .ShouldBe(["hypergradient.solver"]);

        static string[] Of(OffPolicyOptions options, HypergradientOptions hypergradient) =>
        [
            .. OffPolicyFaults.Of(options with
            {
                TargetPolicy = TargetPolicy.Current,
                ActionNoise = options is SacOptions ? 0 : options.ActionNoise,
                Leading = new() { Leader = LeaderRole.Actor, FollowerLoss = hypergradient.OuterProduct == OuterProduct.OfMeans ? FollowerLoss.Policy : FollowerLoss.Bellman, Hypergradient = hypergradient },
            }).Select(static f => f.Key),
        ];
    }

    private static string[] Keys(HypergradientOptions options, LeaderRole leader = LeaderRole.Actor) =>
        [.. HypergradientFaults.Of(new LeaderOptions { Leader = leader, Hypergradient = options }).Select(static f => f.Key)];
}
