using Stackelberg.Primitives;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Solvers of published code that are wrong, each rebuilt here to fail where ours is right.</summary>
public sealed class FieldFaultTests
{
    private const int Size = 6;
    private static readonly LinearSystem System = LinearSystem.Create(MatrixKind.Spd, 30, seed: 5, size: Size);

    [Fact]
    public void Half_scaled_step_diverges_where_cg_converges()
    {
        // the step length uses the product scaled by α, the residual the unscaled one: right for α = 1 only
        Vector wrong = Recurrence(System, (rr, pq) => rr / (0.5 * pq), previousResidual: false);

        RelativeError(wrong, System).ShouldBeGreaterThan(1);
        RelativeError(Ours("cg", System, Size), System).ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Direction_from_the_previous_residual_misses_where_cg_converges()
    {
        Vector wrong = Recurrence(System, (rr, pq) => rr / pq, previousResidual: true);

        RelativeError(wrong, System).ShouldBeGreaterThan(0.1);
        RelativeError(Ours("cg", System, Size), System).ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Same_recurrence_without_a_fault_converges()
    {
        Vector right = Recurrence(System, (rr, pq) => rr / pq, previousResidual: false);

        RelativeError(right, System).ShouldBeLessThan(1e-10);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    public void Indefinite_matrix_is_never_reported_as_solved_by_a_method_that_needs_curvature(string name)
    {
        LinearSystem indefinite = LinearSystem.Create(MatrixKind.Indefinite, 30, seed: 5, size: Size);
        double[] x = new double[Size];
        LinearSolution solution = Create(name, Size).Solve(indefinite.Operator<double>(), 0, indefinite.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.NonPositiveCurvature);
        solution.SmallestCurvature.ShouldBeLessThan(0);
        solution.RelativeResidual.ShouldBeGreaterThan(1e-3);
    }

    [Theory]
    [InlineData("neumann")]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("cholesky")]
    [InlineData("exact")]
    [InlineData("block-diagonal")]
    public void Scalar_problem_is_solved_with_the_default_budget(string name)
    {
        // a budget of dimension / 2, rounded down, left scalars at zero iterations and so at a zero gradient
        ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name }, RandomStream.FromSeed(1));
        double[] x = new double[1];
        LinearSolution solution = solver.Solve(new DenseOperator<double>(1, [4], OperatorProperties.PositiveSemidefinite), 0, [2], x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        x[0].ShouldBe(0.5, 1e-12);
    }

    [Fact]
    public void Stray_identity_in_the_woodbury_solve_changes_the_answer_and_ours_has_none()
    {
        const double Rho = 0.5;
        Vector exact = System.Solve(Rho);
        Matrix c = System.Matrix;
        Matrix inner = c + (c * c.Transpose() / Rho);
        Vector Woodbury(Matrix middle) =>
            (System.RightHandSide / Rho) - (c.Transpose() * middle.Solve(c * System.RightHandSide) / (Rho * Rho));

        double[] x = new double[Size];
        Create("nystrom", Size).Solve(System.Operator<double>(), Rho, System.Right<double>(), x);

        (Woodbury(inner + Matrix.Build.DenseIdentity(Size)) - exact).L2Norm().ShouldBeGreaterThan(0.01 * exact.L2Norm());
        (LinearSystem.Widen<double>(x) - exact).L2Norm().ShouldBeLessThan(1e-10 * exact.L2Norm());
    }

    [Fact]
    public void Rows_flattened_tensor_by_tensor_are_scrambled_and_ours_are_not()
    {
        // q rows of a Hessian over two tensors of 2 and 4 entries: concatenating tensor-major and reading row-major mixes the rows
        const double Rho = 0.5;
        Matrix c = System.Matrix;
        double[] scrambled = [.. Tensor(c, 0, 2), .. Tensor(c, 2, 4)];
        Matrix wrong = Matrix.Build.Dense(Size, Size, (i, j) => scrambled[(i * Size) + j]);
        Vector exact = System.Solve(Rho);
        Matrix inner = c + (wrong * wrong.Transpose() / Rho);
        Vector x = (System.RightHandSide / Rho) - (wrong.Transpose() * inner.Solve(wrong * System.RightHandSide) / (Rho * Rho));
        double[] ours = new double[Size];
        Create("nystrom", Size).Solve(System.Operator<double>(), Rho, System.Right<double>(), ours);

        (x - exact).L2Norm().ShouldBeGreaterThan(0.1 * exact.L2Norm());
        (LinearSystem.Widen<double>(ours) - exact).L2Norm().ShouldBeLessThan(1e-10 * exact.L2Norm());
    }

    [Fact]
    public void Sampled_columns_differ_from_solve_to_solve()
    {
        ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(
            new SolverOptions { Name = "nystrom", Rank = 2, Rho = 0.5 }, RandomStream.FromSeed(1));
        double[] first = new double[Size], second = new double[Size];
        solver.Solve(System.Operator<double>(), 0, System.Right<double>(), first);
        solver.Solve(System.Operator<double>(), 0, System.Right<double>(), second);

        second.ShouldNotBe(first);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("neumann")]
    public void Budget_that_ends_early_is_not_reported_as_solved(string name)
    {
        double[] x = new double[Size];
        LinearSolution solution = Create(name, 2).Solve(System.Operator<double>(), 0, System.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.IterationLimit);
        solution.Iterations.ShouldBe(2);
        solution.RelativeResidual.ShouldBeGreaterThan(1e-6);
    }

    private static IEnumerable<double> Tensor(Matrix rows, int first, int count) =>
        rows.SubMatrix(0, rows.RowCount, first, count).ToRowMajorArray();

    private static Vector Recurrence(LinearSystem system, Func<double, double, double> step, bool previousResidual)
    {
        Vector x = Vector.Build.Dense(Size), r = system.RightHandSide.Clone(), p = r.Clone();
        for (int k = 0; k < Size; k++)
        {
            Vector q = system.Matrix * p;
            double rr = r * r, alpha = step(rr, p * q);
            x += alpha * p;
            Vector next = r - (alpha * q);
            p = (previousResidual ? r : next) + ((next * next) / rr * p);
            r = next;
        }

        return x;
    }

    private static Vector Ours(string name, LinearSystem system, int iterations)
    {
        double[] x = new double[Size];
        Create(name, iterations).Solve(system.Operator<double>(), 0, system.Right<double>(), x);
        return LinearSystem.Widen<double>(x);
    }

    private static ILinearSolver<double> Create(string name, int iterations) => SolverCatalogue.BuiltIn.Create<double>(
        new SolverOptions { Name = name, Iterations = iterations, Rank = Size }, RandomStream.FromSeed(1));

    private static double RelativeError(Vector x, LinearSystem system) => (x - system.Solve()).L2Norm() / system.Solve().L2Norm();
}
