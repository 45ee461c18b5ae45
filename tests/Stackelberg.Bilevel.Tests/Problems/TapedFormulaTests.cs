using Stackelberg.Tensors;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Problems recorded from random formulas, every derivative against differences.</summary>
public sealed class TapedFormulaTests
{
    private const double Tolerance = 1e-8;

    public static TheoryData<ulong> Seeds() => [.. Enumerable.Range(0, 24).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void First_derivatives_are_those_of_the_losses(ulong seed)
    {
        var given = new RandomFormulas(seed);
        TapeProblem<double> problem = given.Problem;
        CoordinateMap x = problem.LeaderCoordinates, y = given.FollowerCoordinates;
        Vector direct = Ask(problem.LeaderDimension, s => problem.DirectGradient(s)).Real(x), cross = Ask(problem.LeaderDimension, problem.FollowerLossLeaderGradient).Real(x);
        Vector right = Ask(problem.FollowerDimension, problem.RightHandSide).Real(y), own = Ask(problem.FollowerDimension, problem.FollowerGradient).Real(y);
        direct.ShouldBeNear(Row(problem, true, x, problem.LeaderLoss), Tolerance, "direct gradient");
        cross.ShouldBeNear(Row(problem, true, x, problem.FollowerLoss), Tolerance, "leader gradient of the follower's loss");
        right.ShouldBeNear(Row(problem, false, y, problem.LeaderLoss), Tolerance, "right-hand side");
        own.ShouldBeNear(Row(problem, false, y, problem.FollowerLoss), Tolerance, "follower gradient");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Second_derivatives_are_those_of_the_follower_gradient(ulong seed)
    {
        var given = new RandomFormulas(seed);
        TapeProblem<double> problem = given.Problem;
        CoordinateMap x = problem.LeaderCoordinates, y = given.FollowerCoordinates;
        Dense hessian = problem.FollowerCurvature(Curvature.Hessian).Columns(), mixed = Mixed(given);
        hessian.ShouldBeNear(hessian.Transpose(), 1e-13, "symmetry");
        Vector Gradient() => Ask(problem.FollowerDimension, problem.FollowerGradient).Real(y);
        hessian.ShouldBeNear(Rows(problem, false, y, Gradient).Transpose(), Tolerance, "curvature");
        mixed.ShouldBeNear(Rows(problem, true, x, Gradient), Tolerance, "mixed product");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gauss_newton_curvature_is_that_of_the_jacobian_of_the_residuals(ulong seed)
    {
        var given = new RandomFormulas(seed);
        TapeProblem<double> problem = given.Problem;
        CoordinateMap y = given.FollowerCoordinates;
        var a = (ISampleSpaceOperator<double>)problem.FollowerCurvature(Curvature.GaussNewton);
        Dense products = a.Columns(), kernel = Dense.Build.DenseOfRowMajor(2, 2, Ask(4, s => a.Kernel(s)));
        Vector forward = Vector.Build.Dense(Ask(2, s => a.MultiplyJacobian(Direction(y, problem.FollowerDimension), s)));
        Vector backward = Ask(problem.FollowerDimension, s => a.MultiplyJacobianTransposed([0.3, -1.1], s)).Real(y);
        Dense jacobian = Rows(problem, false, y, () => Vector.Build.Dense([.. given.Residuals])).Transpose();

        (a.Samples, a.Scale).ShouldBe((2, 1.0));
        products.ShouldBeNear(jacobian.Transpose() * jacobian, Tolerance, "products");
        kernel.ShouldBeNear(jacobian * jacobian.Transpose(), Tolerance, "kernel");
        forward.ShouldBeNear(jacobian * Direction(y, problem.FollowerDimension).Real(y), Tolerance, "Jacobian");
        backward.ShouldBeNear(jacobian.Transpose() * Vector.Build.Dense([0.3, -1.1]), Tolerance, "transposed Jacobian");
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Implicit_and_unrolled_derivatives_of_a_solved_follower_are_the_differences_of_the_solved_problem(ulong seed)
    {
        var given = new RandomFormulas(seed, ridge: 1);
        TapeProblem<double> problem = given.Problem;
        new FollowerNewton<double>().Solve(problem).ShouldBeLessThan(1e-12);
        CoordinateMap x = problem.LeaderCoordinates;
        Vector reference = Of(new FiniteDifferenceHypergradient<double>()), direct = Of(new FirstOrderHypergradient<double>());
        (reference - direct).L2Norm().ShouldBeGreaterThan(1000 * Tolerance, "the implicit term is not negligible");
        foreach (string solver in new[] { "cg", "minres", "cholesky", "exact" })
        {
            Of(new ImplicitHypergradient<double>(SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = solver, Tolerance = 1e-13 })))
                .ShouldBeNear(reference, 1e-8, solver);
        }

        // eigenvalues near 2: a step of 0.4 contracts by about 0.2
        Of(new UnrolledHypergradient<double>(60, 0.4)).ShouldBeNear(reference, 1e-8, "unrolled");

        Vector Of(IHypergradient<double> method) => Ask(problem.LeaderDimension, s => method.Compute(problem, 0, s)).Real(x);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Going_there_and_back_changes_no_bit_of_any_answer(ulong seed)
    {
        var given = new RandomFormulas(seed);
        TapeProblem<double> problem = given.Problem;
        double[] x = problem.Leader.ToArray(), y = problem.Follower.ToArray();
        double[] before = [.. Answers(given, Derivatives.Direct | Derivatives.Implicit)];
        problem.MoveTo([.. x.Select(v => v * 2)], [.. y.Select(v => v - (v * v))]);
        double[] there = [.. Answers(given, Derivatives.Direct | Derivatives.Implicit)];
        problem.MoveTo(x, y);
        there.ShouldNotBe(before);
        Answers(given, Derivatives.Direct | Derivatives.Implicit).ShouldBe(before);
    }

    [Theory]
    [InlineData(Derivatives.Direct)]
    [InlineData(Derivatives.Descent)]
    [InlineData(Derivatives.Implicit)]
    [InlineData(Derivatives.Direct | Derivatives.Descent)]
    [InlineData(Derivatives.Direct | Derivatives.Implicit)]
    [InlineData(Derivatives.Descent | Derivatives.Implicit)]
    [InlineData(Derivatives.All)]
    public void What_was_asked_for_is_what_it_is_when_all_is_asked_for(Derivatives needs)
    {
        for (ulong seed = 0; seed < 6; seed++)
        {
            RandomFormulas all = new(seed), some = new(seed);
            // so that what the recording before left behind does not help
            some.Problem.MoveTo(new double[all.Problem.LeaderDimension], new double[all.Problem.FollowerDimension]);
            some.Problem.MoveTo(all.Problem.Leader, all.Problem.Follower);
            some.Problem.Linearise(needs);
            Answers(some, needs).ShouldBe(Answers(all, needs));
        }
    }

    // all numbers that a need covers, one after the other
    private static IEnumerable<double> Answers(RandomFormulas given, Derivatives needs)
    {
        TapeProblem<double> problem = given.Problem;
        int n = problem.LeaderDimension, m = problem.FollowerDimension;
        double[] v = Direction(given.FollowerCoordinates, m);
        var answers = new List<double> { problem.LeaderLoss(), problem.FollowerLoss() };
        if (needs.HasFlag(Derivatives.Direct))
        {
            answers.AddRange(Ask(n, s => answers.Add(problem.DirectGradient(s))));
        }

        if (needs.HasFlag(Derivatives.Descent))
        {
            answers.AddRange(Ask(m, s => answers.Add(problem.FollowerDescent(s))));
        }

        if (needs.HasFlag(Derivatives.Implicit))
        {
            answers.AddRange(Ask(m, problem.RightHandSide));
            answers.AddRange(Ask(m, problem.FollowerGradient));
            answers.AddRange(Ask(n, s => problem.MixedProduct(v, s)));
            answers.AddRange(Ask(m, s => problem.FollowerCurvature(Curvature.Hessian).Multiply(v, s)));
            answers.AddRange(Ask(m, s => problem.FollowerCurvature(Curvature.GaussNewton).Multiply(v, s)));
        }

        return answers;
    }

    // row i is ∂₁ᵢ∂₂f₂, column by column
    private static Dense Mixed(RandomFormulas given) => Dense.Build.DenseOfColumnVectors(Enumerable.Range(0, given.FollowerCoordinates.Count).Select(j =>
    {
        double[] unit = new double[given.Problem.FollowerDimension];
        unit[given.FollowerCoordinates[j]] = 1;
        return Ask(given.Problem.LeaderDimension, s => given.Problem.MixedProduct(unit, s)).Real(given.Problem.LeaderCoordinates);
    }));

    private static Vector Row(TapeProblem<double> problem, bool ofLeader, CoordinateMap map, Func<double> value) =>
        Rows(problem, ofLeader, map, () => Vector.Build.Dense([value()])).Column(0);

    // five-point differences; row i is the derivative by coordinate i
    private static Dense Rows(TapeProblem<double> problem, bool ofLeader, CoordinateMap map, Func<Vector> value)
    {
        double[] x = problem.Leader.ToArray(), y = problem.Follower.ToArray();
        return Dense.Build.DenseOfRowVectors(Enumerable.Range(0, map.Count).Select(i =>
        {
            const double H = 1e-3;
            Vector slope = ((8 * (At(H) - At(-H))) - (At(2 * H) - At(-2 * H))) / (12 * H);
            problem.MoveTo(x, y);
            return slope;

            Vector At(double h)
            {
                double[] leader = [.. x], follower = [.. y];
                (ofLeader ? leader : follower)[map[i]] += h;
                problem.MoveTo(leader, follower);
                return value();
            }
        }));
    }

    private static double[] Direction(CoordinateMap map, int length) => Vector.Build.Dense(map.Count, i => Math.Sin(1 + (3 * i))).Spread(map, length);

    private static double[] Ask(int length, WriteTo write) => PaddedVectors.Ask(length, write);
}
