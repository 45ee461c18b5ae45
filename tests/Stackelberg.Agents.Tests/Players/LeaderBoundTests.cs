using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>The bound on the implicit term over the course of training, and the columns that a Nyström leader met.</summary>
public sealed class LeaderBoundTests
{
    private static readonly HypergradientOptions Plain = new() { Solver = "cholesky", Guard = false, Damping = 0.5 };

    [Theory]
    [InlineData(BoundKind.AtMost)]
    [InlineData(BoundKind.Exactly)]
    public void An_annealed_bound_goes_from_its_start_to_its_end_with_the_root_of_the_steps(BoundKind kind)
    {
        HypergradientOptions options = Plain with { Bound = 0.02, FinalBound = 0.005, BoundSchedule = BoundSchedule.Annealed, BoundKind = kind };
        var leader = new Leader<double>(options, RandomStream.FromSeed(1), totalSteps: 2000);
        // 0.02 · (1/4)^√p: halved at p = 1/4
        foreach ((long step, double bound) in new[] { (0L, 0.02), (500, 0.01), (1125, 0.02 * Math.Pow(0.25, 0.75)), (2000, 0.005), (9000, 0.005), (0, 0.02) })
        {
            ScalarGame game = Game();
            (double total, HypergradientReport report) = Total(leader, game, step);
            double direct = ScalarGame.Direct(game.X, game.Y), term = ScalarGame.Implicit(game.X, 0.5);
            total.ShouldBe(direct + (bound * Math.Abs(direct) * Math.Sign(term)), 1e-14, $"step {step}");
            report.Scale.ShouldBe(bound * Math.Abs(direct / term), 1e-14);
        }
    }

    [Fact]
    public void What_the_guard_turns_to_is_bounded_as_well()
    {
        ScalarGame game = Game();
        game.Hessian = 0.01;
        var leader = new Leader<double>(
            new HypergradientOptions { Bound = 0.04, FinalBound = 0.01, BoundSchedule = BoundSchedule.Annealed }, RandomStream.FromSeed(1), totalSteps: 400);
        (double total, HypergradientReport report) = Total(leader, game, 100);
        double direct = ScalarGame.Direct(game.X, game.Y);
        report.Guarded.ShouldBeTrue();
        total.ShouldBe(direct + (0.02 * Math.Abs(direct) * Math.Sign(ScalarGame.Implicit(game.X, 0))), 1e-14);
    }

    [Fact]
    public void Exactly_scales_up_and_zero_leaves_the_direct_gradient()
    {
        ScalarGame game = Game();
        double direct = ScalarGame.Direct(game.X, game.Y), term = ScalarGame.Implicit(game.X, 0.5);
        double large = 10 * Math.Abs(term / direct);
        Total(new Leader<double>(Plain with { Bound = large, BoundKind = BoundKind.Exactly }, RandomStream.FromSeed(1)), game).Total.ShouldBe(direct + (10 * term), 1e-13);
        Total(new Leader<double>(Plain with { Bound = large }, RandomStream.FromSeed(1)), game).Total.ShouldBe(direct + term, 1e-14);
        Total(new Leader<double>(Plain with { Bound = 0, BoundKind = BoundKind.Exactly }, RandomStream.FromSeed(1)), game).Total.ShouldBe(direct, 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_training_without_steps_is_refused(long steps) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Leader<double>(Plain, RandomStream.FromSeed(1), totalSteps: steps)).ParamName.ShouldBe("totalSteps");

    [Theory]
    [InlineData("nystrom", true)]
    [InlineData("nystrom-pcg", true)]
    [InlineData("cg", false)]
    public void Zero_columns_are_counted_over_all_updates_and_told_with_those_that_are_logged(string solver, bool samples)
    {
        HypergradientOptions options = new() { Solver = solver, Rank = 1, Rho = 2, Guard = false, LogEvery = 2, Damping = 1 };
        ScalarGame game = Game();
        var leader = new Leader<double>(options, RandomStream.FromSeed(1));
        var sink = new RecordingSink();
        foreach (double hessian in new[] { 0.0, 1, 0 })
        {
            game.Hessian = hessian;
            Total(leader, game, sink: sink);
        }

        leader.ZeroColumns.ShouldBe(samples ? 2 : 0);
        sink.Reports.Select(static r => r.Solve.ZeroColumns).ShouldBe(samples ? [1, 1] : [null, null]);
        sink.Metrics.GetValueOrDefault("hypergradient/zero_columns", double.NaN).ShouldBe(samples ? 2 : double.NaN);

        var resumed = new Leader<double>(options, RandomStream.FromSeed(2));
        MemoryState.Of(leader).Restore(resumed);
        resumed.ZeroColumns.ShouldBe(leader.ZeroColumns);
    }

    [Fact]
    public void Zero_columns_are_told_though_the_guard_turned_to_a_solver_without_any()
    {
        ScalarGame game = Game();
        game.Hessian = 0;
        var leader = new Leader<double>(new HypergradientOptions { Solver = "nystrom", Rank = 1, Rho = 0.001 }, RandomStream.FromSeed(1));
        (_, HypergradientReport report) = Total(leader, game);
        (report.Guarded, report.Method, report.Solve.ZeroColumns, leader.ZeroColumns).ShouldBe((true, "cg", 1, 1L));
    }

    [Theory]
    [InlineData("nystrom", NystromColumns.Fixed)]
    [InlineData("nystrom-pcg", NystromColumns.GaussNewton)]
    [InlineData("nystrom-released", NystromColumns.Fixed)]
    public void Columns_are_drawn_as_the_options_say_and_the_state_keeps_them(string solver, NystromColumns columns)
    {
        HypergradientOptions options = new() { Solver = solver, Rank = 2, Rho = 0.5, Damping = 0.1, Columns = columns, Guard = false, Iterations = 2 };
        var problem = new MlpCriticProblem(RandomStream.FromSeed(5), 0);
        var leader = new Leader<double>(options, RandomStream.FromSeed(1));
        var direct = new ImplicitHypergradient<double>(SolverCatalogue.BuiltIn.Create<double>(
            new SolverOptions { Name = solver, Rank = 2, Rho = 0.5, Columns = columns, Iterations = 2, Tolerance = 1e-5, ContinueThroughNegativeCurvature = true },
            RandomStream.FromSeed(1)));
        double[] expected = new double[problem.LeaderDimension], actual = new double[problem.LeaderDimension];
        for (int i = 0; i < 3; i++)
        {
            direct.Compute(problem, 0.1, expected);
            leader.Compute(problem, 0, actual);
            Twins.Same(expected, actual, $"call {i}");
        }

        var resumed = new Leader<double>(options, RandomStream.FromSeed(9));
        MemoryState.Of(leader).Restore(resumed);
        leader.Compute(problem, 0, expected);
        resumed.Compute(problem, 0, actual);
        Twins.Same(expected, actual, "resumed");
    }

    private static ScalarGame Game() => new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));

    private static (double Total, HypergradientReport Report) Total(Leader<double> leader, ScalarGame game, long step = 0, RecordingSink? sink = null)
    {
        double[] result = new double[game.LeaderDimension];
        game.Linearise(leader.Needs);
        HypergradientReport report = leader.TotalDerivative(game, step, result, new TrainingClock(), sink ?? new RecordingSink());
        return (result[0], report);
    }
}
