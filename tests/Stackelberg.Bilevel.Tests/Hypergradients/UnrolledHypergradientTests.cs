using Stackelberg.Primitives;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

public sealed class UnrolledHypergradientTests
{
    private const double Alpha = 0.1;

    [Fact]
    public void One_step_equals_the_one_step_formula()
    {
        QuadraticCoefficients q = ImplicitHypergradientTests.Quadratic();
        Vector x = Vector.Build.Dense(q.X), y = Vector.Build.Dense(q.Y);
        Matrix b = Rows(q.B, 5, 3);
        Vector y1 = y - (Alpha * ((Rows(q.Q, 5, 5) * y) + (b * x) + Vector.Build.Dense(q.C)));
        Vector v = (Rows(q.F, 5, 5) * y1) + Vector.Build.Dense(q.G);
        Vector expected = (Rows(q.D, 3, 3) * x) + Vector.Build.Dense(q.E) - (Alpha * b.Transpose() * v);

        double[] unrolled = new double[3], darts = new double[3];
        var problem = new QuadraticBilevelProblem<double>(q);
        new UnrolledHypergradient<double>(1, Alpha).Compute(problem, 0, unrolled).Method.ShouldBe("unrolled");
        new DartsHypergradient<double>(Alpha).Compute(problem, 0, darts).Method.ShouldBe("darts");

        unrolled.ShouldBeCloseTo(expected.ToArray(), 1e-13);
        darts.ShouldBeCloseTo(expected.ToArray(), 1e-10);
        problem.Follower.ToArray().ShouldBe(q.Y);
        problem.Leader.ToArray().ShouldBe(q.X);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Unrolled_network_follower_agrees_with_differences_through_its_steps(int steps)
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(3), weightDecay: 0.05);
        double[] x = problem.Leader.ToArray(), y = problem.Follower.ToArray(), result = new double[4], reference = new double[4];
        new UnrolledHypergradient<double>(steps, Alpha).Compute(problem, 0, result);
        for (int i = 0; i < 4; i++)
        {
            reference[i] = ((8 * (After(1e-3) - After(-1e-3))) - (After(2e-3) - After(-2e-3))) / 12e-3;

            double After(double displacement)
            {
                double[] moved = [.. x], follower = [.. y], gradient = new double[y.Length];
                moved[i] += displacement;
                problem.MoveTo(moved, follower);
                for (int t = 0; t < steps; t++)
                {
                    problem.FollowerGradient(gradient);
                    for (int j = 0; j < follower.Length; j++)
                    {
                        follower[j] -= Alpha * gradient[j];
                    }

                    problem.MoveTo(moved, follower);
                }

                return problem.LeaderLoss();
            }
        }

        result.ShouldBeCloseTo(reference, 1e-9);
    }

    [Fact]
    public void Many_steps_tend_to_the_implicit_hypergradient()
    {
        var problem = new QuadraticBilevelProblem<double>(ImplicitHypergradientTests.Quadratic());
        double[] exact = problem.ClosedForm()!, result = new double[3];
        double previous = double.PositiveInfinity;
        foreach (int steps in new[] { 10, 40, 160, 400 })
        {
            new UnrolledHypergradient<double>(steps, Alpha).Compute(problem, 0, result);
            double error = Vector.Build.Dense([.. result.Zip(exact, (a, b) => a - b)]).L2Norm();
            error.ShouldBeLessThan(previous);
            previous = error;
        }

        result.ShouldBeCloseTo(exact, 1e-10);
    }

    [Fact]
    public void Second_call_allocates_nothing()
    {
        var problem = new QuadraticBilevelProblem<double>(ImplicitHypergradientTests.Quadratic());
        var hypergradient = new UnrolledHypergradient<double>(4, Alpha);
        double[] result = new double[3];
        hypergradient.Compute(problem, 0, result);
        hypergradient.Compute(problem, 0, result);
        long before = GC.GetAllocatedBytesForCurrentThread();
        hypergradient.Compute(problem, 0, result);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void First_order_is_the_direct_gradient()
    {
        var problem = new QuadraticBilevelProblem<double>(ImplicitHypergradientTests.Quadratic());
        double[] direct = new double[3], result = new double[3];
        problem.DirectGradient(direct);
        HypergradientReport report = new FirstOrderHypergradient<double>().Compute(problem, 0, result);
        result.ShouldBe(direct);
        report.ImplicitNorm.ShouldBe(0);
        report.Solve.Status.ShouldBe(SolveStatus.None);
        report.Method.ShouldBe("none");
    }

    [Fact]
    public void Methods_without_a_linear_system_report_no_solve()
    {
        IHypergradient<double>[] methods =
        [
            new UnrolledHypergradient<double>(2, Alpha), new DartsHypergradient<double>(Alpha), new FiniteDifferenceHypergradient<double>(),
        ];
        foreach (IHypergradient<double> method in methods)
        {
            var problem = new QuadraticBilevelProblem<double>(ImplicitHypergradientTests.Quadratic());
            LinearSolution solve = method.Compute(problem, 0, new double[3]).Solve;
            solve.Status.ShouldBe(SolveStatus.None, method.Name);
            solve.RelativeResidual.ShouldBe(double.NaN, method.Name);
        }
    }

    [Fact]
    public void Problem_known_at_one_point_only_is_refused_with_the_way_out()
    {
        var problem = new OnePointProblem();
        Should.Throw<ArgumentException>(() => new UnrolledHypergradient<double>(1, 1).Compute(problem, 0, new double[1]))
            .Message.ShouldContain("implicit hypergradient");
        Should.Throw<ArgumentException>(() => new FiniteDifferenceHypergradient<double>().Compute(problem, 0, new double[1]))
            .Message.ShouldContain("OnePointProblem");
    }

    [Fact]
    public void Follower_without_a_unique_minimum_has_no_reference()
    {
        var problem = new QuadraticBilevelProblem<double>(BuiltInProblems.RandomQuadratic(3, [0, 1, 2], RandomStream.FromSeed(1)));
        Should.Throw<InvalidOperationException>(() => new FiniteDifferenceHypergradient<double>().Compute(problem, 0, new double[3]))
            .Message.ShouldContain("singular");
    }

    private static Matrix Rows(double[] values, int rows, int columns) => Matrix.Build.Dense(rows, columns, (i, j) => values[(i * columns) + j]);

    private sealed class OnePointProblem : IBilevelProblem<double>
    {
        public int LeaderDimension => 1;

        public int FollowerDimension => 1;

        public void Linearise(Derivatives needs = Derivatives.All)
        {
        }

        public ILinearOperator<double> FollowerCurvature(Curvature kind) => new IdentityOperator<double>(1);

        public double DirectGradient(Span<double> result)
        {
            result[0] = 1;
            return double.NaN;
        }

        public void FollowerGradient(Span<double> result) => result[0] = 0;

        public void RightHandSide(Span<double> result) => result[0] = 1;

        public void MixedProduct(ReadOnlySpan<double> v, Span<double> result) => v.CopyTo(result);
    }
}
