using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>Control experiments: what is put in place of the implicit term, and that nothing else changes.</summary>
public sealed class LeaderControlTests
{
    private static readonly HypergradientOptions Plain = new() { Solver = "nystrom", Rank = 3, Rho = 0.5, Guard = false, Bound = 0.6 };

    [Theory]
    [InlineData(HypergradientControl.RandomDirection, 0.6)]
    [InlineData(HypergradientControl.RandomDirection, double.PositiveInfinity)]
    [InlineData(HypergradientControl.Rate, 0.6)]
    [InlineData(HypergradientControl.Rate, double.PositiveInfinity)]
    public void A_control_keeps_a_length_and_the_report_is_of_what_was_computed(HypergradientControl control, double bound)
    {
        MlpCriticProblem problem = Problem();
        var plain = new Leader<double>(Plain with { Bound = bound }, RandomStream.FromSeed(3));
        var controlled = new Leader<double>(Plain with { Bound = bound, Control = control }, RandomStream.FromSeed(3));
        double[] direct = new double[problem.LeaderDimension];
        problem.DirectGradient(direct);
        for (int i = 0; i < 5; i++)
        {
            (double[] total, HypergradientReport of) = Total(plain, problem);
            (double[] result, HypergradientReport report) = Total(controlled, problem);
            (report with { Seconds = 0, GradientSeconds = 0, SolveSeconds = 0, MixedSeconds = 0 })
                .ShouldBe(of with { Seconds = 0, GradientSeconds = 0, SolveSeconds = 0, MixedSeconds = 0 });
            if (control == HypergradientControl.Rate)
            {
                Vectors.Cosine<double>(result, direct).ShouldBe(1, 1e-14);
                Vectors.Norm<double>(result).ShouldBe(Vectors.Norm<double>(total), 1e-13);
            }
            else
            {
                double[] term = [.. result];
                Vectors.AddScaled<double>(term, -1, direct);
                Vectors.Norm<double>(term).ShouldBe(report.Scale * report.ImplicitNorm, 1e-13);
            }
        }
    }

    [Fact]
    public void Directions_are_uniform_and_differ_from_update_to_update()
    {
        MlpCriticProblem problem = Problem();
        var leader = new Leader<double>(Plain with { Control = HypergradientControl.RandomDirection }, RandomStream.FromSeed(3));
        double[] direct = new double[problem.LeaderDimension], mean = new double[problem.LeaderDimension], square = new double[problem.LeaderDimension];
        problem.DirectGradient(direct);
        const int Updates = 4000;
        for (int i = 0; i < Updates; i++)
        {
            (double[] result, HypergradientReport report) = Total(leader, problem);
            for (int j = 0; j < result.Length; j++)
            {
                double component = (result[j] - direct[j]) / (report.Scale * report.ImplicitNorm);
                mean[j] += component / Updates;
                square[j] += component * component / Updates;
            }
        }

        // unit vectors in four dimensions: components of mean 0 and variance 1/4
        mean.ShouldAllBe(static m => Math.Abs(m) < 5 * 0.5 / 63);
        square.ShouldAllBe(static s => Math.Abs(s - 0.25) < 0.02);
    }

    [Fact]
    public void Padding_of_the_leaders_vector_stays_zero()
    {
        var game = new ScalarGame(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1));
        var leader = new Leader<double>(new HypergradientOptions { Solver = "cholesky", Guard = false, Control = HypergradientControl.RandomDirection }, RandomStream.FromSeed(3));
        var signs = new HashSet<int>();
        for (int i = 0; i < 20; i++)
        {
            game.Linearise();
            double[] result = new double[game.LeaderDimension];
            leader.TotalDerivative(game, 0, result, new TrainingClock(), new RecordingSink());
            double term = result[0] - ScalarGame.Direct(game.X, game.Y);
            Math.Abs(term).ShouldBe(Math.Abs(ScalarGame.Implicit(game.X, 0)), 1e-14);
            signs.Add(Math.Sign(term));
            result.AsSpan(1).ContainsAnyExcept(0).ShouldBeFalse();
        }

