using MathNet.Numerics.LinearAlgebra;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Direct solvers on dense systems: large ones, ones without full rank, and ones with coordinates that stand alone.</summary>
public sealed class DenseSystemTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(33)]
    [InlineData(161)]
    [InlineData(300)]
    public void Exact_solver_agrees_with_another_library_whatever_the_number_of_panels(int size)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Nonsymmetric, 5, size: size);
        double[] x = new double[size];
        new ExactSolver<double>().Solve(system.Operator<double>(), 0, system.Right<double>(), x).Status.ShouldBe(SolveStatus.Converged);
        x.ShouldBeCloseTo(system.Solve().ToArray(), 1e-10);
    }

    [Fact]
    public void Exact_solver_finds_a_vanishing_pivot_in_any_panel()
    {
        const int Size = 100;
        foreach (int missing in (int[])[0, 7, 31, 32, 70, 99])
        {
            double[] entries = new double[Size * Size];
            for (int i = 0; i < Size; i++)
            {
                entries[(i * Size) + ((i + 1) % Size)] = i == missing ? 0 : 1 + i;
            }

            new ExactSolver<double>().Solve(new DenseOperator<double>(Size, entries, OperatorProperties.None), 0, Enumerable.Repeat(1.0, Size).ToArray(), new double[Size])
                .Status.ShouldBe(SolveStatus.Singular, $"row {missing}");
        }
    }

    [Theory]
    [InlineData(MatrixKind.SingularConsistent, 40)]
    [InlineData(MatrixKind.SingularInconsistent, 40)]
    [InlineData(MatrixKind.SingularInconsistent, 200)]
    public void Exact_solver_finds_the_shortest_solution_of_a_singular_system(MatrixKind kind, int size)
    {
        LinearSystem system = LinearSystem.Create(kind, 50, size: size);
        double[] x = new double[size];
        new ExactSolver<double>().Solve(system.Operator<double>(), 0, system.Right<double>(), x).Status
            .ShouldBe(kind == MatrixKind.SingularConsistent ? SolveStatus.Converged : SolveStatus.Singular);
        x.ShouldBeCloseTo(system.Solve().ToArray(), 1e-10);
    }

    [Fact]
    public void Exact_solver_finds_the_shortest_solution_of_a_singular_system_that_is_not_symmetric()
    {
        // rank 2 of 4
        Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(
            4, 4, [1, 2, 3, 4, 2, 4, 6, 8, 1, 0, -1, 5, 2, 2, 2, 9]);
        double[] b = [1, -1, 2, 5], x = new double[4];
        new ExactSolver<double>().Solve(new DenseOperator<double>(4, matrix.ToRowMajorArray(), OperatorProperties.None), 0, b, x).Status.ShouldBe(SolveStatus.Singular);
        x.ShouldBeCloseTo((LinearSystem.PseudoInverse(matrix) * Vector<double>.Build.Dense(b)).ToArray(), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(19)]
    public void Exact_solver_finds_the_shortest_solution_whatever_the_rank(int rank)
    {
        const int Size = 20;
        Matrix<double> left = LinearSystem.Orthogonal(Size, RandomStream.FromSeed(1));
        Matrix<double> right = LinearSystem.Orthogonal(Size, RandomStream.FromSeed(2));
        double[] values = [.. Enumerable.Range(0, Size).Select(i => i < rank ? 1.0 + i : 0)];
        Matrix<double> matrix = left * Matrix<double>.Build.DenseOfDiagonalArray(values) * right;
        double[] b = [.. Enumerable.Range(0, Size).Select(i => Math.Sin(i))], x = new double[Size];
        new ExactSolver<double>().Solve(new DenseOperator<double>(Size, matrix.ToRowMajorArray(), OperatorProperties.None), 0, b, x).Status.ShouldBe(SolveStatus.Singular);
        x.ShouldBeCloseTo((LinearSystem.PseudoInverse(matrix) * Vector<double>.Build.Dense(b)).ToArray(), 1e-12);
    }

    // what a ReLU unit that fires for no row of a batch leaves behind, at either end and in the middle
    [Theory]
    [InlineData("exact", 0)]
    [InlineData("exact", 1e-3)]
    [InlineData("cholesky", 0)]
    [InlineData("block-diagonal", 0)]
    [InlineData("block-diagonal", 1e-3)]
    public void Coordinates_that_nothing_couples_to_are_zero_and_leave_the_others_alone(string solver, double damping)
    {
        const int Size = LinearSystem.Size + 3;
        int[] idle = [0, 7, Size - 1];
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 5);
        double[] entries = new double[Size * Size], b = new double[Size], x = new double[Size];
        int[] busy = [.. Enumerable.Range(0, Size).Except(idle)];
        for (int i = 0; i < busy.Length; i++)
        {
            b[busy[i]] = system.RightHandSide[i];
            for (int j = 0; j < busy.Length; j++)
            {
                entries[(busy[i] * Size) + busy[j]] = system.Matrix[i, j];
            }
        }

        foreach (int degree in solver == "block-diagonal" ? (int[])[1, 4, Size] : [1])
        {
            var options = new SolverOptions { Name = solver, Degree = degree };
            LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(options)
                .Solve(new DenseOperator<double>(Size, entries, OperatorProperties.PositiveSemidefinite), damping, b, x);
            idle.ShouldAllBe(i => x[i] == 0);
            if (degree == 1 && solver == "block-diagonal")
            {
                busy.Select(i => x[i]).ToArray().ShouldBeCloseTo([.. busy.Select(i => b[i] / (entries[(i * Size) + i] + damping))], 1e-12);
            }
            else if (degree == 1 || degree == Size)
            {
                solution.Status.ShouldBe(SolveStatus.Converged);
                busy.Select(i => x[i]).ToArray().ShouldBeCloseTo(system.Solve(damping).ToArray(), 1e-10);
            }
            else
            {
                solution.Status.ShouldBe(SolveStatus.Approximated);
            }
        }
    }

    [Fact]
    public void Block_without_full_rank_has_its_shortest_solution_and_the_others_theirs()
    {
        double[] entries = [1, 2, 0, 0, 2, 4, 0, 0, 0, 0, 2, 1, 0, 0, 1, 3], x = new double[4];
        new BlockDiagonalSolver<double>(new SolverOptions { Degree = 2 })
            .Solve(new DenseOperator<double>(4, entries, OperatorProperties.PositiveSemidefinite), 0, [5, 10, 3, 4], x).Status.ShouldBe(SolveStatus.Converged);
        x.ShouldBeCloseTo([1, 2, 1, 1], 1e-12);
    }
}
