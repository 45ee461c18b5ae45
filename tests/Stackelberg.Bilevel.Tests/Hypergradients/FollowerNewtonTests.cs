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
        var problem = new MlpCriticProblem(RandomStream.FromSeed(2), weightDecay: 0.1);
        double before = problem.FollowerLoss();
        double norm = new FollowerNewton<double>().Solve(problem);
        double[] gradient = new double[problem.FollowerDimension];
        problem.FollowerGradient(gradient);

        norm.ShouldBeLessThan(1e-12);
        Tensors.Vectors.Norm<double>(gradient).ShouldBe(norm);
        problem.FollowerLoss().ShouldBeLessThan(before);
    }

    [Fact]
    public void One_step_suffices_for_a_quadratic_follower()
    {
        var problem = new QuadraticBilevelProblem<double>(ImplicitHypergradientTests.Quadratic());
        new FollowerNewton<double>(1).Solve(problem).ShouldBeLessThan(1e-13);
    }

    [Fact]
    public void Follower_without_a_stationary_point_is_not_called_solved()
    {
        // exp y falls for ever; its gradient after 50 steps is 1e-22 and means nothing
        Should.Throw<InvalidOperationException>(() => new FollowerNewton<double>().Solve(new FallingFollower(0)))
            .Message.ShouldContain("not solved after 50 Newton steps");
        Should.Throw<InvalidOperationException>(
            () => new FiniteDifferenceHypergradient<double>().Compute(new FallingFollower(0), 0, new double[1]));
    }

    [Fact]
    public void Follower_that_is_not_finite_is_not_called_solved()
    {
        Should.Throw<InvalidOperationException>(() => new FollowerNewton<double>().Solve(new FallingFollower(double.NaN)))
            .Message.ShouldContain("non-finite");
    }

    /// <summary>f₂ = exp y.</summary>
    private sealed class FallingFollower : IDifferentiableBilevelProblem<double>
    {
        private readonly double[] x = [0], y;
        private readonly ILinearOperator<double> curvature;

        public FallingFollower(double start)
        {
            y = [start];
            curvature = new DelegateOperator<double>(
                1, OperatorProperties.PositiveSemidefinite, (v, result) => result[0] = Math.Exp(y[0]) * v[0]);
        }

        public int LeaderDimension => 1;

        public int FollowerDimension => 1;

        public ILinearOperator<double> FollowerCurvature(Curvature kind) => curvature;

        public void Linearise(Derivatives needs = Derivatives.All)
        {
        }

        public Tensors.CoordinateMap LeaderCoordinates { get; } = Tensors.CoordinateMap.Identity(1);

        public ReadOnlySpan<double> Leader => x;

        public ReadOnlySpan<double> Follower => y;

        public void MoveTo(ReadOnlySpan<double> leader, ReadOnlySpan<double> follower) => (x[0], y[0]) = (leader[0], follower[0]);

        public double LeaderLoss() => y[0];

        public double FollowerLoss() => Math.Exp(y[0]);

        public double DirectGradient(Span<double> result)
        {
            result[0] = 0;
            return LeaderLoss();
        }

        public void RightHandSide(Span<double> result) => result[0] = 1;

        public void FollowerGradient(Span<double> result) => result[0] = Math.Exp(y[0]);

        public void FollowerLossLeaderGradient(Span<double> result) => result[0] = 0;

        public void MixedProduct(ReadOnlySpan<double> v, Span<double> result) => result[0] = 0;
    }
}
