using Stackelberg.Primitives;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Laws of the solvers as tables: solver × conditioning × damping, on storage with padding.</summary>
public sealed class SolverEquationTests
{
    private const int Size = LinearSystem.Size;

    // all that take a symmetric matrix given by its products
    private static readonly string[] Names =
        ["identity", "block-diagonal", "neumann", "cg", "pcg", "nystrom-pcg", "minres", "cgnr", "nystrom", "cholesky", "exact"];

    private static readonly string[] Solving = ["cg", "pcg", "nystrom-pcg", "minres", "cgnr", "nystrom", "cholesky", "exact"];

    public static TheoryData<string, double, double> Cells() => Cross(Names, [1, 10, 1e3], [0.01, 1]);

    public static TheoryData<string, double, double> SolvingCells() => Cross(Solving, [1, 10, 1e3], [0.01, 1]);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Residual_on_padded_storage_is_that_of_the_dense_damped_system(string name, double condition, double damping)
    {
        foreach (int iterations in new[] { 2, 200 })
        {
            LinearSystem system = LinearSystem.Create(MatrixKind.Spd, condition);
            (LinearSolution solution, Vector x) = Solve(name, system.Matrix, damping, system.RightHandSide, iterations);
            Vector residual = system.RightHandSide - (Damped(system.Matrix, damping) * x);
            double size = system.RightHandSide.L2Norm();
            solution.RelativeResidual.ShouldBe(residual.L2Norm() / size, 1e-13 * (1 + (x.L2Norm() * (1 + damping) / size)));
            solution.Damping.ShouldBe(damping);
            if (Solving.Contains(name) && iterations == 200)
            {
                solution.Status.ShouldBe(SolveStatus.Converged);
                x.ShouldBeNear(system.Solve(damping), 1e-8);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Smallest_curvature_lies_between_the_extreme_eigenvalues(string name, double condition, double damping)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, condition);
        double curvature = Solve(name, system.Matrix, damping, system.RightHandSide, 200).Solution.SmallestCurvature;
        // NaN of those that meet no direction
        (double.IsNaN(curvature) || (curvature >= ((1 / condition) + damping) * (1 - 1e-10) && curvature <= (1 + damping) * (1 + 1e-10))).ShouldBeTrue($"{curvature}");
        double.IsNaN(curvature).ShouldBe(name is "identity" or "block-diagonal" or "neumann" or "cgnr" or "nystrom" or "cholesky" or "exact", $"{curvature}");
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Scaling_matrix_and_damping_by_a_power_of_four_divides_the_solution_to_the_last_bit(string name, double condition, double damping)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, condition);
        if (name == "identity")
        {
            // puts I in place of A whatever its scale
            Solve(name, 1024 * system.Matrix, 1024 * damping, system.RightHandSide, 6).X.ShouldBeCloseTo(system.RightHandSide / (1 + (1024 * damping)), 1e-15);
            return;
        }

        (LinearSolution one, Vector x) = Solve(name, system.Matrix, damping, system.RightHandSide, 6);
        (LinearSolution other, Vector y) = Solve(name, 1024 * system.Matrix, 1024 * damping, system.RightHandSide, 6);
        (1024 * y).ShouldBe(x);
        (other.Status, other.Iterations, other.RelativeResidual).ShouldBe((one.Status, one.Iterations, one.RelativeResidual));
    }

