using System.Numerics;
using Stackelberg.Primitives;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>A solution is judged by ε(‖A‖‖x‖ + ‖b‖): what is right is not called singular, and what is singular still is.</summary>
public sealed class BackwardErrorTests
{
    public static TheoryData<string, double, bool> ConsistentCells()
    {
        var cells = new TheoryData<string, double, bool>();
        foreach (string solver in (string[])["exact", "block-diagonal", "gauss-newton"])
        {
            foreach (double condition in (double[])[1e4, 1e5, 1e7, 1e9, 1e10])
            {
                cells.Add(solver, condition, false);
                if (condition < 1e6)
                {
                    cells.Add(solver, condition, true);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(ConsistentCells))]
    public void Consistent_singular_systems_are_solved_as_by_singular_values(string solver, double condition, bool single)
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            if (single)
            {
                CheckConsistent<float>(solver, condition, seed);
            }
            else
            {
                CheckConsistent<double>(solver, condition, seed);
            }
        }
    }

    private static void CheckConsistent<T>(string name, double condition, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // nothing is rounded: the factor J has few digits, so that A = JᵀJ of rank 4 and b = A y are what their numbers say
        const int Size = 7, Rank = 4;
        RandomStream random = RandomStream.FromSeed(seed);
        double[,] factor = new double[Rank, Size];
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Size; j++)
            {
                factor[i, j] = (random.NextInt32(15) - 7) * Math.ScaleB(1, -(int)(i * Math.Log2(condition) / (2 * (Rank - 1))));
            }
        }

        Matrix jacobian = Matrix.Build.DenseOfArray(factor);
        Matrix a = jacobian.Transpose() * jacobian;
        // a right-hand side that asks for a solution as long as the condition allows
        Vector b = jacobian.Transpose() * Vector.Build.Dense(Rank, i => i == Rank - 1 ? 1 : 0);
        Vector expected = jacobian.Transpose() * (jacobian * jacobian.Transpose()).Inverse() * (jacobian * jacobian.Transpose()).Inverse() * jacobian * b;
        T[] entries = Array.ConvertAll(a.ToRowMajorArray(), T.CreateTruncating), rows = Array.ConvertAll(jacobian.ToRowMajorArray(), T.CreateTruncating);
        ILinearOperator<T> operation = name == "gauss-newton"
            ? new DenseGaussNewtonOperator<T>(Rank, Size, rows, 1)
            : new DenseOperator<T>(Size, entries, OperatorProperties.PositiveSemidefinite);
        T[] x = new T[Size];
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<T>(new SolverOptions { Name = name, Degree = Size, Tolerance = 0 })
            .Solve(operation, 0, Array.ConvertAll(b.ToArray(), T.CreateTruncating), x);

        solution.Status.ShouldBeOneOf(name == "block-diagonal" ? SolveStatus.Approximated : SolveStatus.Converged, SolveStatus.Converged);
        double epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        (LinearSystem.Widen<T>(x) - expected).L2Norm().ShouldBeLessThan(100 * epsilon * condition * expected.L2Norm(), $"{name} {condition} {seed}: {solution}");
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("block-diagonal")]
    public void Systems_without_a_solution_stay_singular(string name)
    {
        foreach (double condition in (double[])[10, 1e3, 1e6])
        {
            for (ulong seed = 0; seed < 10; seed++)
            {
                LinearSystem system = LinearSystem.Create(MatrixKind.SingularInconsistent, condition, seed);
                double[] x = new double[LinearSystem.Size];
                LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Degree = LinearSystem.Size, Iterations = 400 })
                    .Solve(system.Operator<double>(), 0, system.Right<double>(), x);
                solution.Status.ShouldBe(SolveStatus.Singular, $"{name} {condition} {seed}: {solution}");
            }
        }
    }

    [Theory]
    [InlineData(MatrixKind.Spd)]
    [InlineData(MatrixKind.Indefinite)]
    public void Minres_never_calls_a_regular_matrix_singular(MatrixKind kind)
    {
        foreach (double condition in (double[])[1e8, 1e10, 1e12])
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                foreach (int size in (int[])[12, 30])
                {
                    LinearSystem system = LinearSystem.Create(kind, condition, seed, size);
                    Vector image = system.Matrix * LinearSystem.Normal(size, RandomStream.FromSeed(seed));
                    foreach (double[] b in (double[][])[system.Right<double>(), image.ToArray()])
                    {
                        double[] x = new double[size];
                        LinearSolution solution = new Minres<double>(new SolverOptions { Iterations = 1000 }).Solve(system.Operator<double>(), 0, b, x);
                        solution.Status.ShouldNotBe(SolveStatus.Singular, $"{kind} {condition} {seed} {size}: {solution}");
                        solution.RelativeResidual.ShouldBeLessThan(1 + 1e-12);
                    }
                }
            }
        }
    }

    // eigenvalues that fade into rounding without a gap, as those of a network's Hessian do
    [Theory]
    [InlineData(40)]
    [InlineData(90)]
    public void Exact_solver_reaches_rounding_where_the_spectrum_has_no_gap(int size)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            RandomStream random = RandomStream.FromSeed(seed);
            Matrix q = LinearSystem.Orthogonal(size, random);
            Matrix a = q * Matrix.Build.DenseOfDiagonalArray([.. Enumerable.Range(0, size).Select(i => Math.Pow(10, -20.0 * i / size))]) * q.Transpose();
            a = (a + a.Transpose()) / 2;
            double[] x = new double[size], b = (a * LinearSystem.Normal(size, random)).ToArray();
            LinearSolution solution = new ExactSolver<double>().Solve(new DenseOperator<double>(size, a.ToRowMajorArray(), OperatorProperties.Symmetric), 0, b, x);
            solution.Status.ShouldBe(SolveStatus.Converged, $"{size} {seed}: {solution}");
            solution.RelativeResidual.ShouldBeLessThan(1e-13);
        }
    }
}
