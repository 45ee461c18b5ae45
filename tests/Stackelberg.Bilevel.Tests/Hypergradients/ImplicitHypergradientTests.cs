using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

public sealed class ImplicitHypergradientTests
{
    private static readonly double[] Eigenvalues = [1, 2, 3, 5, 8];

    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("cholesky")]
    [InlineData("exact")]
    [InlineData("neumann")]
    public void Solved_follower_gives_the_closed_form(string solver)
    {
        QuadraticBilevelProblem<double> problem = Solved(Quadratic());
        double[] result = new double[3];
        HypergradientReport report = Create(solver).Compute(problem, 0, result);

        result.ShouldBeCloseTo(problem.ClosedForm()!, 1e-8);
        report.Method.ShouldBe(solver);
        report.Solve.Status.ShouldBe(SolveStatus.Converged);
        report.Scale.ShouldBe(1);
        report.Guarded.ShouldBeFalse();
        report.Seconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Solved_quadratic_follower_agrees_with_finite_differences()
    {
        QuadraticBilevelProblem<double> problem = Solved(Quadratic());
        double[] result = new double[3], reference = new double[3];
        Create("exact").Compute(problem, 0, result);
        new FiniteDifferenceHypergradient<double>().Compute(problem, 0, reference);

        result.ShouldBeCloseTo(reference, 1e-8);
    }

    [Fact]
    public void Solved_network_follower_agrees_with_finite_differences()
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(2), weightDecay: 0.1);
        double gradientNorm = new FollowerNewton<double>().Solve(problem);
        double[] result = new double[4], reference = new double[4];
        HypergradientReport report = Create("minres").Compute(problem, 0, result);
        new FiniteDifferenceHypergradient<double>().Compute(problem, 0, reference);

        gradientNorm.ShouldBeLessThan(1e-12);
        report.ImplicitNorm.ShouldBeGreaterThan(1e-3);
        result.ShouldBeCloseTo(reference, 1e-8);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("minres")]
    [InlineData("exact")]
    public void Single_precision_agrees_with_double_to_its_rounding(string solver)
    {
        QuadraticCoefficients coefficients = Quadratic();
        double[] expected = new double[3];
        Create("exact").Compute(new QuadraticBilevelProblem<double>(coefficients), 0, expected);
        float[] result = new float[3];
        new ImplicitHypergradient<float>(SolverCatalogue.BuiltIn.Create<float>(new SolverOptions { Name = solver }))
            .Compute(new QuadraticBilevelProblem<float>(coefficients), 0, result).Solve.Status.ShouldBe(SolveStatus.Converged);

        Array.ConvertAll(result, value => (double)value).ShouldBeCloseTo(expected, 1e-4);
    }

    [Fact]
    public void Report_measures_both_terms()
    {
        var problem = new QuadraticBilevelProblem<double>(new QuadraticCoefficients(
            1, 1, Q: [2], B: [3], C: [0], D: [0], E: [4], F: [0], G: [5], X: [0], Y: [0]));
        double[] result = new double[1];
        HypergradientReport report = Create("cg").Compute(problem, 0.5, result);

        // 4 − 3 · 5 / 2.5
        result[0].ShouldBe(-2, 1e-14);
        report.DirectNorm.ShouldBe(4);
        report.ImplicitNorm.ShouldBe(6, 1e-14);
        report.Cosine.ShouldBe(-1, 1e-14);
        report.Solve.Damping.ShouldBe(0.5);
    }

    [Theory]
    [InlineData(0.5, 2, 1.0 / 3)]
    [InlineData(2, -2, 1)]
    [InlineData(0, 4, 0)]
    [InlineData(double.PositiveInfinity, -2, 1)]
    public void Bound_scales_the_implicit_term_down_never_up(double bound, double expected, double scale)
    {
        var problem = new QuadraticBilevelProblem<double>(new QuadraticCoefficients(
            1, 1, Q: [2], B: [3], C: [0], D: [0], E: [4], F: [0], G: [5], X: [0], Y: [0]));
        double[] result = new double[1];
        HypergradientReport report = new ImplicitHypergradient<double>(
            new ExactSolver<double>(), new ImplicitHypergradientOptions { Bound = bound }).Compute(problem, 0.5, result);

        result[0].ShouldBe(expected, 1e-14);
        report.Scale.ShouldBe(scale, 1e-14);
        report.ImplicitNorm.ShouldBe(6, 1e-14);
        report.Guarded.ShouldBeFalse();
    }

    [Fact]
    public void Infinite_damping_tends_to_the_direct_gradient() => Check.One(
        Laws.Of(30),
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            var problem = new QuadraticBilevelProblem<double>(BuiltInProblems.RandomQuadratic(3, Eigenvalues, RandomStream.FromSeed((ulong)seed)));
            double[] direct = new double[3], damped = new double[3];
            problem.DirectGradient(direct);
            Create("cg").Compute(problem, 1e12, damped);
            damped.ShouldBeCloseTo(direct, 1e-8);
        }));

    [Fact]
    public void Scaling_the_follower_loss_changes_nothing_and_the_leader_loss_scales_the_result() => Check.One(
        Laws.Of(30),
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed =>
        {
            QuadraticCoefficients given = BuiltInProblems.RandomQuadratic(3, Eigenvalues, RandomStream.FromSeed((ulong)seed));
            double[] plain = Exact(given);
            Exact(given with { Q = Times(given.Q, 7), B = Times(given.B, 7), C = Times(given.C, 7) }).ShouldBeCloseTo(plain, 1e-10);
            Exact(given with { D = Times(given.D, 7), E = Times(given.E, 7), F = Times(given.F, 7), G = Times(given.G, 7) })
                .ShouldBeCloseTo(Times(plain, 7), 1e-10);
        }));

    [Fact]
    public void Guard_replaces_a_bad_solve_by_a_multiple_of_the_direct_gradient()
    {
        var indefinite = new QuadraticBilevelProblem<double>(
            BuiltInProblems.RandomQuadratic(3, [1, -1e-9, 2, -2, 1], RandomStream.FromSeed(1)));
        double[] direct = new double[3], result = new double[3];
        indefinite.DirectGradient(direct);
        var hypergradient = new ImplicitHypergradient<double>(
            new ExactSolver<double>(), new ImplicitHypergradientOptions { Guard = new MultiplierGuard(Replacement: 2) });

        HypergradientReport report = hypergradient.Compute(indefinite, 0, result);

        report.Guarded.ShouldBeTrue();
        report.ImplicitNorm.ShouldBeGreaterThan(1e5);
        result.ShouldBe(direct.Select(value => 2 * value));
    }

    [Theory]
    [InlineData(0.5, 3, false)]
    [InlineData(1.5, 3, true)]
    [InlineData(double.NaN, 3, true)]
    [InlineData(0.5, -0.5, true)]
    [InlineData(0.5, 5.5, true)]
    [InlineData(0.5, 0, false)]
    [InlineData(0.5, 5, false)]
    public void Guard_acts_on_residual_and_multiplier(double residual, double multiplier, bool acts)
    {
        // the multiplier is 1 + cosine · implicit / direct
        var term = new GuardedTerm(
            new LinearSolution(SolveStatus.IterationLimit, 10, residual, 1, 0), 2, 2 * Math.Abs(multiplier - 1), Math.Sign(multiplier - 1));
        double.IsNaN(new MultiplierGuard().Replace(term)).ShouldBe(!acts);
    }

    [Fact]
    public void Guard_lets_a_good_solve_pass()
    {
        var problem = new QuadraticBilevelProblem<double>(Quadratic());
        double[] plain = new double[3], guarded = new double[3];
        Create("exact").Compute(problem, 0, plain);
        HypergradientReport report = new ImplicitHypergradient<double>(
            new ExactSolver<double>(), new ImplicitHypergradientOptions { Guard = new MultiplierGuard(1, -1e9, 1e9) }).Compute(problem, 0, guarded);
        report.Guarded.ShouldBeFalse();
        guarded.ShouldBe(plain);
    }

    [Fact]
    public void Singular_and_non_finite_solves_drop_the_implicit_term_and_say_so()
    {
        var singular = new QuadraticBilevelProblem<double>(BuiltInProblems.RandomQuadratic(3, [0, 1, 2], RandomStream.FromSeed(1)));
        double[] direct = new double[3], result = new double[3];
        singular.DirectGradient(direct);
        HypergradientReport report = Create("cholesky").Compute(singular, 0, result);
        report.Solve.Status.ShouldBe(SolveStatus.Singular);
        report.Guarded.ShouldBeTrue();
        result.ShouldBe(direct);

        var broken = new QuadraticBilevelProblem<double>(Quadratic() with { G = [double.NaN, 0, 0, 0, 0] });
        broken.DirectGradient(direct);
        report = Create("cg").Compute(broken, 0, result);
        report.Solve.Status.ShouldBe(SolveStatus.NonFinite);
        report.Guarded.ShouldBeTrue();
        result.ShouldBe(direct);
    }

    // eigenvalues of either sign: one step of conjugate gradients has α = ‖r‖² / rᵀAr far above 1 and makes the residual larger
    [Fact]
    public void Warm_starts_do_not_pile_up_where_conjugate_gradients_make_things_worse()
    {
        double[] eigenvalues = [.. Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? 1 : -1.1)];
        var problem = new QuadraticBilevelProblem<double>(BuiltInProblems.RandomQuadratic(3, eigenvalues, RandomStream.FromSeed(1)));
        var solver = new SolverOptions { Iterations = 1, Tolerance = 0, ContinueThroughNegativeCurvature = true };
        ImplicitHypergradient<double> Warm() => new(new ConjugateGradient<double>(solver), new ImplicitHypergradientOptions { WarmStart = true });
        ImplicitHypergradient<double> warm = Warm();
        double[] result = new double[3], again = new double[3];
        double first = warm.Compute(problem, 0, result).Solve.RelativeResidual;
        first.ShouldBeGreaterThan(1, "the case must be a bad one");
        for (int i = 0; i < 20; i++)
        {
            ImplicitHypergradient<double> restored = Warm();
            MemoryState.Of(warm).Restore(restored);
            warm.Compute(problem, 0, result).Solve.RelativeResidual.ShouldBeLessThan(2 * first);
            restored.Compute(problem, 0, again);
            again.ShouldBe(result);
        }
    }

    [Fact]
    public void A_solution_that_was_never_begun_is_dropped_whatever_the_status()
    {
        var problem = new QuadraticBilevelProblem<double>(BuiltInProblems.RandomQuadratic(3, [-1, -2, -3, -4], RandomStream.FromSeed(1)));
        double[] direct = new double[3], result = new double[3];
        problem.DirectGradient(direct);
        HypergradientReport report = Create("cg").Compute(problem, 0, result);
        report.Solve.Status.ShouldBe(SolveStatus.NonPositiveCurvature);
        report.Guarded.ShouldBeTrue();
        result.ShouldBe(direct);
    }

    [Fact]
    public void Warm_start_resumes_from_the_last_solution_and_survives_saving()
    {
        var problem = new QuadraticBilevelProblem<double>(Quadratic());
        var options = new ImplicitHypergradientOptions { WarmStart = true };
        var solver = new SolverOptions { Iterations = 2 };
        var warm = new ImplicitHypergradient<double>(new ConjugateGradient<double>(solver), options);
        var cold = new ImplicitHypergradient<double>(new ConjugateGradient<double>(solver));
        double[] result = new double[3], again = new double[3];
        double first = warm.Compute(problem, 0, result).Solve.RelativeResidual;
        var restored = new ImplicitHypergradient<double>(new ConjugateGradient<double>(solver), options);
        MemoryState.Of(warm).Restore(restored);
        double second = warm.Compute(problem, 0, result).Solve.RelativeResidual;
        restored.Compute(problem, 0, again);

        second.ShouldBeLessThan(0.5 * first);
        again.ShouldBe(result);
        cold.Compute(problem, 0, result);
        cold.Compute(problem, 0, result).Solve.RelativeResidual.ShouldBe(first);
    }

    [Fact]
    public void Warm_start_does_not_resume_from_a_solution_that_the_guard_rejected()
    {
        var problem = new QuadraticBilevelProblem<double>(Quadratic());
        var options = new ImplicitHypergradientOptions { WarmStart = true, Guard = new MultiplierGuard(MaximumResidual: 1e-6) };
        var hypergradient = new ImplicitHypergradient<double>(new ConjugateGradient<double>(new SolverOptions { Iterations = 2 }), options);
        double[] result = new double[3];
        HypergradientReport first = hypergradient.Compute(problem, 0, result);

        first.Guarded.ShouldBeTrue();
        hypergradient.Solution.ToArray().ShouldAllBe(value => value == 0);
        hypergradient.Compute(problem, 0, result).Solve.RelativeResidual.ShouldBe(first.Solve.RelativeResidual);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("minres")]
    [InlineData("neumann")]
    [InlineData("block-diagonal")]
    public void Repeated_calls_allocate_nothing(string solver)
    {
        var problem = new QuadraticBilevelProblem<float>(Quadratic());
        var hypergradient = new ImplicitHypergradient<float>(
            SolverCatalogue.BuiltIn.Create<float>(new SolverOptions { Name = solver }),
            new ImplicitHypergradientOptions { WarmStart = true, Guard = new MultiplierGuard(), Bound = 2 });
        float[] result = new float[3];
        hypergradient.Compute(problem, 0.1, result);
        hypergradient.Compute(problem, 0.2, result);

        long before = GC.GetAllocatedBytesForCurrentThread();
        hypergradient.Compute(problem, 0.3, result);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Wrong_result_length_and_bound_are_refused()
    {
        Should.Throw<ArgumentException>(() => Create("cg").Compute(new QuadraticBilevelProblem<double>(Quadratic()), 0, new double[2]))
            .Message.ShouldContain("the leader has 3");
        Should.Throw<ArgumentOutOfRangeException>(() => new ImplicitHypergradient<double>(
            new ExactSolver<double>(), new ImplicitHypergradientOptions { Bound = -1 })).Message.ShouldContain("≥ 0");
    }

    internal static QuadraticCoefficients Quadratic(ulong seed = 7) =>
        BuiltInProblems.RandomQuadratic(3, Eigenvalues, RandomStream.FromSeed(seed));

    internal static QuadraticBilevelProblem<double> Solved(QuadraticCoefficients coefficients)
    {
        var problem = new QuadraticBilevelProblem<double>(coefficients);
        new FollowerNewton<double>().Solve(problem);
        return problem;
    }

    private static ImplicitHypergradient<double> Create(string solver) => new(SolverCatalogue.BuiltIn.Create<double>(
        new SolverOptions { Name = solver, Iterations = 1000 }, RandomStream.FromSeed(1)));

    private static double[] Exact(QuadraticCoefficients coefficients)
    {
        double[] result = new double[3];
        Create("exact").Compute(new QuadraticBilevelProblem<double>(coefficients), 0, result);
        return result;
    }

    private static double[] Times(double[] values, double factor) => [.. values.Select(value => factor * value)];
}
