namespace Stackelberg.Bilevel.Tests;

/// <summary>
/// The two-dimensional example of the STAC paper: the actor x ascends J = xy, the critic y descends L = (xy + x²/5)², from (−1, 1),
/// simultaneous steps of 0.01. Expected values: independent runs of the published recurrence, to the digits printed.
/// </summary>
public sealed class MotivationToyTests
{
    private const double Rate = 0.01;

    [Theory]
    [InlineData(100, -0.35591, 0.48974, 0.6054)]
    [InlineData(1000, 0.20347, -0.09125, 0.2230)]
    [InlineData(5000, 0.05674, -0.02247, 0.06102)]
    [InlineData(20000, 0.04954, -0.00579, 0.04987)]
    [InlineData(49999, -0.07333, -0.00039, 0.07333)]
    public void Individual_gradients_spiral_as_published(int step, double x, double y, double norm) =>
        Check(new FirstOrderHypergradient<double>(), 0, step, x, y, norm);

    [Theory]
    [InlineData(100, -0.92681, 0.29960, 0.9740)]
    [InlineData(1000, -0.16937, 0.09150, 0.1925)]
    [InlineData(5000, -0.08162, 0.04823, 0.09481)]
    [InlineData(20000, -0.04246, 0.02537, 0.04946)]
    [InlineData(49999, -0.02714, 0.01626, 0.03164)]
    public void Stackelberg_gradient_without_damping_converges_as_published(int step, double x, double y, double norm) =>
        Check(new ImplicitHypergradient<double>(new ConjugateGradient<double>(new SolverOptions())), 0, step, x, y, norm);

    [Theory]
    [InlineData(100, -0.92199, 0.30066, 0.9698)]
    [InlineData(1000, -0.03809, 0.09838, 0.1055)]
    [InlineData(5000, 0.08978, 0.03520, 0.09643)]
    [InlineData(20000, 0.04045, 0.00192, 0.0405)]
    [InlineData(49999, 0.00778, -0.00005, 0.007777)]
    public void Stackelberg_gradient_with_damping_converges_as_published(int step, double x, double y, double norm) =>
        Check(new ImplicitHypergradient<double>(new ConjugateGradient<double>(new SolverOptions())), 0.04, step, x, y, norm);

    private static void Check(IHypergradient<double> hypergradient, double damping, int step, double x, double y, double norm)
    {
        ToyProblem toy = new(ToyGame.All.Single(g => g.Name == "stac"));
        double[] leader = new double[1], follower = new double[1];
        for (int i = 0; i < step; i++)
        {
            hypergradient.Compute(toy, damping, leader);
            toy.FollowerGradient(follower);
            toy.MoveTo(new ToyPoint(toy.Point.Theta - (Rate * leader[0]), toy.Point.W - (Rate * follower[0])));
        }

        toy.Point.Theta.ShouldBe(x, 0.6e-5);
        toy.Point.W.ShouldBe(y, 0.6e-5);
        double.Hypot(toy.Point.Theta, toy.Point.W).ShouldBe(norm, 0.6 * Math.Pow(10, Math.Floor(Math.Log10(norm)) - 3));
    }
}
