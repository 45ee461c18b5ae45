using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>λ over the course of training, and what reads it.</summary>
public sealed class LeaderDampingTests
{
    private const double Rate = 0.2;

    /// <summary>
    /// A step −η g lowers f₂ by η g² (1 − ½ηq), and a model with curvature h says η g² (1 − ½ηh). Here ½η is 0.1 and q is 1.5: the fall is 0.85, the
    /// models' are 0.85 for h = 1.5, 1.7 for −7, 5 for −40 and −1, a rise, for 20.
    /// </summary>
    [Theory]
    [InlineData(ScalarGame.Q, 0.5)]
    [InlineData(-7, 1)]
    [InlineData(-40, 2)]
    [InlineData(20, 2)]
    public void Adaptive_damping_judges_the_model_whose_curvature_is_solved(double curvature, double factor)
    {
        foreach (Curvature kind in Enum.GetValues<Curvature>())
        {
            // the other curvature would have the damping do something else
            double other = factor == 0.5 ? -40 : ScalarGame.Q;
            ScalarGame game = Game();
            (game.Hessian, game.GaussNewton) = kind == Curvature.Hessian ? (curvature, other) : (other, curvature);
            Leader<double> leader = Of(new HypergradientOptions { Solver = "minres", Curvature = kind, Damping = 3, DampingSchedule = DampingKind.Adaptive, Guard = false });
            leader.IsAdaptive.ShouldBeTrue();
            DampingOf(leader, game).ShouldBe(3);
            double moved = Step(leader, game);
            game.Y.ShouldBe(moved, "the follower stays where its step led");
            game.FollowerLoss().ShouldBe(ScalarGame.F2(game.X, moved), 1e-15, "and the problem is linearised there");
            DampingOf(leader, game).ShouldBe(3 * factor, $"{kind}");
            Step(leader, game);
            DampingOf(leader, game).ShouldBe(3 * factor * factor, $"{kind}");
        }
    }

    [Fact]
    public void Exponential_damping_falls_with_environment_steps()
    {
        Leader<double> leader = Of(new HypergradientOptions { Solver = "cholesky", Damping = 2, DampingSchedule = DampingKind.Exponential, DampingDecay = 1000, Guard = false });
        leader.IsAdaptive.ShouldBeFalse();
        ScalarGame game = Game();
        foreach (long step in new long[] { 0, 500, 3000, 10 })
        {
            game.Linearise();
            double[] total = new double[game.LeaderDimension];
            HypergradientReport report = leader.TotalDerivative(game, step, total, new TrainingClock(), new RecordingSink());
            double lambda = 2 * Math.Exp(-step / 1000.0);
            report.Solve.Damping.ShouldBe(lambda, 1e-15);
            total[0].ShouldBe(ScalarGame.Direct(game.X, game.Y) + ScalarGame.Implicit(game.X, lambda), 1e-14);
        }
    }

    [Theory]
    [InlineData(0, 0.7)]
    [InlineData(2.5, 0)]
    [InlineData(2.5, 0.7)]
    public void Rho_apart_from_lambda_is_the_shift_of_nystroms(double rho, double damping)
    {
        ScalarGame game = Game();
        Leader<double> leader = Of(new HypergradientOptions { Solver = "nystrom", Rank = 1, Rho = rho, Damping = damping, Guard = false });
        game.Linearise();
        double[] total = new double[game.LeaderDimension];
        HypergradientReport report = leader.Compute(game, 0, total);
        double shift = rho > 0 ? rho : damping;
        total[0].ShouldBe(ScalarGame.Direct(game.X, game.Y) + ScalarGame.Implicit(game.X, shift), 1e-14);

        // the residual is that of the system with λ: 1 − (q + λ) / (q + ρ)
        report.Solve.RelativeResidual.ShouldBe(Math.Abs(1 - ((ScalarGame.Q + damping) / (ScalarGame.Q + shift))), 1e-14);
    }

    [Theory]
    [InlineData(HypergradientMethod.Implicit, Derivatives.Direct | Derivatives.Implicit, true)]
    [InlineData(HypergradientMethod.Unrolled, Derivatives.Direct | Derivatives.Implicit, false)]
    [InlineData(HypergradientMethod.Darts, Derivatives.Direct | Derivatives.Implicit, false)]
    [InlineData(HypergradientMethod.FirstOrder, Derivatives.Direct, false)]
    public void A_method_says_what_it_needs_and_whether_it_hears_of_the_follower(HypergradientMethod method, Derivatives needs, bool adaptive)
    {
        // without a damping adaptive could not begin, but where nobody reads it that is no fault
        HypergradientOptions options = new() { Method = method, Damping = adaptive ? 1 : 0, DampingSchedule = DampingKind.Adaptive };
        HypergradientFaults.Of(new LeaderOptions { Leader = LeaderRole.Actor, Hypergradient = options }).ShouldBeEmpty();
        Leader<double> leader = Of(options);
        leader.Needs.ShouldBe(needs);
        leader.IsAdaptive.ShouldBe(adaptive);
        ScalarGame game = Game();
        game.Linearise(needs);
        double[] total = new double[game.LeaderDimension];
        HypergradientReport report = leader.Compute(game, 0, total);
        double.IsFinite(total[0]).ShouldBeTrue("nothing was asked for that had not been said");
        double ahead = game.Y;
        for (int i = 0; i < method switch { HypergradientMethod.Unrolled => options.UnrollSteps, HypergradientMethod.Darts => 1, _ => 0 }; i++)
        {
            ahead -= options.UnrollLearningRate * ScalarGame.Descent(game.X, ahead);
        }

        report.LeaderLoss.ShouldBe(ScalarGame.F1(game.X, ahead), 1e-14, "f₁ where its gradient was taken");
    }

    private static ScalarGame Game() => new(ScalarGame.Sgd(0.1), ScalarGame.Sgd(Rate));

    private static Leader<double> Of(HypergradientOptions options) => new(options, RandomStream.FromSeed(4));

    private static double DampingOf(Leader<double> leader, ScalarGame game)
    {
        game.Linearise();
        return leader.Compute(game, 0, new double[game.LeaderDimension]).Solve.Damping;
    }

    private static double Step(Leader<double> leader, ScalarGame game)
    {
        leader.BeforeFollower(game);
        game.Linearise(Derivatives.Descent);
        game.FollowerDescent(game.Second.Gradient.Span);
        game.Second.Step();
        double moved = game.Y;
        leader.AfterFollower(game);
        return moved;
    }
}
