using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>The two curvatures of each problem: what they are, when they agree, and what an implicit hypergradient makes of them.</summary>
public sealed class CurvatureKindTests
{
    public static TheoryData<string> BuiltIn() => [.. BuiltInProblems.All.Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(BuiltIn))]
    public void Curvatures_are_the_same_objects_at_every_point_and_what_they_declare(string name)
    {
        IDifferentiableBilevelProblem<double> problem = BuiltInProblems.All.Single(p => p.Name == name).Create();
        double[] x = problem.Leader.ToArray(), y = problem.Follower.ToArray();
        ILinearOperator<double> hessian = problem.FollowerCurvature(Curvature.Hessian), gaussNewton = problem.FollowerCurvature(Curvature.GaussNewton);
        foreach (double factor in new[] { 1, 0.5, -2 })
        {
            problem.MoveTo([.. x.Select(v => factor * v)], [.. y.Select(v => factor * v)]);
            problem.FollowerCurvature(Curvature.Hessian).ShouldBeSameAs(hessian);
            problem.FollowerCurvature(Curvature.GaussNewton).ShouldBeSameAs(gaussNewton);
            Dense exact = hessian.Columns(), approximate = gaussNewton.Columns();
            exact.ShouldBeNear(exact.Transpose(), 1e-13);
            if (gaussNewton.Properties.HasFlag(OperatorProperties.PositiveSemidefinite))
            {
                Smallest(approximate).ShouldBeGreaterThanOrEqualTo(-1e-13);
            }

            if (problem is QuadraticBilevelProblem<double> quadratic)
            {
                exact.ShouldBe(approximate);
                exact.ToRowMajorArray().ShouldBe(quadratic.Coefficients.Q);
            }
        }
    }

    [Theory]
    [InlineData(Curvature.Hessian)]
    [InlineData(Curvature.GaussNewton)]
    public void Weight_decay_adds_its_multiple_of_the_identity_to_either_curvature_of_a_network(Curvature kind)
    {
        const double Decay = 0.3;
        Dense plain = new MlpCriticProblem(RandomStream.FromSeed(5), 0).FollowerCurvature(kind).Columns();
        Dense decayed = new MlpCriticProblem(RandomStream.FromSeed(5), Decay).FollowerCurvature(kind).Columns();
        decayed.ShouldBeNear(plain + (Decay * Dense.Build.DenseIdentity(plain.RowCount)), 1e-14);
    }

    [Fact]
    public void Gauss_newton_matrix_of_a_network_has_at_most_one_dimension_per_sample_and_leaves_out_what_the_hessian_has()
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(5), 0);
        Dense exact = problem.FollowerCurvature(Curvature.Hessian).Columns(), approximate = problem.FollowerCurvature(Curvature.GaussNewton).Columns();
        // 26 parameters, 16 samples
        approximate.RowCount.ShouldBe(26);
        approximate.Rank().ShouldBe(16);
        (exact - approximate).FrobeniusNorm().ShouldBeGreaterThan(1e-2);
        // the output bias enters every value linearly: both have 2 there
        (exact[25, 25], approximate[25, 25]).ShouldBe((2, 2), new Within(1e-13));
    }

    [Fact]
    public void Curvatures_agree_where_residuals_are_linear_in_the_follower_and_give_the_total_derivative()
    {
        const int Rows = 9;
        Dense features = PaddedVectors.Normals(Rows, 4, RandomStream.FromSeed(1));
        ParameterLayout leader = new([("x", 1, 3)]), follower = new([("y", 4, 1)]);
        FlatVector<double> x = new(leader.Length), y = new(follower.Length);
        (x[0], x[1], x[2]) = (0.4, -0.7, 1.1);
        var problem = new TapeProblem<double>(leader, x, follower, y, (tape, x, y) =>
        {
            // a least-squares fit to targets that the leader bends
            Variable targets = tape.Tanh(tape.MatMulNT(tape.Constant(features.SubMatrix(0, Rows, 0, 3).ToRowMajorArray(), Rows, 3), x[0]));
            Variable residuals = tape.Subtract(tape.MatMul(tape.Constant(features.ToRowMajorArray(), Rows, 4), y[0]), targets);
            Variable f1 = tape.Add(tape.Mean(tape.Square(tape.AddScalar(y[0], -1))), tape.Sum(tape.Square(x[0])));
            return new BilevelLosses(f1, tape.Mean(tape.Square(residuals))) { Residuals = residuals };
        });
        problem.Linearise();
        new FollowerNewton<double>().Solve(problem);
        Dense expected = 2.0 / Rows * features.Transpose() * features;
        problem.FollowerCurvature(Curvature.Hessian).Columns().ShouldBeNear(expected, 1e-13);
        problem.FollowerCurvature(Curvature.GaussNewton).Columns().ShouldBeNear(expected, 1e-13);

        double[] reference = PaddedVectors.Ask(leader.Length, s => new FiniteDifferenceHypergradient<double>().Compute(problem, 0, s));
        var method = new ImplicitHypergradient<double>(
            new GaussNewtonSolver<double>(new SolverOptions()), new ImplicitHypergradientOptions { Curvature = Curvature.GaussNewton });
        PaddedVectors.Ask(leader.Length, s => method.Compute(problem, 0, s)).ShouldBeCloseTo(reference, 1e-8);
    }

    [Theory]
    [InlineData(Curvature.Hessian, 0.2)]
    [InlineData(Curvature.GaussNewton, 0.2)]
    [InlineData(Curvature.Hessian, 3)]
    [InlineData(Curvature.GaussNewton, 3)]
    public void Implicit_term_is_made_with_the_curvature_that_was_chosen(Curvature kind, double damping)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            var given = new RandomFormulas(seed, ridge: 1);
            TapeProblem<double> problem = given.Problem;
            Vector right = PaddedVectors.Ask(problem.FollowerDimension, problem.RightHandSide).Real(given.FollowerCoordinates);
            Dense curvature = problem.FollowerCurvature(kind).Columns();
            Vector adjoint = (curvature + (damping * Dense.Build.DenseIdentity(curvature.RowCount))).LU().Solve(right);
            double[] along = adjoint.Spread(given.FollowerCoordinates, problem.FollowerDimension);
            Vector direct = PaddedVectors.Ask(problem.LeaderDimension, s => problem.DirectGradient(s)).Real(problem.LeaderCoordinates);
            Vector term = PaddedVectors.Ask(problem.LeaderDimension, s => problem.MixedProduct(along, s)).Real(problem.LeaderCoordinates);
            var method = new ImplicitHypergradient<double>(new ExactSolver<double>(), new ImplicitHypergradientOptions { Curvature = kind });
            PaddedVectors.Ask(problem.LeaderDimension, s => method.Compute(problem, damping, s)).Real(problem.LeaderCoordinates)
                .ShouldBeNear(direct - term, 1e-11);
        }
    }

    private static double Smallest(Dense symmetric) => ((symmetric + symmetric.Transpose()) / 2).Evd().EigenValues.Min(static e => e.Real);

    private sealed class Within(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) <= tolerance && Math.Abs(a.Item2 - b.Item2) <= tolerance;

        public int GetHashCode((double, double) value) => 0;
    }
}
