using FsCheck;
using FsCheck.Fluent;
using Stackelberg.Primitives;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Laws that hold for every system, on random ones.</summary>
public sealed class SolverLawTests
{
    private static readonly Arbitrary<(ulong Seed, int Size, MatrixKind Kind, double Condition)> Systems = (
        from seed in Gen.Choose(0, 1_000_000)
        from size in Gen.Choose(1, 15)
        from kind in Gen.Elements(MatrixKind.Spd, MatrixKind.Diagonal, MatrixKind.Indefinite)
        from exponent in Gen.Choose(0, 3)
        select ((ulong)seed, size, kind, Math.Pow(10, exponent))).ToArbitrary();

    [Fact]
    public void Minres_residual_is_at_most_that_of_cg_after_as_many_iterations() => Holds((system, random) =>
    {
        for (int k = 1; k <= 6; k++)
        {
            double minres = Solve("minres", system, new SolverOptions { Iterations = k }, 0).Solution.RelativeResidual;
            double cg = Solve("cg", system, new SolverOptions { Iterations = k, ContinueThroughNegativeCurvature = true }, 0)
                .Solution.RelativeResidual;
            // below this, lost orthogonality decides and not the method
            if (cg > 1e-6)
            {
                minres.ShouldBeLessThanOrEqualTo(cg * (1 + 1e-6), $"iteration {k}");
            }
        }
    });

    [Fact]
    public void Full_rank_nystrom_is_the_exact_damped_solve() => Holds((system, random) =>
        Solve("nystrom", system, new SolverOptions { Rank = system.Matrix.RowCount }, 0.7).X.ShouldBeCloseTo(system.Solve(0.7), 1e-9),
        definiteOnly: true);

    [Fact]
    public void One_block_is_the_exact_solve() => Holds((system, random) =>
        Solve("block-diagonal", system, new SolverOptions { Degree = system.Matrix.RowCount }, 0).X.ShouldBeCloseTo(system.Solve(), 1e-9));

    [Fact]
    public void Blocks_of_side_one_divide_by_the_diagonal() => Holds((system, random) =>
    {
        Vector expected = system.RightHandSide.PointwiseDivide(system.Matrix.Diagonal() + 3);
        Solve("block-diagonal", system, new SolverOptions { Degree = 1 }, 3).X.ShouldBeCloseTo(expected, 1e-12);
    });

    [Fact]
    public void Solution_scales_with_the_right_hand_side() => Holds((system, random) =>
    {
        foreach (string name in new[] { "cg", "pcg", "minres", "cgnr", "exact" })
        {
            var options = new SolverOptions { Name = name, Iterations = 5 };
            double[] one = new double[system.Matrix.RowCount], scaled = new double[one.Length];
            ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(options);
            solver.Solve(system.Operator<double>(), 0.1, system.Right<double>(), one);
            solver.Solve(system.Operator<double>(), 0.1, (-1024 * system.RightHandSide).ToArray(), scaled);
            // a power of two changes no rounding, so this holds to the last bit
            scaled.ShouldBe(one.Select(value => -1024 * value), customMessage: name);
        }
    });

    [Fact]
    public void Damping_is_the_shifted_matrix() => Holds((system, random) =>
    {
        double[] damped = new double[system.Matrix.RowCount], shifted = new double[damped.Length];
        var solver = new Minres<double>(new SolverOptions());
        solver.Solve(system.Operator<double>(), 2, system.Right<double>(), damped);
        solver.Solve(system.Operator<double>().Damped(2), 0, system.Right<double>(), shifted);
        LinearSystem.Widen<double>(damped).ShouldBeCloseTo(LinearSystem.Widen<double>(shifted), 1e-9);
    });

    [Fact]
    public void Sample_space_solve_equals_the_dense_one() => Holds((system, random) =>
    {
        int n = system.Matrix.RowCount, samples = 1 + random.NextInt32(20);
        Matrix jacobian = Matrix.Build.Dense(samples, n, (_, _) => random.NextNormal());
        double scale = 2.0 / samples, damping = Math.Pow(10, -random.NextInt32(5));
        double[] x = new double[n];
        LinearSolution solution = new GaussNewtonSolver<double>(new SolverOptions()).Solve(
            new DenseGaussNewtonOperator<double>(samples, n, jacobian.ToRowMajorArray(), scale), damping, system.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        Matrix dense = (scale * jacobian.Transpose() * jacobian) + (damping * Matrix.Build.DenseIdentity(n));
        LinearSystem.Widen<double>(x).ShouldBeCloseTo(dense.Cholesky().Solve(system.RightHandSide), 1e-8);
    });

    [Fact]
    public void Sample_space_solve_without_damping_is_the_minimum_norm_solution() => Holds((system, random) =>
    {
        int n = system.Matrix.RowCount + 2, samples = 1 + random.NextInt32(n + 3);
        Matrix jacobian = Matrix.Build.Dense(samples, n, (_, _) => random.NextNormal());
        Matrix dense = 2 * jacobian.Transpose() * jacobian;
        Vector b = jacobian.Transpose() * LinearSystem.Normal(samples, random);
        double[] x = new double[n];
        LinearSolution solution = new GaussNewtonSolver<double>(new SolverOptions { Tolerance = 1e-6 }).Solve(
            new DenseGaussNewtonOperator<double>(samples, n, jacobian.ToRowMajorArray(), 2), 0, b.ToArray(), x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        Vector reference = LinearSystem.PseudoInverse(jacobian) * (LinearSystem.PseudoInverse(jacobian.Transpose()) * b) / 2;
        double condition = Math.Pow(jacobian.Svd().S[0] / jacobian.Svd().S[Math.Min(n, samples) - 1], 2);
        (LinearSystem.Widen<double>(x) - reference).L2Norm().ShouldBeLessThan(1e-12 * condition * condition * (1 + reference.L2Norm()));
        (dense * reference - b).L2Norm().ShouldBeLessThan(1e-8 * b.L2Norm());
    });

    private static (LinearSolution Solution, Vector X) Solve(string name, LinearSystem system, SolverOptions options, double damping)
    {
        double[] x = new double[system.Matrix.RowCount];
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(options with { Name = name }, RandomStream.FromSeed(2))
            .Solve(system.Operator<double>(), damping, system.Right<double>(), x);
        return (solution, LinearSystem.Widen<double>(x));
    }

    private static void Holds(Action<LinearSystem, RandomStream> law, bool definiteOnly = false) => Check.One(
        Laws.Of(40),
        Prop.ForAll(Systems, given =>
        {
            if (!(definiteOnly && given.Kind == MatrixKind.Indefinite))
            {
                law(LinearSystem.Create(given.Kind, given.Condition, given.Seed, given.Size), RandomStream.FromSeed(given.Seed));
            }
        }));
}
