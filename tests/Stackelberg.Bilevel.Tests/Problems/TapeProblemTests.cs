using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Problems from two recorded formulas, against problems whose derivatives are written by hand.</summary>
public sealed class TapeProblemTests
{
    [Fact]
    public void A_recorded_quadratic_has_the_derivatives_of_its_coefficients()
    {
        QuadraticCoefficients q = TapedQuadratic.Coefficients;
        var byHand = new QuadraticBilevelProblem<double>(q);
        TapedQuadratic taped = new();
        taped.Problem.Linearise();
        Compare(taped.Problem, byHand, 1e-13);
        taped.MoveTo([0.3, -0.2, 0.9], [1, 2, -1, 0.5]);
        byHand.MoveTo([0.3, -0.2, 0.9], [1, 2, -1, 0.5]);
        Compare(taped.Problem, byHand, 1e-13);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public void A_recorded_critic_has_the_derivatives_of_the_fused_one(double weightDecay)
    {
        var fused = new MlpCriticProblem(RandomStream.FromSeed(6), weightDecay);
        TapeProblem<double> taped = TapedCritic.Of(RandomStream.FromSeed(6), weightDecay);
        taped.Linearise();
        Compare(taped, fused, 1e-12);
        if (weightDecay == 0)
        {
            double[] v = Normal(taped.FollowerCurvature(Curvature.GaussNewton).Coordinates, taped.FollowerDimension, 3);
            Ask(v.Length, s => taped.FollowerCurvature(Curvature.GaussNewton).Multiply(v, s))
                .ShouldBeCloseTo(Ask(v.Length, s => fused.FollowerCurvature(Curvature.GaussNewton).Multiply(v, s)), 1e-12);
        }
    }

    [Fact]
    public void Hypergradients_of_a_recorded_quadratic_are_the_closed_form()
    {
        QuadraticCoefficients q = TapedQuadratic.Coefficients;
        double[] closed = new QuadraticBilevelProblem<double>(q).ClosedForm()!;
        foreach (IHypergradient<double> method in new IHypergradient<double>[]
        {
            new ImplicitHypergradient<double>(new ExactSolver<double>()),
            new UnrolledHypergradient<double>(600, 0.2),
            new FiniteDifferenceHypergradient<double>(),
        })
        {
            TapedQuadratic taped = new();
            taped.Problem.Linearise();
            new FollowerNewton<double>().Solve(taped.Problem).ShouldBeLessThan(1e-12);
            double[] total = Ask(taped.Problem.LeaderDimension, s => method.Compute(taped.Problem, 0, s));
            total[..3].ShouldBeCloseTo(closed, 1e-9);
            total[3..].ShouldAllBe(static v => v == 0);
        }
    }

    [Fact]
    public void Darts_and_one_unrolled_step_of_a_recorded_quadratic_are_the_derivative_through_the_step()
    {
        const double Step = 0.1;
        QuadraticCoefficients c = TapedQuadratic.Coefficients;
        Dense q = Square(c.Q, 4), b = Dense.Build.DenseOfRowMajor(4, 3, c.B), d = Square(c.D, 3), f = Square(c.F, 4);
        Vector x = Vector.Build.DenseOfArray(c.X), y = Vector.Build.DenseOfArray(c.Y);
        Vector ahead = y - (Step * ((q * y) + (b * x) + Vector.Build.DenseOfArray(c.C)));
        Vector expected = (d * x) + Vector.Build.DenseOfArray(c.E) - (Step * b.Transpose() * ((f * ahead) + Vector.Build.DenseOfArray(c.G)));
        foreach (IHypergradient<double> method in new IHypergradient<double>[] { new DartsHypergradient<double>(Step), new UnrolledHypergradient<double>(1, Step) })
        {
            TapedQuadratic taped = new();
            taped.Problem.Linearise();
            Ask(taped.Problem.LeaderDimension, s => method.Compute(taped.Problem, 0, s))[..3].ShouldBeCloseTo([.. expected], 1e-11);
            taped.Problem.Follower[..4].ToArray().ShouldBe(c.Y, "the problem is back where it was");
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3)]
    public void In_sample_space_recorded_residuals_give_the_dense_solution(double damping)
    {
        TapeProblem<double> taped = TapedCritic.Of(RandomStream.FromSeed(6), 0);
        taped.Linearise();
        ILinearOperator<double> curvature = taped.FollowerCurvature(Curvature.GaussNewton);
        CoordinateMap map = curvature.Coordinates;
        Dense dense = Dense.Build.Dense(map.Count, map.Count);
        for (int j = 0; j < map.Count; j++)
        {
            double[] unit = new double[curvature.Dimension];
            unit[map[j]] = 1;
            double[] column = Ask(unit.Length, s => curvature.Multiply(unit, s));
            for (int i = 0; i < map.Count; i++)
            {
                dense[i, j] = column[map[i]];
            }
        }

        double[] b = Normal(map, curvature.Dimension, 4), x = new double[b.Length];
        LinearSolution solve = new GaussNewtonSolver<double>(new SolverOptions { Name = "gauss-newton", Tolerance = 1e-12 }).Solve(curvature, damping, b, x);
        solve.Status.ShouldBe(SolveStatus.Converged);
        Vector expected = (dense + (damping * Dense.Build.DenseIdentity(map.Count))).Cholesky().Solve(Real(b, map));
        Real(x, map).ShouldBeCloseTo(expected, 1e-10);
        dense.Rank().ShouldBe(16, "one direction per sample");
    }

    [Fact]
    public void Without_residuals_there_is_no_Gauss_Newton_curvature_and_the_message_says_what_to_return()
    {
        TapedQuadratic taped = new();
        taped.Problem.Linearise();
        var gaussNewton = new ImplicitHypergradient<double>(
            SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "cg" }), new ImplicitHypergradientOptions { Curvature = Curvature.GaussNewton });
        NotSupportedException error = Should.Throw<NotSupportedException>(() => gaussNewton.Compute(taped.Problem, 0, new double[taped.Problem.LeaderDimension]));
        error.Message.ShouldContain("recorded without residuals");
        error.Message.ShouldContain(nameof(BilevelLosses.Residuals));
        new ImplicitHypergradient<double>(new ExactSolver<double>()).Compute(taped.Problem, 0, new double[taped.Problem.LeaderDimension])
            .Solve.Status.ShouldBe(SolveStatus.Converged, "the Hessian is there");
    }

    [Fact]
    public void A_pair_of_losses_is_enough()
    {
        var tape = new Tape<double>();
        Variable f1 = tape.Constant(2), f2 = tape.Constant(3);
        BilevelLosses losses = (f1, f2);
        (tape.Value(losses.Leader), tape.Value(losses.Follower), losses.Residuals is null).ShouldBe((2, 3, true));
    }

    [Fact]
    public void Tensors_that_a_loss_does_not_read_have_derivative_zero()
    {
        ParameterLayout layout = new([("used", 1, 2), ("unused", 2, 3)]);
        FlatVector<double> x = Vector1(layout, 1), y = Vector1(layout, 2);
        var problem = new TapeProblem<double>(layout, x, layout, y, static (tape, x, y) =>
            (tape.Sum(tape.Square(x[0])), tape.Sum(tape.Multiply(tape.Square(y[0]), x[0]))));
        problem.Linearise();
        double[] v = Normal(layout.Coordinates, layout.Length, 5);
        Ask(layout.Length, problem.RightHandSide).ShouldAllBe(static g => g == 0);
        foreach (double[] answer in new[]
        {
            Ask(layout.Length, problem.FollowerGradient),
            Ask(layout.Length, s => problem.MixedProduct(v, s)),
            Ask(layout.Length, s => problem.FollowerCurvature(Curvature.Hessian).Multiply(v, s)),
        })
        {
            answer[layout["unused"].Offset..].ShouldAllBe(static g => g == 0);
        }

        Ask(layout.Length, s => problem.MixedProduct(v, s))[0].ShouldBe(2 * y[0] * v[0], 1e-15);
        Ask(layout.Length, s => problem.FollowerCurvature(Curvature.Hessian).Multiply(v, s))[1].ShouldBe(2 * x[1] * v[1], 1e-15);
    }

    [Fact]
    public void Answers_do_not_depend_on_the_order_of_questions()
    {
        TapeProblem<double> taped = TapedCritic.Of(RandomStream.FromSeed(6), 0.1);
        double[] v = Normal(taped.FollowerCurvature(Curvature.Hessian).Coordinates, taped.FollowerDimension, 3);
        Func<double[]>[] questions =
        [
            () => Ask(taped.LeaderDimension, s => taped.DirectGradient(s)),
            () => Ask(taped.FollowerDimension, taped.RightHandSide),
            () => Ask(taped.FollowerDimension, taped.FollowerGradient),
            () => Ask(taped.LeaderDimension, taped.FollowerLossLeaderGradient),
            () => Ask(taped.LeaderDimension, s => taped.MixedProduct(v, s)),
            () => Ask(taped.FollowerDimension, s => taped.FollowerCurvature(Curvature.Hessian).Multiply(v, s)),
            () => Ask(taped.FollowerDimension, s => taped.FollowerCurvature(Curvature.GaussNewton).Multiply(v, s)),
            () => Ask(16 * 16, s => ((ISampleSpaceOperator<double>)taped.FollowerCurvature(Curvature.GaussNewton)).Kernel(s)),
            () => [taped.LeaderLoss(), taped.FollowerLoss()],
        ];
        taped.Linearise();
        double[][] once = [.. questions.Select(static q => q())];
        RandomStream random = RandomStream.FromSeed(1);
        for (int round = 0; round < 4; round++)
        {
            int[] order = [.. Enumerable.Range(0, questions.Length), .. Enumerable.Range(0, questions.Length)];
            random.Shuffle<int>(order);
            foreach (int i in order)
            {
                questions[i]().ShouldBe(once[i]);
            }

            taped.Linearise();
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_the_tape_has_grown()
    {
        TapeProblem<double> taped = TapedCritic.Of(RandomStream.FromSeed(6), 0.1);
        double[] x = taped.Leader.ToArray(), y = taped.Follower.ToArray(), v = Normal(taped.FollowerCurvature(Curvature.Hessian).Coordinates, y.Length, 3);
        double[] leader = new double[x.Length], follower = new double[y.Length], kernel = new double[16 * 16], samples = new double[16];
        var sampleSpace = (ISampleSpaceOperator<double>)taped.FollowerCurvature(Curvature.GaussNewton);
        Once();
        Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            Once();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void Once()
        {
            taped.Linearise();
            taped.DirectGradient(leader);
            taped.RightHandSide(follower);
            taped.FollowerGradient(follower);
            taped.FollowerDescent(follower);
            taped.FollowerLossLeaderGradient(leader);
            for (int i = 0; i < 3; i++)
            {
                taped.MixedProduct(v, leader);
                taped.FollowerCurvature(Curvature.Hessian).Multiply(v, follower);
                sampleSpace.Multiply(v, follower);
                sampleSpace.MultiplyJacobian(v, samples);
                sampleSpace.MultiplyJacobianTransposed(samples, follower);
                sampleSpace.Kernel(kernel);
            }

            taped.MoveTo(x, y);
        }
    }

    [Fact]
    public void Asking_again_and_again_at_one_point_takes_no_further_memory()
    {
        TapeProblem<double> taped = TapedCritic.Of(RandomStream.FromSeed(6), 0.1);
        double[] leader = new double[taped.LeaderDimension], follower = new double[taped.FollowerDimension];
        double[] v = Normal(taped.FollowerCurvature(Curvature.Hessian).Coordinates, follower.Length, 3);
        ILinearOperator<double> hessian = taped.FollowerCurvature(Curvature.Hessian), gaussNewton = taped.FollowerCurvature(Curvature.GaussNewton);
        Action[] questions =
        [
            () => taped.DirectGradient(leader),
            () => taped.RightHandSide(follower),
            () => taped.FollowerGradient(follower),
            () => taped.FollowerLossLeaderGradient(leader),
            () => taped.MixedProduct(v, leader),
            () => hessian.Multiply(v, follower),
            () => gaussNewton.Multiply(v, follower),
        ];
        taped.Linearise();
        foreach (Action question in questions)
        {
            question();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 2000; i++)
            {
                question();
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        }
    }

    [Fact]
    public void Parameters_of_another_length_than_their_layout_are_refused_by_name()
    {
        ParameterLayout layout = new([("x", 1, 2)]);
        FlatVector<double> right = new(layout.Length), wrong = new(layout.Length + 16);
        static BilevelLosses Record(Tape<double> tape, ReadOnlySpan<Variable> x, ReadOnlySpan<Variable> y) => (tape.Sum(x[0]), tape.Sum(y[0]));
        Should.Throw<ArgumentException>(() => new TapeProblem<double>(layout, wrong, layout, right, Record)).ParamName.ShouldBe("leaderParameters");
        Should.Throw<ArgumentException>(() => new TapeProblem<double>(layout, right, layout, wrong, Record)).ParamName.ShouldBe("followerParameters");
        Should.Throw<ArgumentNullException>(() => new TapeProblem<double>(layout, right, layout, right, null!));
    }

    /// <summary>Compares all of two problems over their real coordinates; padding is zero.</summary>
    private static void Compare(IDifferentiableBilevelProblem<double> actual, IDifferentiableBilevelProblem<double> expected, double tolerance)
    {
        (CoordinateMap x, CoordinateMap y) = (actual.LeaderCoordinates, actual.FollowerCurvature(Curvature.Hessian).Coordinates);
        (CoordinateMap ownX, CoordinateMap ownY) = (expected.LeaderCoordinates, expected.FollowerCurvature(Curvature.Hessian).Coordinates);
        Vector v = Real(Normal(y, actual.FollowerDimension, 9), y);
        double[] along = Padded(v, y, actual.FollowerDimension), ownAlong = Padded(v, ownY, expected.FollowerDimension);
        Both(x, ownX, actual.LeaderDimension, expected.LeaderDimension, static (p, s) => p.DirectGradient(s));
        Both(y, ownY, actual.FollowerDimension, expected.FollowerDimension, static (p, s) => p.RightHandSide(s));
        Both(y, ownY, actual.FollowerDimension, expected.FollowerDimension, static (p, s) => p.FollowerGradient(s));
        Both(x, ownX, actual.LeaderDimension, expected.LeaderDimension, static (p, s) => p.FollowerLossLeaderGradient(s));
        Both(x, ownX, actual.LeaderDimension, expected.LeaderDimension, (p, s) => p.MixedProduct(p == actual ? along : ownAlong, s));
        Both(y, ownY, actual.FollowerDimension, expected.FollowerDimension, (p, s) => p.FollowerCurvature(Curvature.Hessian).Multiply(p == actual ? along : ownAlong, s));
        actual.LeaderLoss().ShouldBe(expected.LeaderLoss(), tolerance);
        actual.FollowerLoss().ShouldBe(expected.FollowerLoss(), tolerance);
        actual.DirectGradient(new double[actual.LeaderDimension]).ShouldBe(actual.LeaderLoss());
        actual.FollowerDescent(new double[actual.FollowerDimension]).ShouldBe(actual.FollowerLoss());

        void Both(CoordinateMap map, CoordinateMap ownMap, int length, int ownLength, Question question)
        {
            double[] answer = Ask(length, s => question(actual, s));
            Real(answer, map).ShouldBeCloseTo(Real(Ask(ownLength, s => question(expected, s)), ownMap), tolerance);
            Padded(Real(answer, map), map, length).ShouldBe(answer, "padding is zero");
        }
    }

    private delegate void Question(IDifferentiableBilevelProblem<double> problem, Span<double> result);

    private delegate void SpanAction(Span<double> result);

    private static double[] Ask(int length, SpanAction write)
    {
        double[] result = new double[length];
        Array.Fill(result, double.NaN);
        write(result);
        return result;
    }

    private static Dense Square(double[] values, int side) => Dense.Build.DenseOfRowMajor(side, side, values);

    private static Vector Real(double[] padded, CoordinateMap map) => Vector.Build.Dense(map.Count, i => padded[map[i]]);

    private static double[] Padded(Vector real, CoordinateMap map, int length)
    {
        double[] padded = new double[length];
        for (int i = 0; i < map.Count; i++)
        {
            padded[map[i]] = real[i];
        }

        return padded;
    }

    private static double[] Normal(CoordinateMap map, int length, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        return Padded(Vector.Build.Dense(map.Count, _ => random.NextNormal()), map, length);
    }

    private static FlatVector<double> Vector1(ParameterLayout layout, ulong seed)
    {
        var vector = new FlatVector<double>(layout.Length);
        Normal(layout.Coordinates, layout.Length, seed).CopyTo(vector.Span);
        return vector;
    }
}