    [Theory]
    [MemberData(nameof(SolvingCells))]
    public void Damping_of_the_solve_is_damping_of_the_operator(string name, double condition, double damping)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, condition);
        double[] b = Spread(system.RightHandSide), shifted = new double[b.Length];
        // what is left of the damping is the ρ that a sketch cannot do without
        double rest = name.StartsWith("nystrom", StringComparison.Ordinal) ? damping / 2 : 0;
        Create(name, 400).Solve(system.Matrix.Padded(OperatorProperties.PositiveSemidefinite).Damped(damping - rest), rest, b, shifted)
            .Status.ShouldBe(SolveStatus.Converged);
        shifted.Real(PaddedVectors.Map).ShouldBeNear(Solve(name, system.Matrix, damping, system.RightHandSide, 400).X, 1e-8);
    }

    [Theory]
    [MemberData(nameof(SolvingCells))]
    public void Own_solution_as_start_is_kept_without_an_iteration(string name, double condition, double damping)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, condition);
        double[] b = Spread(system.RightHandSide), x = new double[b.Length];
        ILinearSolver<double> solver = Create(name, 400);
        ILinearOperator<double> a = system.Matrix.Padded(OperatorProperties.PositiveSemidefinite);
        LinearSolution cold = solver.Solve(a, damping, b, x);
        double[] first = [.. x];
        LinearSolution warm = solver.Solve(a, damping, b, x);
        (warm.Status, warm.Iterations).ShouldBe((SolveStatus.Converged, 0));
        warm.RelativeResidual.ShouldBeLessThanOrEqualTo(Math.Max(cold.RelativeResidual, 1e-10));
        x.Real(PaddedVectors.Map).ShouldBeNear(first.Real(PaddedVectors.Map), name.StartsWith("nystrom", StringComparison.Ordinal) ? 1e-8 : 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 0.5)]
    [InlineData(4, 0)]
    [InlineData(4, 0.5)]
    public void Diagonal_systems_are_divided_by_their_entries(double exponent, double damping)
    {
        Vector diagonal = Vector.Build.Dense(Size, i => Math.Pow(10, -exponent * i / (Size - 1))), b = LinearSystem.Normal(Size, RandomStream.FromSeed(1));
        foreach (string name in Names.Except(["identity", "neumann", damping == 0 ? "nystrom" : string.Empty]))
        {
            Solve(name, Dense.Build.DenseOfDiagonalVector(diagonal), damping, b, 400).X.ShouldBeCloseTo(b.PointwiseDivide(diagonal + damping), 1e-6);
        }
    }

    [Theory]
    [InlineData("cg", 1)]
    [InlineData("cg", 3)]
    [InlineData("cg", 4)]
    [InlineData("minres", 1)]
    [InlineData("minres", 3)]
    [InlineData("minres", 4)]
    [InlineData("cgnr", 3)]
    [InlineData("pcg", 3)]
    public void As_many_iterations_as_there_are_distinct_eigenvalues_suffice_and_one_fewer_does_not(string name, int distinct)
    {
        Vector eigenvalues = Vector.Build.Dense(Size, i => 1 + (2 * (i % distinct)));
        Dense turn = LinearSystem.Orthogonal(Size, RandomStream.FromSeed(2));
        // turned, so that Jacobi's preconditioner does not give the answer away; it changes the eigenvalues, so for pcg the diagonal is made constant
        Dense matrix = name == "pcg" ? Circulant() : turn * Dense.Build.DenseOfDiagonalVector(eigenvalues) * turn.Transpose();
        matrix = (matrix + matrix.Transpose()) / 2;
        int needed = name == "pcg" ? (Size / 2) + 1 : distinct;
        Vector b = LinearSystem.Normal(Size, RandomStream.FromSeed(3));
        LinearSolution solution = Solve(name, matrix, 0, b, 100).Solution;
        (solution.Status, solution.Iterations).ShouldBe((SolveStatus.Converged, needed));
    }

    // x minimises over the Krylov space: the energy (cg), the residual (minres), or the residual over the space of AᵀA from Aᵀb (cgnr)
    [Theory]
    [InlineData("cg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    public void Truncated_solve_is_the_best_of_its_krylov_space(string name)
    {
        foreach (int iterations in new[] { 1, 2, 3, 5, 7 })
        {
            BestOfKrylov(name, iterations);
        }
    }

    private static void BestOfKrylov(string name, int iterations)
    {
        foreach (MatrixKind kind in name == "cg" ? [MatrixKind.Spd] : name == "minres" ? [MatrixKind.Spd, MatrixKind.Indefinite] : new[] { MatrixKind.Indefinite, MatrixKind.Nonsymmetric })
        {
            LinearSystem system = LinearSystem.Create(kind, 20);
            Dense a = system.Matrix;
            Vector b = system.RightHandSide;
            Dense basis = name == "cgnr" ? Krylov(a.Transpose() * a, a.Transpose() * b, iterations) : Krylov(a, b, iterations);
            Vector expected = name == "cg"
                ? basis * (basis.Transpose() * a * basis).LU().Solve(basis.Transpose() * b)
                : basis * (a * basis).QR().Solve(b);
            double[] x = new double[PaddedVectors.Layout.Length];
            LinearSolution solution = Create(name, iterations).Solve(
                a.Padded(kind == MatrixKind.Nonsymmetric ? OperatorProperties.None : OperatorProperties.Symmetric), 0, Spread(b), x);
            (solution.Status, solution.Iterations).ShouldBe((SolveStatus.IterationLimit, iterations));
            x.Real(PaddedVectors.Map).ShouldBeCloseTo(expected, 1e-9);
        }
    }

    [Theory]
    [InlineData("cg", 3)]
    [InlineData("minres", 3)]
    [InlineData("cgnr", 3)]
    [InlineData("neumann", 6)]
    public void Turning_the_system_turns_the_truncated_solution(string name, int iterations)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 50);
        Dense turn = LinearSystem.Orthogonal(Size, RandomStream.FromSeed(4)), turned = turn * system.Matrix * turn.Transpose();
        Vector x = Solve(name, system.Matrix, 0.1, system.RightHandSide, iterations).X;
        Solve(name, (turned + turned.Transpose()) / 2, 0.1, turn * system.RightHandSide, iterations).X.ShouldBeCloseTo(turn * x, 1e-11);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(40)]
    public void Block_diagonal_solver_solves_the_dense_blocks_in_exported_order(int degree)
    {
        // the tensor [2 × 3] is exported as [3 × 2], the one behind it as it is
        int[] place = [0, 2, 4, 1, 3, 5, 6, 7, 8, 9, 10, 11];
        LinearSystem system = LinearSystem.Create(MatrixKind.Nonsymmetric, 3);
        Dense matrix = Damped(system.Matrix, 0.3);
        Dense blocks = Dense.Build.Dense(Size, Size, (i, j) => place[i] / degree == place[j] / degree ? matrix[i, j] : 0);
        double[] x = new double[PaddedVectors.Layout.Length];
        new BlockDiagonalSolver<double>(new SolverOptions { Degree = degree })
            .Solve(system.Matrix.Padded(OperatorProperties.None), 0.3, Spread(system.RightHandSide), x);
        x.Real(PaddedVectors.Map).ShouldBeCloseTo(blocks.LU().Solve(system.RightHandSide), 1e-10);
    }

    private static TheoryData<string, double, double> Cross(string[] names, double[] conditions, double[] dampings)
    {
        var cells = new TheoryData<string, double, double>();
        foreach (string name in names)
        {
            foreach (double condition in conditions)
            {
                foreach (double damping in dampings)
                {
                    cells.Add(name, condition, damping);
                }
            }
        }

        return cells;
    }

    private static ILinearSolver<double> Create(string name, int iterations) => SolverCatalogue.BuiltIn.Create<double>(
        new SolverOptions { Name = name, Iterations = iterations, Rank = Size }, RandomStream.FromSeed(2));

    private static (LinearSolution Solution, Vector X) Solve(string name, Dense matrix, double damping, Vector b, int iterations)
    {
        double[] x = new double[PaddedVectors.Layout.Length];
        LinearSolution solution = Create(name, iterations).Solve(matrix.Padded(OperatorProperties.PositiveSemidefinite), damping, Spread(b), x);
        return (solution, x.Real(PaddedVectors.Map));
    }

    private static double[] Spread(Vector b) => b.Spread(PaddedVectors.Map, PaddedVectors.Layout.Length);

    private static Dense Damped(Dense matrix, double damping) => matrix + (damping * Dense.Build.DenseIdentity(Size));

    // constant diagonal; eigenvalues 4 + 2 cos(2πk / n), of which k and n − k are equal
    private static Dense Circulant() => Dense.Build.Dense(Size, Size, static (i, j) => i == j ? 4 : (i - j + Size) % Size is 1 or Size - 1 ? 1 : 0);

    // an orthonormal basis, orthogonalised twice at every step
    private static Dense Krylov(Dense a, Vector start, int dimension)
    {
        var basis = new List<Vector> { start / start.L2Norm() };
        while (basis.Count < dimension)
        {
            Vector next = a * basis[^1];
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (Vector known in basis)
                {
                    next -= known * known.DotProduct(next);
                }
            }

            basis.Add(next / next.L2Norm());
        }

        return Dense.Build.DenseOfColumnVectors(basis);
    }
}
