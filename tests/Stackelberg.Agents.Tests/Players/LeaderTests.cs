using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>The leader's derivative by its options, against the hypergradients of the library built by hand.</summary>
public sealed class LeaderTests
{
    private static readonly HypergradientOptions Plain = new() { Solver = "cholesky", Guard = false };

    public static TheoryData<string, Curvature> Solvers()
    {
        var cases = new TheoryData<string, Curvature>();
        foreach (SolverDescriptor solver in SolverCatalogue.BuiltIn.All)
        {
            cases.Add(solver.Name, Curvature.GaussNewton);
            if (solver.Name != "gauss-newton")
            {
                cases.Add(solver.Name, Curvature.Hessian);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void Implicit_is_the_implicit_hypergradient_of_the_solver(string solver, Curvature curvature)
    {
        HypergradientOptions options = new()
        {
            Solver = solver,
            Curvature = curvature,
            Iterations = 4,
            Tolerance = 1e-9,
            Damping = 0.2,
            Rank = 7,
            Degree = 3,
            NegativeCurvature = NegativeCurvature.Stop,
            Guard = false,
        };
        var direct = new ImplicitHypergradient<double>(
            SolverCatalogue.BuiltIn.Create<double>(
                new SolverOptions { Name = solver, Iterations = 4, Tolerance = 1e-9, Rank = 7, Degree = 3, ContinueThroughNegativeCurvature = false },
                RandomStream.FromSeed(3)),
            new ImplicitHypergradientOptions { Curvature = curvature });
        SameAs(direct, options, lambda: 0.2);
    }

    [Fact]
    public void The_other_methods_are_their_hypergradients()
    {
        SameAs(new UnrolledHypergradient<double>(3, 0.04), new HypergradientOptions { Method = HypergradientMethod.Unrolled, UnrollSteps = 3, UnrollLearningRate = 0.04 });
        SameAs(new DartsHypergradient<double>(0.04), new HypergradientOptions { Method = HypergradientMethod.Darts, UnrollLearningRate = 0.04 });
        SameAs(new FirstOrderHypergradient<double>(), new HypergradientOptions { Method = HypergradientMethod.FirstOrder });
    }

    [Theory]
    [InlineData("negative_curvature")]
    [InlineData("warm_start")]
    [InlineData("reorthogonalise")]
    public void Conjugate_gradients_get_their_options(string key)
    {
        HypergradientOptions options = new() { Solver = "cg", Iterations = 9, Guard = false, NegativeCurvature = NegativeCurvature.Stop, Damping = 1e-3 };
        options = key switch
        {
            "negative_curvature" => options with { NegativeCurvature = NegativeCurvature.Continue },
            "warm_start" => options with { WarmStart = true, Iterations = 2 },
            _ => options,
        };
        var direct = new ImplicitHypergradient<double>(
            SolverCatalogue.BuiltIn.Create<double>(new SolverOptions
            {
                Name = "cg",
                Iterations = options.Iterations,
                ContinueThroughNegativeCurvature = key == "negative_curvature",
                Reorthogonalise = key == "reorthogonalise",
                Tolerance = options.Tolerance,
            }),
            new ImplicitHypergradientOptions { WarmStart = key == "warm_start" });
        SameAs(direct, options, lambda: 1e-3, reorthogonalise: key == "reorthogonalise");
    }

    [Theory]
    [InlineData(ImplicitSign.Minus, double.PositiveInfinity)]
    [InlineData(ImplicitSign.Plus, double.PositiveInfinity)]
    [InlineData(ImplicitSign.Minus, 0.01)]
    [InlineData(ImplicitSign.Plus, 0.02)]
    [InlineData(ImplicitSign.Minus, 0)]
    public void Sign_and_bound_are_applied_to_the_implicit_term(ImplicitSign sign, double bound)
    {
        ScalarGame game = new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));
        var leader = new Leader<double>(Plain with { Sign = sign, Bound = bound, Damping = 0.5 }, RandomStream.FromSeed(1));
        double direct = ScalarGame.Direct(game.X, game.Y);
        double term = ScalarGame.Implicit(game.X, 0.5) * (sign == ImplicitSign.Plus ? -1 : 1);
        double scale = Math.Min(1, bound * Math.Abs(direct / term));
        (double total, HypergradientReport report) = Total(leader, game);
        total.ShouldBe(direct + (scale * term), 1e-14);
        report.Scale.ShouldBe(scale, 1e-14);
        (scale < 1).ShouldBe(!double.IsInfinity(bound), "the bounds of these cases bite");
    }

    [Theory]
    [InlineData(1.0, true, false)]
    [InlineData(0.01, true, true)]
    [InlineData(-0.01, true, true)]
    [InlineData(0.01, false, false)]
    public void The_guard_turns_to_the_gauss_newton_curvature_where_the_multiplier_is_out_of_range(double hessian, bool guard, bool acts)
    {
        ScalarGame game = new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1)) { Hessian = hessian };
        var leader = new Leader<double>(new HypergradientOptions { Guard = guard }, RandomStream.FromSeed(1));
        double direct = ScalarGame.Direct(game.X, game.Y), term = ScalarGame.Implicit(game.X, 0) * ScalarGame.Q;
        (double total, HypergradientReport report) = Total(leader, game);
        total.ShouldBe(direct + (term / (acts ? ScalarGame.Q : hessian)), 1e-12);
        report.Guarded.ShouldBe(acts);
        report.Dropped.ShouldBeFalse();
        leader.FellBack.ShouldBe(acts);
        leader.GuardedUpdates.ShouldBe(acts ? 1 : 0);
    }

    [Fact]
    public void Updates_are_counted_by_what_became_of_them()
    {
        ScalarGame game = new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));
        var leader = new Leader<double>(new HypergradientOptions(), RandomStream.FromSeed(1));
        var sink = new RecordingSink();
        foreach ((double hessian, double gaussNewton) in new[] { (1.0, 1.0), (0.01, 1.0), (0.01, 0.0), (0.01, double.NaN), (1.0, 1.0) })
        {
            (game.Hessian, game.GaussNewton) = (hessian, gaussNewton);
            (double total, HypergradientReport report) = Total(leader, game, sink);
            bool dropped = hessian != 1 && gaussNewton != 1;
            report.Dropped.ShouldBe(dropped);
            if (dropped)
            {
                total.ShouldBe(ScalarGame.Direct(game.X, game.Y), 1e-15);
            }
        }

        (leader.Updates, leader.GuardedUpdates, leader.DroppedUpdates).ShouldBe((5, 3, 2));
        sink.Reports.Select(static r => r.Update).ShouldBe([0, 1, 2, 3, 4]);
        sink.Reports.Select(static r => r.Guarded).ShouldBe([false, true, true, true, false]);
        (sink.Metrics["hypergradient/guarded_updates"], sink.Metrics["hypergradient/dropped_updates"]).ShouldBe((3, 2));
    }

    [Fact]
    public void Every_log_every_th_update_is_logged_and_has_its_true_residual()
    {
        ScalarGame game = new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));
        var leader = new Leader<double>(Plain with { Solver = "identity", LogEvery = 3 }, RandomStream.FromSeed(1));
        var sink = new RecordingSink();
        for (int i = 0; i < 8; i++)
        {
            (_, HypergradientReport report) = Total(leader, game, sink);
            double.IsNaN(report.Solve.RelativeResidual).ShouldBe(i % 3 != 0);
        }

        sink.Reports.Select(static r => r.Update).ShouldBe([0, 3, 6]);
        sink.Reports.ShouldAllBe(static r => Math.Abs(r.Solve.RelativeResidual - (ScalarGame.Q - 1)) < 1e-14);
    }

    [Theory]
    [InlineData(1.0, 1.0, "parallel")]
    [InlineData(0.01, 0.0, "of no use")]
    public void A_row_of_twenty_is_noticed_once_and_an_interrupted_row_not_before(double hessian, double gaussNewton, string notice)
    {
        ScalarGame game = new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));
        var leader = new Leader<double>(new HypergradientOptions(), RandomStream.FromSeed(1));
        var sink = new RecordingSink();
        for (int i = 0; i < 100; i++)
        {
            // an update that the guard repairs interrupts either row; scalars are parallel otherwise
            (game.Hessian, game.GaussNewton) = i is 19 or 55 ? (0.01, 1.0) : (hessian, gaussNewton);
            Total(leader, game, sink);
            sink.Notices.Count.ShouldBe(i >= 19 + 20 ? 1 : 0, $"update {i}");
            if (i == 50)
            {
                MemoryState state = MemoryState.Of(leader);
                leader = new Leader<double>(new HypergradientOptions(), RandomStream.FromSeed(1));
                state.Restore(leader);
            }
        }

        sink.Notices[0].ShouldContain(notice);
    }

    [Theory]
    [InlineData("cg", true)]
    [InlineData("nystrom", false)]
    [InlineData("nystrom-pcg", true)]
    public void A_leader_goes_on_from_its_state_bit_for_bit(string solver, bool warm)
    {
        HypergradientOptions options = new() { Solver = solver, Iterations = 2, WarmStart = warm, Damping = 0.5, Rank = 2, DampingSchedule = DampingKind.Adaptive, Guard = false };
        var problem = new MlpCriticProblem(RandomStream.FromSeed(5), 0.01);
        var leader = new Leader<double>(options, RandomStream.FromSeed(1));
        Play(leader, problem, 3);
        var resumed = new Leader<double>(options, RandomStream.FromSeed(2));
        MemoryState.Of(leader).Restore(resumed);
        (double[] x, double[] y) = (problem.Leader.ToArray(), problem.Follower.ToArray());
        double[] goesOn = Play(leader, problem, 3);
        problem.MoveTo(x, y);
        Twins.Same(goesOn, Play(resumed, problem, 3), solver);
        MemoryState.Of(leader).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();

        problem.MoveTo(x, y);
        Play(new Leader<double>(options, RandomStream.FromSeed(2)), problem, 3).ShouldNotBe(goesOn, "the state matters");
    }

    private static double[] Play(Leader<double> leader, MlpCriticProblem problem, int updates)
    {
        double[] total = new double[problem.LeaderDimension], descent = new double[problem.FollowerDimension];
        var results = new List<double>();
        for (int i = 0; i < updates; i++)
        {
            leader.TotalDerivative(problem, i, total, new TrainingClock(), new RecordingSink());
            results.AddRange(total);
            leader.BeforeFollower(problem);
            problem.FollowerGradient(descent);
            double[] x = [.. problem.Leader.ToArray().Select((value, j) => value - (0.1 * total[j]))];
            problem.MoveTo(x, [.. problem.Follower.ToArray().Select((value, j) => value - (0.1 * descent[j]))]);
            leader.AfterFollower(problem);
        }

        return [.. results];
    }

    private static void SameAs(IHypergradient<double> direct, HypergradientOptions options, double lambda = 0, bool reorthogonalise = false)
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(8), weightDecay: 0);
        var leader = new Leader<double>(options, RandomStream.FromSeed(3), reorthogonalise: reorthogonalise);
        double[] expected = new double[problem.LeaderDimension], actual = new double[problem.LeaderDimension];
        for (int i = 0; i < 3; i++)
        {
            HypergradientReport own = direct.Compute(problem, lambda, expected);
            HypergradientReport report = leader.Compute(problem, 0, actual);
            Twins.Same(expected, actual, $"call {i}");
            (report.Method, report.Solve, report.DirectNorm, report.ImplicitNorm).ShouldBe((own.Method, own.Solve, own.DirectNorm, own.ImplicitNorm));
            problem.MoveTo([.. problem.Leader.ToArray().Select(static v => 0.9 * v)], problem.Follower.ToArray());
        }
    }

    private static (double Total, HypergradientReport Report) Total(Leader<double> leader, ScalarGame game, RecordingSink? sink = null)
    {
        double[] result = new double[game.LeaderDimension];
        game.Linearise(leader.Needs);
        HypergradientReport report = leader.TotalDerivative(game, 0, result, new TrainingClock(), sink ?? new RecordingSink());
        return (result[0], report);
    }
}
