using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>What single solvers promise beyond the common table.</summary>
public sealed class SolverDetailTests
{
    [Fact]
    public void Cg_continues_through_negative_curvature_when_told_to()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Indefinite, 10);
        var options = new SolverOptions { Iterations = 100, ContinueThroughNegativeCurvature = true };
        double[] x = new double[LinearSystem.Size];
        LinearSolution solution = new ConjugateGradient<double>(options).Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        solution.SmallestCurvature.ShouldBeLessThan(0);
        x.ShouldBeCloseTo(system.Solve().ToArray(), 1e-8);
    }

    [Fact]
    public void Cg_breaks_down_on_a_direction_of_zero_curvature_even_when_told_to_continue()
    {
        var a = new DenseOperator<double>(2, [1, 0, 0, -1], OperatorProperties.Symmetric);
        double[] x = new double[2];
        LinearSolution solution = new ConjugateGradient<double>(new SolverOptions { ContinueThroughNegativeCurvature = true })
            .Solve(a, 0, [1, 1], x);

        solution.Status.ShouldBe(SolveStatus.Breakdown);
        solution.RelativeResidual.ShouldBe(1);
    }

    [Fact]
    public void Cg_reports_the_smallest_curvature_between_the_extreme_eigenvalues()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 50);
        LinearSolution solution = new ConjugateGradient<double>(new SolverOptions())
            .Solve(system.Operator<double>(), 0.5, system.Right<double>(), new double[LinearSystem.Size]);
        solution.SmallestCurvature.ShouldBeInRange(0.5 + 0.02, 0.5 + 1);
    }

    [Fact]
    public void Cg_that_cannot_reach_its_tolerance_says_breakdown_above_rounding_and_converged_at_it()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.SingularInconsistent, 1);
        LinearSystem definite = LinearSystem.Create(MatrixKind.Spd, 1e3);
        LinearSolution solution = Solve(definite.Operator<float>());
        solution.Status.ShouldBe(SolveStatus.Converged);
        solution.RelativeResidual.ShouldBeInRange(1e-9, 1e-4);

        // products that are wrong in the second digit, another way each time
        double sign = 0.03;
        LinearSolution noisy = Solve(new DelegateOperator<float>(LinearSystem.Size, OperatorProperties.PositiveSemidefinite, (x, result) =>
        {
            definite.Operator<float>().Multiply(x, result);
            Vectors.Scale(result, 1 + (sign *= -1));
        }));
        noisy.Status.ShouldBe(SolveStatus.Breakdown);
        noisy.RelativeResidual.ShouldBeInRange(1e-6, 1);

        LinearSolution Solve(ILinearOperator<float> a) => new ConjugateGradient<float>(new SolverOptions { Tolerance = 1e-9, Iterations = 1000 })
            .Solve(a, 0, system.Right<float>(), new float[LinearSystem.Size]);
    }

    [Fact]
    public void Neumann_is_the_truncated_series()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 5);
        const double Alpha = 0.7;
        const int Terms = 6;
        var step = Matrix.Build.DenseIdentity(LinearSystem.Size) - (Alpha * system.Matrix);
        var term = system.RightHandSide * Alpha;
        var sum = term.Clone();
        for (int j = 1; j < Terms; j++)
        {
            term = step * term;
            sum += term;
        }

        double[] x = new double[LinearSystem.Size];
        LinearSolution solution = new NeumannSeries<double>(new SolverOptions { Iterations = Terms, StepSize = Alpha })
            .Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        solution.Iterations.ShouldBe(Terms);
        x.ShouldBeCloseTo(sum.ToArray(), 1e-13);
    }

    [Theory]
    [InlineData(1.9, SolveStatus.Converged)]
    [InlineData(2.1, SolveStatus.Diverged)]
    public void Neumann_converges_just_below_and_diverges_just_above_two_over_the_largest_eigenvalue(double alpha, SolveStatus expected)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 2);
        double[] x = new double[LinearSystem.Size];
        new NeumannSeries<double>(new SolverOptions { Iterations = 2000, StepSize = alpha })
            .Solve(system.Operator<double>(), 0, system.Right<double>(), x).Status.ShouldBe(expected);
    }

    [Fact]
    public void Minres_residual_never_grows_with_the_budget()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Indefinite, 1e3);
        double previous = 1;
        for (int k = 1; k < 14; k++)
        {
            double residual = new Minres<double>(new SolverOptions { Iterations = k })
                .Solve(system.Operator<double>(), 0, system.Right<double>(), new double[LinearSystem.Size]).RelativeResidual;
            residual.ShouldBeLessThanOrEqualTo(previous + 1e-12);
            previous = residual;
        }
    }

    [Fact]
    public void Normal_equations_solve_a_temporal_difference_jacobian()
    {
        // Φᵀ(Φ − γΦ′) of a three-state chain: not symmetric, cg refuses it
        Matrix phi = Matrix.Build.DenseOfArray(new double[,] { { 1, 0, 0 }, { 1, 1, 0 }, { 1, 1, 1 } });
        Matrix next = Matrix.Build.DenseOfArray(new double[,] { { 1, 1, 0 }, { 1, 1, 1 }, { 1, 0, 0 } });
        Matrix jacobian = phi.Transpose() * (phi - (0.9 * next));
        var a = new DenseOperator<double>(3, jacobian.ToRowMajorArray(), OperatorProperties.None);
        double[] x = new double[3];
        new NormalEquations<double>(new SolverOptions()).Solve(a, 0, [1, 2, 3], x).Status.ShouldBe(SolveStatus.Converged);

        x.ShouldBeCloseTo(jacobian.Solve(MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense([1, 2, 3])).ToArray(), 1e-7);
        Should.Throw<ArgumentException>(() => new ConjugateGradient<double>(new SolverOptions()).Solve(a, 0, [1, 2, 3], x));
    }

    [Fact]
    public void Last_block_may_be_shorter()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Nonsymmetric, 5, size: 5);
        double[] x = new double[5];
        new BlockDiagonalSolver<double>(new SolverOptions { Degree = 2 }).Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        x[4].ShouldBe(system.RightHandSide[4] / system.Matrix[4, 4], 1e-12);
        double[] first = [.. system.Matrix.SubMatrix(0, 2, 0, 2).Solve(system.RightHandSide.SubVector(0, 2))];
        x[..2].ShouldBeCloseTo(first, 1e-12);
    }

    [Fact]
    public void Singular_block_is_reported_with_zero()
    {
        double[] x = [1, 1];
        new BlockDiagonalSolver<double>(new SolverOptions { Degree = 1 })
            .Solve(new DenseOperator<double>(2, [0, 1, 1, 0], OperatorProperties.Symmetric), 0, [1, 2], x).Status.ShouldBe(SolveStatus.Singular);
        x.ShouldBe([0, 0]);
    }

    [Theory]
    [InlineData(1, 11.0)]
    [InlineData(2, 8.2)]
    [InlineData(3, 10.7)]
    public void Distance_to_the_block_part_is_not_monotone_in_the_degree(int degree, double expected)
    {
        // the counterexample of Lemma 5 of the FSDDPG paper; the block part is read off its inverse's columns
        Matrix matrix = Matrix.Build.DenseOfArray(new double[,] { { 1, 1, 1, 2 }, { 1, 1, 1, 3 }, { 1, 1, 9, 4 }, { 5, 5, 6, 1 } });
        const double Damping = 7;
        var a = new DenseOperator<double>(4, matrix.ToRowMajorArray(), OperatorProperties.None);
        var solver = new BlockDiagonalSolver<double>(new SolverOptions { Degree = degree });
        Matrix inverse = Matrix.Build.Dense(4, 4);
        for (int column = 0; column < 4; column++)
        {
            double[] unit = new double[4], x = new double[4];
            unit[column] = 1;
            solver.Solve(a, Damping, unit, x);
            inverse.SetColumn(column, x);
        }

        Matrix blockPart = inverse.Inverse() - (Damping * Matrix.Build.DenseIdentity(4));
        Math.Round((matrix - blockPart).FrobeniusNorm(), 1).ShouldBe(expected);
    }

    [Fact]
    public void Nystrom_without_damping_or_rho_is_refused_with_the_way_out()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 5);
        Should.Throw<ArgumentException>(() => new NystromSolver<double>(new SolverOptions(), RandomStream.FromSeed(1))
            .Solve(system.Operator<double>(), 0, system.Right<double>(), new double[LinearSystem.Size])).Message.ShouldContain("set Rho");
    }

    [Fact]
    public void Nystrom_of_low_rank_reports_its_residual_as_approximated()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 5);
        LinearSolution solution = new NystromSolver<double>(new SolverOptions { Rank = 3 }, RandomStream.FromSeed(1))
            .Solve(system.Operator<double>(), 0.1, system.Right<double>(), new double[LinearSystem.Size]);
        solution.Status.ShouldBe(SolveStatus.Approximated);
        solution.RelativeResidual.ShouldBeGreaterThan(1e-3);
    }

    [Theory]
    [InlineData("nystrom", NystromColumns.Fresh)]
    [InlineData("nystrom", NystromColumns.Fixed)]
    [InlineData("nystrom", NystromColumns.GaussNewton)]
    [InlineData("nystrom-pcg", NystromColumns.Fresh)]
    [InlineData("nystrom-pcg", NystromColumns.Fixed)]
    public void Sampling_solvers_continue_from_saved_state_bit_for_bit(string name, NystromColumns columns)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 1e3);
        var options = new SolverOptions { Name = name, Rank = 3, Iterations = 3, Columns = columns };
        ILinearSolver<double> original = SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(1));
        ILinearSolver<double> restored = SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(99));
        double[] x = new double[LinearSystem.Size], y = new double[LinearSystem.Size];
        original.Solve(system.Operator<double>(), 0.1, system.Right<double>(), x);
        MemoryState.Of((IStateful)original).Restore((IStateful)restored);
        x.AsSpan().Clear();
        original.Solve(system.Operator<double>(), 0.1, system.Right<double>(), x);
        restored.Solve(system.Operator<double>(), 0.1, system.Right<double>(), y);
        y.ShouldBe(x);
    }

    [Fact]
    public void Nystrom_preconditioner_needs_far_fewer_iterations_on_a_spectrum_with_few_large_eigenvalues()
    {
        RandomStream random = RandomStream.FromSeed(3);
        const int Size = 60;
        Matrix basis = LinearSystem.Orthogonal(Size, random);
        double[] eigenvalues = [.. Enumerable.Range(0, Size).Select(i => i < 10 ? 1e4 * (i + 1) : 1.0 / Size * i)];
        Matrix matrix = basis * Matrix.Build.DenseOfDiagonalArray(eigenvalues) * basis.Transpose();
        var a = new DenseOperator<double>(Size, ((matrix + matrix.Transpose()) / 2).ToRowMajorArray(), OperatorProperties.PositiveSemidefinite);
        double[] b = new double[Size];
        random.FillNormal(b);

        int plain = new ConjugateGradient<double>(new SolverOptions { Iterations = 500 }).Solve(a, 1, b, new double[Size]).Iterations;
        LinearSolution sketched = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "nystrom-pcg", Rank = 20, Iterations = 500 }, random)
            .Solve(a, 1, b, new double[Size]);

        sketched.Status.ShouldBe(SolveStatus.Converged);
        sketched.Iterations.ShouldBeLessThan(plain / 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-20)]
    public void Exact_solver_pivots_past_a_vanishing_leading_entry(double leading)
    {
        var a = new DenseOperator<double>(2, [leading, 1, 1, 1], OperatorProperties.Symmetric);
        double[] x = new double[2];
        new ExactSolver<double>().Solve(a, 0, [1, 3], x).Status.ShouldBe(SolveStatus.Converged);
        x.ShouldBeCloseTo([2, 1], 1e-15);
    }

    [Fact]
    public void Degree_above_the_dimension_is_the_exact_solve_and_takes_the_room_of_the_matrix()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Nonsymmetric, 5, size: 4);
        double[] x = new double[4];
        long before = GC.GetAllocatedBytesForCurrentThread();
        LinearSolution solution = new BlockDiagonalSolver<double>(new SolverOptions { Degree = 8192 })
            .Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000);
        solution.Status.ShouldBe(SolveStatus.Converged);
        x.ShouldBeCloseTo(system.Solve().ToArray(), 1e-12);
    }

    [Fact]
    public void Blocks_follow_an_operator_of_another_size()
    {
        var solver = new BlockDiagonalSolver<double>(new SolverOptions { Degree = 4 });
        foreach (int size in new[] { 3, 6, 2 })
        {
            LinearSystem system = LinearSystem.Create(MatrixKind.Nonsymmetric, 5, size: size);
            double[] x = new double[size];
            solver.Solve(system.Operator<double>(), 0, system.Right<double>(), x);
            int side = Math.Min(4, size);
            double[] expected = [.. system.Matrix.SubMatrix(0, side, 0, side).Solve(system.RightHandSide.SubVector(0, side))];
            x[..side].ShouldBeCloseTo(expected, 1e-11);
        }
    }

    [Fact]
    public void Preconditioner_that_rounding_made_indefinite_is_a_breakdown_not_a_non_finite_product()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 1e17);
        double[] x = new double[LinearSystem.Size];
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(
                new SolverOptions { Name = "nystrom-pcg", Rank = LinearSystem.Size, Rho = 1e-300 }, RandomStream.FromSeed(1))
            .Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.Breakdown);
        solution.RelativeResidual.ShouldBe(1);
    }

    [Fact]
    public void More_samples_than_a_factorisation_has_room_for_are_refused()
    {
        Should.Throw<ArgumentException>(() => new GaussNewtonSolver<double>(new SolverOptions()).Solve(new ManySamples(), 1, [1], new double[1]))
            .Message.ShouldContain("1 to 32768 samples");
    }

    [Fact]
    public void Dense_solvers_refuse_what_would_not_fit()
    {
        var a = new IdentityOperator<double>(9000);
        Should.Throw<ArgumentException>(() => new ExactSolver<double>().Solve(a, 0, new double[9000], new double[9000]))
            .Message.ShouldContain("at most 8192");
    }

    /// <summary>A column of 70 000 ones; the square of their number overflows 32 bits.</summary>
    private sealed class ManySamples : ISampleSpaceOperator<double>
    {
        public int Samples => 70_000;

        public double Scale => 1;

        public int Dimension => 1;

        public Tensors.CoordinateMap Coordinates { get; } = Tensors.CoordinateMap.Identity(1);

        public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

        public void Kernel(Span<double> result) => result.Fill(1);

        public void MultiplyJacobian(ReadOnlySpan<double> x, Span<double> result) => result.Fill(x[0]);

        public void MultiplyJacobianTransposed(ReadOnlySpan<double> u, Span<double> result) => result[0] = Samples * u[0];

        public void Multiply(ReadOnlySpan<double> x, Span<double> result) => result[0] = Samples * x[0];

        public void MultiplyTransposed(ReadOnlySpan<double> x, Span<double> result) => Multiply(x, result);
    }
}
