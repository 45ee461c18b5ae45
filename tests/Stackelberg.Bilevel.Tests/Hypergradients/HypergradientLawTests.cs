using Stackelberg.Primitives;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>What holds for every method or for a family of them, on random quadratics and on random formulas.</summary>
public sealed class HypergradientLawTests
{
    private const int N = 3, M = 5;
    private const double Step = 0.05;
    private static readonly double[] Eigenvalues = [1, 2, 3, 5, 8];

    public static TheoryData<string> Methods() => ["none", "exact", "cg", "minres", "cholesky", "unrolled", "darts", "finite-difference"];

    // those that take no step of the follower
    public static TheoryData<string> OfBestResponse() => ["exact", "cg", "minres", "cholesky", "finite-difference"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Result_is_linear_in_the_leader_loss(string method)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            QuadraticCoefficients one = Random(seed), other = Random(seed + 100);
            Vector expected = (2 * Of(method, one)) - (3 * Of(method, WithLeaderLoss(one, 0, 1, other)));
            Of(method, WithLeaderLoss(one, 2, -3, other)).ShouldBeNear(expected, 1e-8, method);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Scaling_the_follower_loss_and_its_step_back_changes_nothing(string method)
    {
        foreach (double factor in new[] { 0.125, 3, 40 })
        {
            QuadraticCoefficients given = Random(4);
            QuadraticCoefficients scaled = given with { Q = Times(given.Q, factor), B = Times(given.B, factor), C = Times(given.C, factor) };
            Of(method, scaled, step: Step / factor).ShouldBeNear(Of(method, given), 1e-8, $"{method}, {factor}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_term_of_the_follower_loss_in_which_only_the_leader_occurs_changes_nothing(string method)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            RandomFormulas plain = new(seed, ridge: 1), shifted = new(seed, ridge: 1, ofLeaderAlone: 5);
            (shifted.Problem.FollowerLoss() - plain.Problem.FollowerLoss()).ShouldBeGreaterThan(1, "the term is there");
            Of(method, shifted.Problem).ShouldBeNear(Of(method, plain.Problem), 1e-8, method);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Recorded_losses_times_constants_scale_the_result_by_that_of_the_leader(string method)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            RandomFormulas plain = new(seed, ridge: 1), scaled = new(seed, ridge: 1, leaderFactor: -2.5, followerFactor: 4);
            Vector expected = -2.5 * Of(method, plain.Problem);
            Of(method, scaled.Problem, step: Step / 4).ShouldBeNear(expected, 1e-8, method);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Turning_the_leader_turns_the_result(string method)
    {
        QuadraticCoefficients given = Random(5);
        Dense turn = LinearSystem.Orthogonal(N, RandomStream.FromSeed(6));
        QuadraticCoefficients turned = given with
        {
            B = Flat(Rows(given.B, M, N) * turn),
            D = Flat(turn.Transpose() * Rows(given.D, N, N) * turn),
            E = Flat(turn.Transpose() * Column(given.E)),
            X = Flat(turn.Transpose() * Column(given.X)),
        };
        Of(method, turned).ShouldBeNear(turn.Transpose() * Of(method, given), 1e-8, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Turning_the_follower_changes_nothing(string method) =>
        Of(method, Reparametrised(Random(7), LinearSystem.Orthogonal(M, RandomStream.FromSeed(8)))).ShouldBeNear(Of(method, Random(7)), 1e-8, method);

    [Theory]
    [MemberData(nameof(OfBestResponse))]
    public void Other_parameters_of_the_follower_change_nothing_for_methods_of_its_best_response(string method)
    {
        Dense by = Dense.Build.DenseIdentity(M) + (0.2 * PaddedVectors.Normals(M, M, RandomStream.FromSeed(9)));
        Of(method, Reparametrised(Random(7), by)).ShouldBeNear(Of(method, Random(7)), 1e-8, method);
        // what takes a step in y does depend on how y is measured
        (Of("unrolled", Reparametrised(Random(7), by)) - Of("unrolled", Random(7))).L2Norm().ShouldBeGreaterThan(1e-3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Report_describes_the_two_terms_of_the_result(string method)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            var problem = new QuadraticBilevelProblem<double>(Random(seed));
            double[] storage = new double[N];
            HypergradientReport report = Create(method, Step).Compute(problem, 0, storage);
            Vector result = Column(storage);
            double direct = report.DirectNorm, indirect = report.ImplicitNorm;
            (report.Scale, report.Guarded, report.Dropped).ShouldBe((1, false, false));
            double square = method == "none" ? direct * direct : (direct * direct) + (indirect * indirect) + (2 * direct * indirect * report.Cosine);
            result.DotProduct(result).ShouldBe(square, 1e-10 * (1 + square + (direct * direct) + (indirect * indirect)), method);
            if (method != "none")
            {
                Math.Abs(report.Cosine).ShouldBeLessThanOrEqualTo(1 + 1e-14);
                report.Multiplier.ShouldBe(1 + (report.Cosine * indirect / direct), 1e-12 * Math.Abs(report.Multiplier));
            }
        }
    }

    [Theory]
    [InlineData("unrolled", 1)]
    [InlineData("unrolled", 4)]
    [InlineData("darts", 1)]
    public void Stepping_methods_are_the_derivative_of_the_stepped_loss_and_leave_the_point_as_it_was(string method, int steps)
    {
        QuadraticCoefficients given = Random(3);
        Dense q = Rows(given.Q, M, M), b = Rows(given.B, M, N), contraction = Dense.Build.DenseIdentity(M) - (Step * q);
        Vector y = Column(given.Y);
        Dense response = Dense.Build.Dense(M, N);
        for (int t = 0; t < steps; t++)
        {
            y -= Step * ((q * y) + (b * Column(given.X)) + Column(given.C));
            response = (contraction * response) - (Step * b);
        }

        Vector expected = (Rows(given.D, N, N) * Column(given.X)) + Column(given.E) + (response.Transpose() * ((Rows(given.F, M, M) * y) + Column(given.G)));
        var problem = new QuadraticBilevelProblem<double>(given);
        IHypergradient<double> hypergradient = method == "darts" ? new DartsHypergradient<double>(Step) : new UnrolledHypergradient<double>(steps, Step);
        Of(hypergradient, problem).ShouldBeNear(expected, 1e-10, method);
        problem.Leader.ToArray().ShouldBe(given.X);
        problem.Follower.ToArray().ShouldBe(given.Y);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-3)]
    [InlineData(0.5)]
    [InlineData(20)]
    public void Damped_implicit_term_is_that_of_the_dense_damped_system_wherever_the_follower_stands(double damping)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            QuadraticCoefficients given = Random(seed);
            Vector right = (Rows(given.F, M, M) * Column(given.Y)) + Column(given.G);
            Vector adjoint = (Rows(given.Q, M, M) + (damping * Dense.Build.DenseIdentity(M))).Cholesky().Solve(right);
            Vector expected = (Rows(given.D, N, N) * Column(given.X)) + Column(given.E) - (Rows(given.B, M, N).Transpose() * adjoint);
            foreach (string solver in new[] { "exact", "cg", "minres", "cholesky" })
            {
                var method = (ImplicitHypergradient<double>)Create(solver, Step);
                Of(method, new QuadraticBilevelProblem<double>(given), damping).ShouldBeNear(expected, 1e-8, solver);
                method.RightHandSide.ToArray().ShouldBeCloseTo([.. right], 1e-13);
                method.Solution.ToArray().ShouldBeCloseTo([.. adjoint], 1e-8);
                method.ImplicitTerm.ToArray().ShouldBeCloseTo([.. Rows(given.B, M, N).Transpose() * adjoint], 1e-8);
            }
        }
    }

    [Fact]
    public void Plus_mirrors_minus_about_the_direct_gradient()
    {
        for (ulong seed = 0; seed < 12; seed++)
        {
            RandomFormulas given = new(seed, ridge: 1);
            var plus = new ImplicitHypergradient<double>(new ExactSolver<double>(), new ImplicitHypergradientOptions { Sign = ImplicitSign.Plus });
            Vector mirrored = (2 * Of("none", given.Problem)) - Of("exact", given.Problem);
            Of(plus, given.Problem).ShouldBeNear(mirrored, 1e-14);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(1e6)]
    public void Bound_shortens_the_implicit_term_to_its_length_and_never_turns_or_lengthens_it(double bound)
    {
        int shortened = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            QuadraticCoefficients given = Random(seed);
            var bounded = new ImplicitHypergradient<double>(new ExactSolver<double>(), new ImplicitHypergradientOptions { Bound = bound });
            Vector direct = Of("none", given), free = Of("exact", given) - direct, held = Of(bounded, new QuadraticBilevelProblem<double>(given)) - direct;
            double length = Math.Min(free.L2Norm(), bound * direct.L2Norm());
            shortened += length < free.L2Norm() ? 1 : 0;
            held.ShouldBeNear(free * (length / free.L2Norm()), 1e-12);
        }

        (shortened > 0).ShouldBe(bound < 1e6, "small bounds act and a large one does not");
    }

    private static QuadraticCoefficients Random(ulong seed) => BuiltInProblems.RandomQuadratic(N, Eigenvalues, RandomStream.FromSeed(seed));

    // f₁ becomes a f₁ + b f₁′
    private static QuadraticCoefficients WithLeaderLoss(QuadraticCoefficients one, double a, double b, QuadraticCoefficients other)
    {
        return one with { D = Mix(one.D, other.D), E = Mix(one.E, other.E), F = Mix(one.F, other.F), G = Mix(one.G, other.G) };

        double[] Mix(double[] left, double[] right) => [.. left.Zip(right, (l, r) => (a * l) + (b * r))];
    }

    // y = P z, in terms of z
    private static QuadraticCoefficients Reparametrised(QuadraticCoefficients given, Dense p)
    {
        Dense q = p.Transpose() * Rows(given.Q, M, M) * p, f = p.Transpose() * Rows(given.F, M, M) * p;
        return given with
        {
            Q = Flat((q + q.Transpose()) / 2),
            B = Flat(p.Transpose() * Rows(given.B, M, N)),
            C = Flat(p.Transpose() * Column(given.C)),
            F = Flat((f + f.Transpose()) / 2),
            G = Flat(p.Transpose() * Column(given.G)),
            Y = Flat(p.Inverse() * Column(given.Y)),
        };
    }

    private static IHypergradient<double> Create(string method, double step) => method switch
    {
        "none" => new FirstOrderHypergradient<double>(),
        "unrolled" => new UnrolledHypergradient<double>(4, step),
        "darts" => new DartsHypergradient<double>(step),
        "finite-difference" => new FiniteDifferenceHypergradient<double>(),
        _ => new ImplicitHypergradient<double>(SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = method, Tolerance = 1e-13 })),
    };

    private static Vector Of(string method, QuadraticCoefficients given, double step = Step) => Of(Create(method, step), new QuadraticBilevelProblem<double>(given));

    private static Vector Of(string method, TapeProblem<double> problem, double step = Step) => Of(Create(method, step), problem);

    private static Vector Of(IHypergradient<double> method, IDifferentiableBilevelProblem<double> problem, double damping = 0) =>
        PaddedVectors.Ask(problem.LeaderDimension, s => method.Compute(problem, damping, s)).Real(problem.LeaderCoordinates);

    private static Dense Rows(double[] values, int rows, int columns) => Dense.Build.DenseOfRowMajor(rows, columns, values);

    private static Vector Column(double[] values) => Vector.Build.DenseOfArray(values);

    private static double[] Flat(Dense matrix) => matrix.ToRowMajorArray();

    private static double[] Flat(Vector vector) => vector.ToArray();

    private static double[] Times(double[] values, double factor) => [.. values.Select(value => factor * value)];
}
