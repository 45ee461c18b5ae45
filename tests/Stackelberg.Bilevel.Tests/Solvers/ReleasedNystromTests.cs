using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>The released form of Nyström's solve, against its lines written out with another library.</summary>
public sealed class ReleasedNystromTests
{
    private const int Rank = 5;

    [Theory]
    [InlineData(0.5)]
    [InlineData(50)]
    public void Solution_is_that_of_the_released_lines(double rho)
    {
        var network = new SaturatedNetwork<double>([], []);
        for (ulong seed = 1; seed <= 6; seed++)
        {
            double[] b = network.Right(seed), x = new double[b.Length];
            LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(
                new SolverOptions { Name = "nystrom-released", Rank = Rank, Rho = rho }, RandomStream.FromSeed(seed)).Solve(network.Hessian, 0.1, b, x);

            List<int> order = ReleasedOrder(network, out List<int> sizes);
            Vector v = Vector.Build.Dense(order.Count, i => b[order[i]]);
            Matrix c = Scrambled(network, Drawn(network.Hessian, seed), order, sizes, out int[] q);
            Matrix block = Matrix.Build.Dense(Rank, Rank, (i, j) => c[i, q[j]]);
            Matrix inner = Matrix.Build.DenseIdentity(Rank) + block + (c * c.Transpose() / rho);
            Vector expected = (v / rho) - (c.Transpose() * inner.Solve(c * v) / (rho * rho));
            Vector.Build.Dense(order.Count, i => x[order[i]]).ShouldBeCloseTo(expected, 1e-12);

            double[] residual = new double[b.Length];
            network.Hessian.Multiply(x, residual);
            Vectors.AddScaled<double>(residual, 0.1, x);
            Vectors.AddScaled<double>(residual, -1, b);
            solution.RelativeResidual.ShouldBe(Vectors.Norm<double>(residual) / Vectors.Norm<double>(b), 1e-12);
            solution.Status.ShouldBe(SolveStatus.Approximated);
        }
    }

    [Fact]
    public void Little_but_the_right_hand_side_over_rho_is_left_at_the_published_rho()
    {
        var network = new SaturatedNetwork<double>([], []);
        double[] b = network.Right(1);
        Departure("nystrom-released").ShouldBeLessThan(0.3 * Departure("nystrom"));

        double Departure(string name)
        {
            double sum = 0;
            for (ulong seed = 1; seed <= 10; seed++)
            {
                double[] x = new double[b.Length];
                SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Rank = Rank, Rho = 50 }, RandomStream.FromSeed(seed)).Solve(network.Hessian, 0, b, x);
                Vectors.AddScaled<double>(x, -1.0 / 50, b);
                sum += Vectors.Norm<double>(x);
            }

            return sum;
        }
    }

    [Fact]
    public void In_units_far_from_1_the_stray_identity_vanishes_or_rules()
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 20);
        double[] b = system.Right<double>();

        // x 2^660 is then that of a matrix of ordinary size without the identity; q = 1 leaves the only row where it is
        double[] large = Solve("nystrom-released", 660), plain = Solve("nystrom", 660);
        large.ShouldBeCloseTo(plain, 1e-12);

        double[] small = Solve("nystrom-released", -660);
        small.ShouldBeCloseTo([.. b.Select(static v => Math.ScaleB(v, 661))], 1e-12);

        double[] Solve(string name, int exponent)
        {
            double[] x = new double[b.Length], entries = Array.ConvertAll(system.Entries<double>(), v => Math.ScaleB(v, exponent));
            var a = new TensorOperator<double>(new DenseOperator<double>(LinearSystem.Size, entries, OperatorProperties.PositiveSemidefinite));
            SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Rank = 1 }, RandomStream.FromSeed(1)).Solve(a, Math.ScaleB(0.5, exponent), b, x);
            return x;
        }
    }

    [Fact]
    public void An_inner_matrix_that_cannot_be_inverted_is_a_breakdown_with_zero()
    {
        // 1 + a + a²/ρ = 0 at a = −1/2 and ρ = −a²/(1 + a) would need ρ < 0: −2 and ρ = 4 do
        var a = new TensorOperator<double>(new DenseOperator<double>(1, [-2], OperatorProperties.Symmetric));
        double[] x = new double[1];
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "nystrom-released", Rank = 1, Rho = 4 }, RandomStream.FromSeed(1))
            .Solve(a, 0, [1], x);
        solution.Status.ShouldBe(SolveStatus.Breakdown);
        x.ShouldBe([0]);
    }

    [Theory]
    [InlineData("nystrom-released")]
    [InlineData("nystrom")]
    public void Without_a_shift_it_is_refused(string name)
    {
        var network = new SaturatedNetwork<double>([], []);
        Should.Throw<ArgumentException>(() => SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name }, RandomStream.FromSeed(1))
            .Solve(network.Hessian, 0, network.Right(1), new double[network.Hessian.Dimension])).Message.ShouldContain($"'{name}' inverts");
    }

    [Fact]
    public void Fixed_columns_go_on_from_saved_state()
    {
        var network = new SaturatedNetwork<double>([], []);
        SolverOptions options = new() { Name = "nystrom-released", Rank = 3, Rho = 1, Columns = NystromColumns.Fixed };
        ILinearSolver<double> original = SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(1));
        ILinearSolver<double> restored = SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(2));
        double[] b = network.Right(1), x = new double[b.Length], y = new double[b.Length];
        original.Solve(network.Hessian, 0, b, x);
        MemoryState.Of((IStateful)original).Restore((IStateful)restored);
        restored.Solve(network.Hessian, 0, b, y);
        y.ShouldBe(x);
    }

    private static int[] Drawn(ILinearOperator<double> a, ulong seed)
    {
        int[] positions = new int[Rank];
        new NystromDraw<double>(NystromColumns.Fresh, RandomStream.FromSeed(seed)).Next(a, positions);
        return positions;
    }

    // storage positions in the order of the released code, and the sizes of its tensors
    private static List<int> ReleasedOrder(SaturatedNetwork<double> network, out List<int> sizes)
    {
        List<int> order = [];
        sizes = [];
        for (int layer = 0; layer < network.Layout.Layers; layer++)
        {
            foreach (ParameterBlock block in (ParameterBlock[])[network.Layout.Bias(layer), network.Layout.Weight(layer)])
            {
                sizes.Add(block.Count);
                for (int row = 0; row < block.Rows; row++)
                {
                    order.AddRange(Enumerable.Range(block.Offset + (row * block.Stride), block.Columns));
                }
            }
        }

        return order;
    }

    private static Matrix Scrambled(SaturatedNetwork<double> network, int[] positions, List<int> order, List<int> sizes, out int[] q)
    {
        q = Array.ConvertAll(positions, order.IndexOf);
        Matrix rows = Matrix.Build.Dense(positions.Length, order.Count);
        for (int i = 0; i < positions.Length; i++)
        {
            double[] unit = new double[network.Hessian.Dimension], column = new double[unit.Length];
            unit[positions[i]] = 1;
            network.Hessian.Multiply(unit, column);
            rows.SetRow(i, [.. order.Select(p => column[p])]);
        }

        var flattened = new List<double>();
        int first = 0;
        foreach (int size in sizes)
        {
            flattened.AddRange(rows.SubMatrix(0, rows.RowCount, first, size).ToRowMajorArray());
            first += size;
        }

        return Matrix.Build.Dense(rows.RowCount, rows.ColumnCount, (i, j) => flattened[(i * rows.ColumnCount) + j]);
    }
}
