using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
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
        (double[] direct, double[] total, double[] critic) = Compute(id, Hypergradient(id));

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
        HypergradientOptions options = Hypergradient("fsddpg") with { Sign = ImplicitSign.Minus };
        (double[] direct, double[] total, double[] critic) = Compute("fsddpg", options, out HypergradientReport report);
        double sum = critic.Sum(g => 2 * g * g / ((2 * g * g) + 1e-5));
        report.Multiplier.ShouldBe(1 - sum, 1e-10 * sum);
        Learners.RelativeError(total, [.. direct.Select(d => d * (1 - sum))]).ShouldBeLessThan(1e-12);
        report.Degeneracy.ShouldBe(Degeneracy.Reverses);
    }

    [Fact]
    public void Equation_7_exactly_is_no_update_at_all_and_damping_brings_it_back()
    {
        HypergradientOptions exact = Hypergradient("fsddpg") with
        {
            OuterProduct = OuterProduct.PerSample,
            Sign = ImplicitSign.Minus,
            Solver = "gauss-newton",
        };
        double Left(double damping, out HypergradientReport report)
        {
            (double[] direct, double[] total, _) = Compute("fsddpg", exact with { Damping = damping }, out report);
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
        HypergradientOptions blocks = Hypergradient("fsddpg") with { OuterProduct = OuterProduct.PerSample, Sign = ImplicitSign.Minus };
        Compute("fsddpg", blocks, out HypergradientReport minus);
        Compute("fsddpg", blocks with { Sign = ImplicitSign.Plus }, out HypergradientReport plus);
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
        (double[] direct, double[] total, _) = Compute(id, Hypergradient(id) with { Damping = 1e30 });
        total.ShouldBe(direct);
    }

    // An output bias c has Q_c = 1, so H e_c = 2 mean ∇_w Q = 2 ∂J/∂w: x = e_c / 2 solves the system, and the mixed product makes ∂J/∂θ of it
    [Theory]
    [InlineData("sddpg")]
    [InlineData("std3")]
    public void Solved_exactly_the_papers_stackelberg_derivative_vanishes_for_relu_critics_too(string id)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        var options = (OffPolicyOptions)descriptor.CreateOptions() with { UpdateAfter = 100, Updates = 2 };
        using IAlgorithm learner = descriptor.Create(new AlgorithmContext(new Drift(discrete: false, 30), RandomStream.FromSeed(5), 10_000, 1), options);
        var sink = new RecordingSink();
        for (int i = 0; i < 22; i++)
        {
            learner.Iterate(50, sink);
        }

        sink.Reports.Count.ShouldBeGreaterThan(15);
        sink.Reports.ShouldAllBe(r => !r.Guarded && r.Solve.Status == SolveStatus.Converged && Math.Abs(r.Multiplier) < 1e-2);
        sink.Notices.ShouldContain(n => n.Contains("cancels"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Diagonal_blocks_of_a_relu_critic_are_solved_around_units_that_never_fire(int degree)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find("sddpg-bd")!;
        var options = (DdpgOptions)descriptor.CreateOptions();
        options = options with { UpdateAfter = 100, Updates = 2, Leading = options.Leading with { Hypergradient = options.Leading.Hypergradient with { Degree = degree } } };
        using var learner = (Ddpg<float>)descriptor.Create(new AlgorithmContext(new Drift(discrete: false, 30), RandomStream.FromSeed(5), 10_000, 1), options);
        // the bias of a hidden unit: no observation of this environment makes it fire
        Player<float> player = learner.Players.Single(static p => p.Name == "critic");
        FlatVector<float> critic = player.Parameters;
        ParameterBlock bias = player.Layout.Blocks.First(b => b is { Rows: 1, Columns: 16 } or { Rows: 16, Columns: 1 });
        critic[bias.Offset] = critic[bias.Offset + 3] = -1000;
        var sink = new RecordingSink();
        for (int i = 0; i < 6; i++)
        {
            learner.Iterate(50, sink);
        }

        sink.Reports.ShouldNotBeEmpty();
        sink.Reports.ShouldAllBe(r => r.Solve.Status == SolveStatus.Approximated && r.ImplicitNorm > 0 && !r.Guarded);
    }

    [Fact]
    public void A_run_whose_solves_are_of_no_use_says_so_once_and_counts_them()
    {
        using OffPolicyGame game = OffPolicyGame.Of("sddpg", static o => o with
        {
            UpdateAfter = 100,
            Updates = 20,
            Leading = o.Leading with { Hypergradient = new HypergradientOptions { Solver = "cholesky", Curvature = Curvature.GaussNewton, Guard = false } },
        });
        var sink = new RecordingSink();
        for (int i = 0; i < 3; i++)
        {
            game.Learner.Iterate(50, sink);
        }

        // 24 transitions cannot make a matrix of 68 parameters regular
        sink.Reports.ShouldAllBe(r => r.Solve.Status == SolveStatus.Singular && r.Guarded && r.Dropped);
        sink.Notices.ShouldHaveSingleItem().ShouldContain("hypergradient.damping");
        sink.Metrics["hypergradient/dropped_updates"].ShouldBe(sink.Reports.Count);
        sink.Metrics["hypergradient/guarded_updates"].ShouldBe(0);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused_without_a_configuration_too()
    {
        static void Create(OffPolicyLeaderOptions leading, int batch = 100) =>
            new Ddpg<float>(new AlgorithmContext(new Drift(discrete: false, 30), RandomStream.FromSeed(5), 10_000, 1), new DdpgOptions { BatchSize = batch, Leading = leading with { Leader = LeaderRole.Actor } }).Dispose();

        Should.Throw<NotSupportedException>(() => Create(new() { FollowerLoss = FollowerLoss.Bellman })).Message.ShouldContain("target_policy=current");
        Should.Throw<NotSupportedException>(() => Create(new() { Hypergradient = new() { OuterProduct = OuterProduct.OfMeans } })).Message.ShouldContain("hypergradient.outer_product");
        Should.Throw<NotSupportedException>(() => Create(new() { Hypergradient = new() { Solver = "gauss-newton", Curvature = Curvature.GaussNewton } }, batch: 40_000))
            .Message.ShouldContain("smaller batch_size");
    }

    [Theory]
    [InlineData(FollowerLoss.Bellman)]
    [InlineData(FollowerLoss.Policy)]
    public void All_solvers_agree_where_the_system_is_positive_definite(FollowerLoss loss)
    {
        OffPolicyOptions WithLoss(OffPolicyOptions options) => OffPolicyStackelberg.With(options, LeaderRole.Actor, loss);
        HypergradientOptions common = new() { Curvature = Curvature.GaussNewton, Damping = 0.05, Iterations = 2000, Tolerance = 1e-13 };
        double[] expected = Compute("st-ddpg", common with { Solver = "exact" }, out _, WithLoss).Total;
        using OffPolicyGame game = OffPolicyGame.Of("st-ddpg");
        int parameters = game.CriticLayout.Parameters.Count;
        foreach (string solver in (string[])["cholesky", "cg", "pcg", "minres", "cgnr", "gauss-newton", "nystrom-pcg"])
        {
            Learners.RelativeError(Compute("st-ddpg", common with { Solver = solver }, out _, WithLoss).Total, expected).ShouldBeLessThan(1e-6, solver);
        }

        // of full rank the approximation is the matrix itself
        Learners.RelativeError(Compute("st-ddpg", common with { Solver = "nystrom", Rank = parameters }, out _, WithLoss).Total, expected).ShouldBeLessThan(1e-6, "nystrom");
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

    private static (double[] Direct, double[] Total, double[] Critic) Compute(string id, HypergradientOptions options) => Compute(id, options, out _);

    /// <summary>The same game at the same point, whatever the hypergradient.</summary>
    private static (double[] Direct, double[] Total, double[] Critic) Compute(
        string id, HypergradientOptions options, out HypergradientReport report, Func<OffPolicyOptions, OffPolicyOptions>? change = null)
    {
        using OffPolicyGame game = OffPolicyGame.Of(id, o =>
        {
            o = change?.Invoke(o) ?? o;
            return o with { Leading = o.Leading with { Hypergradient = options } };
        });
        game.Linearise();
        double[] total = new double[game.Problem.LeaderDimension], direct = new double[game.Problem.LeaderDimension];
        var solver = new SolverOptions
        {
            Name = options.Solver,
            Iterations = options.Iterations,
            Tolerance = options.Tolerance,
            Rank = options.Rank,
            Degree = options.Degree,
        };
        var hypergradient = new ImplicitHypergradient<double>(
            SolverCatalogue.BuiltIn.Create<double>(solver, RandomStream.FromSeed(1)),
            new ImplicitHypergradientOptions { Curvature = options.Curvature, Sign = options.Sign });
        report = hypergradient.Compute(game.Problem, options.Damping, total);
        game.Problem.DirectGradient(direct);
        return (direct, total, hypergradient.RightHandSide.ToArray());
    }

    private static HypergradientOptions Hypergradient(string id) => ((OffPolicyOptions)AlgorithmCatalogue.BuiltIn.Find(id)!.CreateOptions()).Leading.Hypergradient;
}