        signs.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(HypergradientControl.RandomDirection)]
    [InlineData(HypergradientControl.Rate)]
    public void With_a_bound_of_zero_and_where_the_term_was_dropped_the_direct_gradient_is_left(HypergradientControl control)
    {
        MlpCriticProblem problem = Problem();
        double[] direct = new double[problem.LeaderDimension];
        problem.DirectGradient(direct);
        Twins.Same(direct, Total(new Leader<double>(Plain with { Bound = 0, Control = control }, RandomStream.FromSeed(3)), problem).Result, "bound 0");

        var game = new ScalarGame(ScalarGame.Sgd(0.1), ScalarGame.Sgd(0.1)) { Hessian = double.NaN };
        game.Linearise();
        double[] result = new double[game.LeaderDimension];
        new Leader<double>(new HypergradientOptions { Guard = false, Control = control }, RandomStream.FromSeed(3))
            .TotalDerivative(game, 0, result, new TrainingClock(), new RecordingSink()).Dropped.ShouldBeTrue();
        result[0].ShouldBe(ScalarGame.Direct(game.X, game.Y), 0);
    }

    [Fact]
    public void Directions_go_on_from_saved_state_and_do_not_come_out_of_the_solvers_draws()
    {
        MlpCriticProblem problem = Problem();
        HypergradientOptions options = Plain with { Control = HypergradientControl.RandomDirection };
        var leader = new Leader<double>(options, RandomStream.FromSeed(3));
        Total(leader, problem);
        var resumed = new Leader<double>(options, RandomStream.FromSeed(4));
        MemoryState.Of(leader).Restore(resumed);
        double[] goesOn = Total(leader, problem).Result;
        Twins.Same(goesOn, Total(resumed, problem).Result, "resumed");
        MemoryState.Of(leader).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
        MemoryState.Of(new Leader<double>(Plain, RandomStream.FromSeed(3))).Reader.Contains("control").ShouldBeFalse();
    }

    [Fact]
    public void A_leader_whose_coordinates_are_not_known_gets_no_random_direction()
    {
        MlpCriticProblem problem = Problem();
        var leader = new Leader<double>(Plain with { Control = HypergradientControl.RandomDirection }, RandomStream.FromSeed(3));
        Should.Throw<ArgumentException>(() => leader.TotalDerivative(new AtOnePoint(problem), 0, new double[problem.LeaderDimension], new TrainingClock(), new RecordingSink()))
            .Message.ShouldContain("hypergradient.control=random-direction");
    }

    [Fact]
    public void Compute_knows_no_control()
    {
        MlpCriticProblem problem = Problem();
        double[] plain = new double[problem.LeaderDimension], controlled = new double[problem.LeaderDimension];
        new Leader<double>(Plain, RandomStream.FromSeed(3)).Compute(problem, 0, plain);
        new Leader<double>(Plain with { Control = HypergradientControl.Rate }, RandomStream.FromSeed(3)).Compute(problem, 0, controlled);
        Twins.Same(plain, controlled, "compute");
    }

    private static MlpCriticProblem Problem() => new(RandomStream.FromSeed(5), 0);

    private static (double[] Result, HypergradientReport Report) Total(Leader<double> leader, MlpCriticProblem problem)
    {
        double[] result = new double[problem.LeaderDimension];
        HypergradientReport report = leader.TotalDerivative(problem, 0, result, new TrainingClock(), new RecordingSink());
        return (result, report);
    }

    /// <summary>Another problem, without telling what lies beyond its derivatives at one point.</summary>
    private sealed class AtOnePoint(MlpCriticProblem problem) : IBilevelProblem<double>
    {
        public int LeaderDimension => problem.LeaderDimension;

        public int FollowerDimension => problem.FollowerDimension;

        public void Linearise(Derivatives needs = Derivatives.All) => problem.Linearise(needs);

        public double DirectGradient(Span<double> result) => problem.DirectGradient(result);

        public void RightHandSide(Span<double> result) => problem.RightHandSide(result);

        public ILinearOperator<double> FollowerCurvature(Curvature kind) => problem.FollowerCurvature(kind);

        public void MixedProduct(ReadOnlySpan<double> v, Span<double> result) => problem.MixedProduct(v, result);

        public void FollowerGradient(Span<double> result) => problem.FollowerGradient(result);
    }
}
