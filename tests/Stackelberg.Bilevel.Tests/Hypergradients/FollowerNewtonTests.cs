using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

public sealed class FollowerNewtonTests
{
    [Fact]
    public void Quadratic_follower_is_solved_at_its_stationary_point()
    {
        var problem = new QuadraticBilevelProblem<double>(new QuadraticCoefficients(
            1, 2, Q: [2, 0, 0, -4], B: [1, 2], C: [3, 0], D: [0], E: [0], F: [0, 0, 0, 0], G: [0, 0], X: [5], Y: [9, 9]));

        new FollowerNewton<double>().Solve(problem).ShouldBeLessThan(1e-14);

        // y = −Q⁻¹(Bx + c)
        problem.Follower.ToArray().ShouldBe([-4, 2.5], 1e-14);
        problem.Leader.ToArray().ShouldBe([5]);
    }

    [Fact]
    public void Network_follower_ends_with_a_vanishing_gradient_and_no_higher_loss()
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(2), weightDecay: 0.1, gaussNewton: false);
        double before = problem.FollowerLoss();
        double norm = new FollowerNewton<double>().Solve(problem);
        double[] gradient = new double[problem.FollowerDimension];
        problem.FollowerGradient(gradient);

        norm.ShouldBeLessThan(1e-12);
        Tensors.Vectors.Norm<double>(gradient).ShouldBe(norm);
        problem.FollowerLoss().ShouldBeLessThan(before);
    }
}
