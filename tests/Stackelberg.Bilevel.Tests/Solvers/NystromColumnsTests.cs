using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Nyström approximations whose columns are drawn twice, or zero, or chosen, against dense linear algebra.</summary>
public sealed class NystromColumnsTests
{
    private const double Rho = 0.5;

    [Theory]
    [InlineData(NystromColumns.Fresh)]
    [InlineData(NystromColumns.Fixed)]
    [InlineData(NystromColumns.GaussNewton)]
    public void Solution_is_that_of_the_low_rank_matrix_plus_rho(NystromColumns columns)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 30);
        for (ulong seed = 1; seed <= 12; seed++)
        {
            int[] q = Drawn(columns, seed, 6, system.Operator<double>());
            double[] x = Solve("nystrom", columns, 6, seed, system.Operator<double>(), system.Right<double>(), out _);
            Vector expected = Approximated(system.Matrix, q).Solve(system.RightHandSide);
            LinearSystem.Widen<double>(x).ShouldBeCloseTo(expected, 1e-9);
        }
    }

    [Fact]
    public void Columns_drawn_twice_change_nothing_in_either_precision()
    {
        // one coordinate stands out, so that with replacement it comes up in every draw and more than once
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 30);
        Matrix scale = Matrix.Build.DenseIdentity(LinearSystem.Size);
        scale[4, 4] = 3;
        Matrix matrix = scale * system.Matrix * scale;
        double[] entries = ((matrix + matrix.Transpose()) / 2).ToRowMajorArray();
        var a = new DenseOperator<double>(LinearSystem.Size, entries, OperatorProperties.PositiveSemidefinite);
        var single = new DenseOperator<float>(LinearSystem.Size, Array.ConvertAll(entries, static v => (float)v), OperatorProperties.PositiveSemidefinite);
        for (ulong seed = 1; seed <= 8; seed++)
        {
            int[] q = Drawn(NystromColumns.GaussNewton, seed, 5, a);
            q.Distinct().Count().ShouldBeLessThan(5);
            Vector expected = Approximated(Matrix.Build.DenseOfRowMajor(LinearSystem.Size, LinearSystem.Size, entries), [.. q.Distinct()]).Solve(system.RightHandSide);
            double[] x = Solve("nystrom", NystromColumns.GaussNewton, 5, seed, a, system.Right<double>(), out LinearSolution solution);
            LinearSystem.Widen<double>(x).ShouldBeCloseTo(expected, 1e-9);
            solution.ZeroColumns.ShouldBe(0);
            float[] y = Solve("nystrom", NystromColumns.GaussNewton, 5, seed, single, system.Right<float>(), out _);
            LinearSystem.Widen<float>(y).ShouldBeCloseTo(expected, 1e-4);
            Solve("nystrom-pcg", NystromColumns.GaussNewton, 5, seed, a, system.Right<double>(), out solution);
            solution.Status.ShouldBe(SolveStatus.Converged);
        }
    }

    [Fact]
    public void Saturated_units_zero_columns_are_counted_and_harmless()
    {
        ZeroColumns<double>(1e-9);
        ZeroColumns<float>(2e-3);
    }

    [Theory]
    [InlineData("nystrom")]
    [InlineData("nystrom-pcg")]
    [InlineData("nystrom-released")]
    public void Where_every_column_is_zero_rho_alone_is_inverted(string name)
    {
        AllZero<double>(name);
        AllZero<float>(name);
    }

    [Fact]
    public void Solvers_that_sample_nothing_count_nothing()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 3);
        Solve("minres", NystromColumns.Fresh, 3, 1, system.Operator<double>(), system.Right<double>(), out LinearSolution solution);
        solution.ZeroColumns.ShouldBeNull();
    }

    [Fact]
    public void Fixed_columns_serve_every_solve_and_fresh_ones_only_one()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 30);
        foreach (NystromColumns columns in (NystromColumns[])[NystromColumns.Fresh, NystromColumns.Fixed])
        {
            ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(
                new SolverOptions { Name = "nystrom", Rank = 4, Rho = Rho, Columns = columns }, RandomStream.FromSeed(1));
            double[] first = new double[LinearSystem.Size], second = new double[LinearSystem.Size];
            solver.Solve(system.Operator<double>(), 0, system.Right<double>(), first);
            solver.Solve(system.Operator<double>(), 0, system.Right<double>(), second);
            second.SequenceEqual(first).ShouldBe(columns == NystromColumns.Fixed);
        }
    }

    [Theory]
    [InlineData(NystromColumns.Fresh)]
    [InlineData(NystromColumns.Fixed)]
    [InlineData(NystromColumns.GaussNewton)]
    public void Solves_with_a_networks_hessian_allocate_nothing(NystromColumns columns)
    {
        var network = new SaturatedNetwork<float>([], []);
        float[] b = network.Right(1), x = new float[b.Length];
        foreach (string name in (string[])["nystrom", "nystrom-released", "nystrom-pcg"])
        {
            ILinearSolver<float> solver = SolverCatalogue.BuiltIn.Create<float>(
                new SolverOptions { Name = name, Rank = 5, Rho = Rho, Columns = columns, Iterations = 3 }, RandomStream.FromSeed(1));
            for (int i = 0; i < 20; i++)
            {
                solver.Solve(network.Hessian, Rho, b, x);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            solver.Solve(network.Hessian, Rho, b, x);
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0, name);
        }
    }

    [Fact]
    public void Columns_that_no_vector_holds_are_refused()
    {
        var a = new IdentityOperator<double>(40_000);
        Should.Throw<ArgumentException>(() => Solve("nystrom", NystromColumns.Fresh, 40_000, 1, a, new double[40_000].Select(static _ => 1.0).ToArray(), out _))
            .Message.ShouldContain("a rank of at most 26843");
    }

    private static void ZeroColumns<T>(double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var network = new SaturatedNetwork<T>(firstLayer: [1, 3], secondLayer: [0, 2]);
        T[][] products = network.Products(network.Hessian);
        bool[] isZero = [.. products.Select(static c => !c.AsSpan().ContainsAnyExcept(T.Zero))];
        isZero.Count(static z => z).ShouldBeGreaterThanOrEqualTo(16, "weights and bias of two units with three inputs, and of two with four");
        CoordinateMap map = network.Hessian.Coordinates;
        Matrix dense = Matrix.Build.Dense(map.Count, map.Count, (i, j) => double.CreateTruncating(products[j][map[i]]));
        dense = (dense + dense.Transpose()) / 2;
        int met = 0;
        for (ulong seed = 1; seed <= 12; seed++)
        {
            int[] q = Drawn(NystromColumns.Fresh, seed, 5, network.Hessian);
            T[] b = network.Right(seed);
            T[] x = Solve("nystrom", NystromColumns.Fresh, 5, seed, network.Hessian, b, out LinearSolution solution);
            solution.ZeroColumns.ShouldBe(q.Count(i => isZero[i]), $"seed {seed}");
            Solve("nystrom-released", NystromColumns.Fresh, 5, seed, network.Hessian, b, out LinearSolution released);
            released.ZeroColumns.ShouldBe(solution.ZeroColumns, "of what was sampled, not of what the scramble made of it");
            Solve("nystrom-pcg", NystromColumns.Fresh, 5, seed, network.Hessian, b, out LinearSolution preconditioned);
            preconditioned.ZeroColumns.ShouldBe(solution.ZeroColumns);
            preconditioned.Status.ShouldNotBe(SolveStatus.NonFinite);
            met += solution.ZeroColumns > 0 ? 1 : 0;
            int[] others = [.. q.Where(i => !isZero[i])];
            Vector right = Vector.Build.Dense(map.Count, i => double.CreateTruncating(b[map[i]]));
            Vector expected = Approximated(dense, others).Solve(right);
            Vector.Build.Dense(map.Count, i => double.CreateTruncating(x[map[i]])).ShouldBeCloseTo(expected, tolerance);
        }

        met.ShouldBeGreaterThan(6);
    }

    private static void AllZero<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var a = new TensorOperator<T>(new DenseOperator<T>(6, new T[36], OperatorProperties.PositiveSemidefinite));
        T[] b = [.. Enumerable.Range(1, 6).Select(T.CreateTruncating)];
        foreach (NystromColumns columns in Enum.GetValues<NystromColumns>())
        {
            T[] x = Solve(name, columns, 4, 1, a, b, out LinearSolution solution, damping: Rho);
            x.ShouldBe([.. b.Select(static v => v / T.CreateTruncating(Rho))]);
            solution.ZeroColumns.ShouldBe(4);
            solution.Status.ShouldBe(SolveStatus.Converged);
        }
    }

    // Cᵀ C_Q⁺ C + ρI
    private static Matrix Approximated(Matrix a, int[] q)
    {
        Matrix c = Matrix.Build.Dense(q.Length, a.ColumnCount, (i, j) => a[q[i], j]);
        Matrix block = Matrix.Build.Dense(q.Length, q.Length, (i, j) => a[q[i], q[j]]);
        Matrix shift = Rho * Matrix.Build.DenseIdentity(a.ColumnCount);
        return q.Length == 0 ? shift : (c.Transpose() * block.PseudoInverse() * c) + shift;
    }

    private static int[] Drawn<T>(NystromColumns columns, ulong seed, int rank, ILinearOperator<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] positions = new int[rank];
        new NystromDraw<T>(columns, RandomStream.FromSeed(seed)).Next(a, positions);
        List<int> map = [.. Enumerable.Range(0, a.Coordinates.Count).Select(i => a.Coordinates[i])];
        return Array.ConvertAll(positions, p => map.IndexOf(p));
    }

    private static T[] Solve<T>(
        string name, NystromColumns columns, int rank, ulong seed, ILinearOperator<T> a, T[] b, out LinearSolution solution, double damping = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[b.Length];
        solution = SolverCatalogue.BuiltIn.Create<T>(new SolverOptions { Name = name, Rank = rank, Rho = Rho, Columns = columns }, RandomStream.FromSeed(seed))
            .Solve(a, damping, b, x);
        return x;
    }
}
