namespace Stackelberg.Bilevel.Tests;

/// <summary>The toys' gradients, which come from the general machinery, against closed forms derived by hand.</summary>
public sealed class ToyProblemTests
{
    private static readonly ToyPoint[] Places = [new(1, 1), new(-0.7, 2.5), new(2, -1.25), new(0.05, 3)];

    [Fact]
    public void Stackelberg_ascent_is_the_closed_form()
    {
        foreach (ToyPoint at in Places)
        {
            (double theta, double w) = (at.Theta, at.W);
            Ascent(Game("1"), ToyCurvature.Hessian, 0, at).ShouldBe(((-2 * w) - 4) * theta, 1e-11);
            Ascent(Game("2"), ToyCurvature.Hessian, 0, at).ShouldBe(-w - (3 * theta), 1e-11);
            Ascent(Game("stac"), ToyCurvature.Hessian, 0.04, at)
                .ShouldBe(w - (((4 * theta * w) + (1.2 * theta * theta)) / ((2 * theta * theta) + 0.04) * theta), 1e-11);
        }
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    public void Gauss_newton_ascent_is_the_direct_gradient_shrunk_by_the_damping(double damping)
    {
        foreach (ToyPoint at in Places)
        {
            double square = at.Theta * at.Theta;
            Ascent(Game("1"), ToyCurvature.GaussNewton, damping, at).ShouldBe(2 * at.W * at.Theta * damping / ((2 * square * square) + damping), 1e-12);
            Ascent(Game("2"), ToyCurvature.GaussNewton, damping, at).ShouldBe(at.W * damping / ((2 * square) + damping), 1e-12);
        }
    }

    [Theory]
    [InlineData("1", 1.5)]
    [InlineData("2", -0.8)]
    [InlineData("stac", 0.6)]
    public void Reference_hypergradient_is_the_slope_of_the_objective_on_the_best_response(string name, double theta)
    {
        // J(θ, w*(θ)) = −c θ²
        ToyGame game = Game(name);
        ToyProblem problem = new(game);
        problem.MoveTo(new ToyPoint(theta, 0.3));
        double[] gradient = new double[1];
        new FiniteDifferenceHypergradient<double>().Compute(problem, 0, gradient);
        gradient[0].ShouldBe(2 * game.RewardWeight * theta, 1e-9);
        problem.Point.W.ShouldBe(game.BestResponse(theta), 1e-9);
        game.CriticLoss(problem.Point).ShouldBe(0, 1e-20);
    }

    [Fact]
    public void Optima_are_those_of_the_paper()
    {
        Game("1").Optimum.ShouldBe(new ToyPoint(0, -1));
        Game("2").Optimum.ShouldBe(new ToyPoint(0, 0));
        Game("stac").Optimum.ShouldBe(new ToyPoint(0, 0));
    }

    private static ToyGame Game(string name) => ToyGame.All.Single(g => g.Name == name);

    private static double Ascent(ToyGame game, ToyCurvature form, double damping, ToyPoint at)
    {
        ToyProblem problem = new(game, form);
        problem.MoveTo(at);
        double[] gradient = new double[1];
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(problem, damping, gradient);
        return -gradient[0];
    }
}
