using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>The derivatives of the built-in problems against differences of their losses.</summary>
public sealed class ProblemTests
{
    public static TheoryData<string> Names() => ["well-conditioned", "ill-conditioned", "indefinite", "singular", "mlp-critic", "toy 1", "toy 2", "toy stac"];

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Matrices_that_are_not_finite_are_refused(double value)
    {
        var coefficients = new QuadraticCoefficients(1, 1, Q: [value], B: [1], C: [0], D: [0], E: [4], F: [0], G: [5], X: [0], Y: [0]);
        Should.Throw<ArgumentException>(() => new QuadraticBilevelProblem<double>(coefficients)).Message.ShouldContain("'Q' is not finite: Q[0][0]");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_agree_with_differences_of_the_losses(string name)
    {
        IDifferentiableBilevelProblem<double> problem = name.StartsWith("toy ", StringComparison.Ordinal)
            ? new ToyProblem(ToyGame.All.Single(given => $"toy {given.Name}" == name))
            : BuiltInProblems.All.Single(given => given.Name == name).Create();
        double[] x = problem.Leader.ToArray(), y = problem.Follower.ToArray();
        RandomStream random = RandomStream.FromSeed(8);
        double[] u = Direction(problem.LeaderCoordinates, x.Length, random);
        double[] v = Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, y.Length, random);
        double[] zeroX = new double[x.Length], zeroY = new double[y.Length];
        double[] leader = new double[x.Length], mixed = new double[x.Length], cross = new double[x.Length];
        double[] right = new double[y.Length], follower = new double[y.Length], product = new double[y.Length];
        problem.DirectGradient(leader);
        problem.RightHandSide(right);
        problem.FollowerGradient(follower);
        problem.FollowerLossLeaderGradient(cross);
        problem.MixedProduct(v, mixed);
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, product);

        Difference(u, zeroY, problem.LeaderLoss).ShouldBe(Dot(leader, u), 1e-8);
        Difference(zeroX, v, problem.LeaderLoss).ShouldBe(Dot(right, v), 1e-8);
        Difference(zeroX, v, problem.FollowerLoss).ShouldBe(Dot(follower, v), 1e-8);
        Difference(u, zeroY, problem.FollowerLoss).ShouldBe(Dot(cross, u), 1e-8);
        double[] w = Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, y.Length, random);
        Difference(zeroX, v, () => Along(problem.FollowerGradient, w)).ShouldBe(Dot(product, w), 1e-8);
        Difference(u, zeroY, () => Along(problem.FollowerGradient, v)).ShouldBe(Dot(mixed, u), 1e-8);

        double Difference(double[] along, double[] alongFollower, Func<double> value)
        {
            const double H = 1e-3;
            double near = At(H) - At(-H), far = At(2 * H) - At(-2 * H);
            problem.MoveTo(x, y);
            return ((8 * near) - far) / (12 * H);

            double At(double h)
            {
                problem.MoveTo([.. x.Zip(along, (a, b) => a + (h * b))], [.. y.Zip(alongFollower, (a, b) => a + (h * b))]);
                return value();
            }
        }

        double Along(FollowerProduct gradient, double[] direction)
        {
            double[] result = new double[y.Length];
            gradient(result);
            return Dot(result, direction);
        }
    }

    [Theory]
    [InlineData("mlp-critic")]
    [InlineData("mlp-critic-gauss-newton")]
    public void Curvature_of_the_network_is_what_it_declares(string name)
    {
        BuiltInProblem problem = BuiltInProblems.All.Single(given => given.Name == name);
        OperatorCheck.Probe(problem.Create().FollowerCurvature(problem.Curvature), RandomStream.FromSeed(1)).ThrowIfViolated();
    }

    [Fact]
    public void Closed_form_of_a_singular_follower_is_null()
    {
        var problem = (QuadraticBilevelProblem<double>)BuiltInProblems.All.Single(given => given.Name == "singular").Create();
        problem.ClosedForm().ShouldBeNull();
    }

    [Fact]
    public void Quadratic_declares_what_its_matrix_is()
    {
        Declared([2, 0, 0, 1]).ShouldBe(OperatorProperties.Diagonal | OperatorProperties.PositiveSemidefinite);
        Declared([2, 1, 1, 2]).ShouldBe(OperatorProperties.PositiveSemidefinite);
        Declared([1, 2, 2, 1]).ShouldBe(OperatorProperties.Symmetric);
        Declared([1, 0, 0, -1]).ShouldBe(OperatorProperties.Diagonal);
    }

    private static OperatorProperties Declared(double[] q) => new QuadraticBilevelProblem<double>(
        new QuadraticCoefficients(1, 2, q, [0, 0], [0, 0], [0], [0], [0, 0, 0, 0], [0, 0], [0], [0, 0])).FollowerCurvature(Curvature.Hessian).Properties;

    private static double[] Direction(Tensors.CoordinateMap coordinates, int length, RandomStream random)
    {
        double[] direction = new double[length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            direction[coordinates[i]] = random.NextNormal();
        }

        return direction;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();

    private delegate void FollowerProduct(Span<double> result);
}
