using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>FSDDPG in the forms of docs/algorithms/fsddpg.md, against what algebra says of each.</summary>
public sealed class FastStackelbergTests
{
    [Theory]
    [InlineData("fsddpg")]
    [InlineData("fstd3")]
    public void As_listed_the_update_is_the_direct_gradient_times_one_plus_a_scalar(string id)
    {
        using OffPolicyGame game = OffPolicyGame.Of(id);
        (double[] direct, double[] total, double[] critic) = Compute(game, Hypergradient(id));

        // S = Σ 2gᵢ² / (2gᵢ² + ε) with the batch's mean gradient g
        double sum = critic.Sum(g => 2 * g * g / ((2 * g * g) + 1e-5));
        sum.ShouldBeGreaterThan(1);
        for (int i = 0; i < direct.Length; i++)
        {
            total[i].ShouldBe(direct[i] * (1 + sum), 1e-12 * Vectors.Norm<double>(direct) * (1 + sum));
        }
    }

    [Fact]
    public void With_the_equations_sign_the_listing_is_the_direct_gradient_times_one_minus_a_scalar()
    {
        using OffPolicyGame game = OffPolicyGame.Of("fsddpg");
        OffPolicyHypergradientOptions options = Hypergradient("fsddpg") with { Sign = ImplicitSign.Minus };
        (double[] direct, double[] total, double[] critic) = Compute(game, options, out HypergradientReport report);
        double sum = critic.Sum(g => 2 * g * g / ((2 * g * g) + 1e-5));
        report.Multiplier.ShouldBe(1 - sum, 1e-10 * sum);
        Learners.RelativeError(total, [.. direct.Select(d => d * (1 - sum))]).ShouldBeLessThan(1e-12);
        report.Degeneracy.ShouldBe(Degeneracy.Reverses);
    }

    [Fact]
    public void Equation_7_exactly_is_no_update_at_all_and_damping_brings_it_back()
    {
        using OffPolicyGame game = OffPolicyGame.Of("fsddpg");
        OffPolicyHypergradientOptions exact = Hypergradient("fsddpg") with
        {
            OuterProduct = OuterProduct.PerSample,
            Sign = ImplicitSign.Minus,
            Solver = "gauss-newton",
        };
        double Left(double damping, out HypergradientReport report)
        {
            (double[] direct, double[] total, _) = Compute(game, exact with { Damping = damping }, out report);
            return Vectors.Norm<double>(total) / Vectors.Norm<double>(direct);
        }

        Left(1e-8, out HypergradientReport report).ShouldBeLessThan(1e-6);
        report.Degeneracy.ShouldBe(Degeneracy.Cancels);
        double some = Left(0.5, out _);
        some.ShouldBeInRange(0.01, 0.9);
        Left(0.1, out _).ShouldBeLessThan(some);
        Left(1e9, out report).ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Diagonal_blocks_of_each_transitions_outer_products_reverse_the_update_and_the_listings_sign_keeps_it()
    {
        using OffPolicyGame game = OffPolicyGame.Of("fsddpg");
        OffPolicyHypergradientOptions blocks = Hypergradient("fsddpg") with { OuterProduct = OuterProduct.PerSample, Sign = ImplicitSign.Minus };
        Compute(game, blocks, out HypergradientReport minus);
        Compute(game, blocks with { Sign = ImplicitSign.Plus }, out HypergradientReport plus);
        minus.Multiplier.ShouldBeLessThan(0);
        plus.Multiplier.ShouldBe(2 - minus.Multiplier, 1e-9 * plus.Multiplier);
    }

    [Theory]
    [InlineData("sddpg")]
    [InlineData("sddpg-cg")]
    [InlineData("sddpg-bd")]
    [InlineData("st-ddpg")]
    [InlineData("std3")]
    [InlineData("fsddpg-cg")]
    public void Infinite_damping_leaves_the_direct_gradient_bit_for_bit(string id)
    {
        using OffPolicyGame game = OffPolicyGame.Of(id);
        (double[] direct, double[] total, _) = Compute(game, Hypergradient(id) with { Damping = 1e30 });
        total.ShouldBe(direct);
    }

    [Theory]
    [InlineData(FollowerLoss.Bellman)]
    [InlineData(FollowerLoss.Policy)]
    public void All_solvers_agree_where_the_system_is_positive_definite(FollowerLoss loss)
    {
        using OffPolicyGame game = OffPolicyGame.Of("st-ddpg", options => OffPolicyStackelberg.With(options, Leader.Actor, loss));
        OffPolicyHypergradientOptions common = new() { Curvature = Curvature.GaussNewton, Damping = 0.05, Iterations = 2000, Tolerance = 1e-13 };
        double[] expected = Compute(game, common with { Solver = "exact" }).Total;
        int parameters = game.Critics[0].Layout.Parameters.Count;
        foreach (string solver in (string[])["cholesky", "cg", "pcg", "minres", "cgnr", "gauss-newton", "nystrom-pcg"])
        {
            Learners.RelativeError(Compute(game, common with { Solver = solver }).Total, expected).ShouldBeLessThan(1e-6, solver);
        }

        // of full rank the approximation is the matrix itself
        Learners.RelativeError(Compute(game, common with { Solver = "nystrom", Rank = parameters }).Total, expected).ShouldBeLessThan(1e-6, "nystrom");
    }

    [Fact]
    public void A_run_whose_implicit_term_is_parallel_says_so_once()
    {
        using OffPolicyGame game = OffPolicyGame.Of("fsddpg", static options => options with { UpdateAfter = 100 });
        var sink = new RecordingSink();
        for (int i = 0; i < 3; i++)
        {
            game.Learner.Iterate(50, sink);
        }

        sink.Notices.ShouldHaveSingleItem().ShouldContain("parallel");
        sink.Reports.Count.ShouldBe(150);
        sink.Reports.ShouldAllBe(r => r.Degeneracy == Degeneracy.Rescales);
    }

    private static (double[] Direct, double[] Total, double[] Critic) Compute(OffPolicyGame game, OffPolicyHypergradientOptions options) =>
        Compute(game, options, out _);

    private static (double[] Direct, double[] Total, double[] Critic) Compute(
        OffPolicyGame game, OffPolicyHypergradientOptions options, out HypergradientReport report)
    {
        var problem = new OffPolicyActorLeads<double>(game.Learner, game.Choice, options);
        game.Rewind();
        double[] total = new double[problem.LeaderDimension];
        var solver = new SolverOptions
        {
            Name = options.Solver,
            Iterations = options.Iterations,
            Tolerance = options.Tolerance,
            Rank = options.Rank,
            Degree = options.Degree,
        };
        var hypergradient = new ImplicitHypergradient<double>(SolverCatalogue.Create<double>(solver, Primitives.RandomStream.FromSeed(1)));
        report = hypergradient.Compute(problem, options.Damping, total);
        return (game.Learner.ActorGradient.Span.ToArray(), total, hypergradient.RightHandSide.ToArray());
    }

    private static OffPolicyHypergradientOptions Hypergradient(string id) => ((IStackelbergOptions)AlgorithmCatalogue.Find(id)!.CreateOptions()).Hypergradient;
}
