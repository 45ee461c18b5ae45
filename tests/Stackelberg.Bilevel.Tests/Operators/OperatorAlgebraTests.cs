using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Random compositions of operators on padded storage against the same compositions of dense matrices.</summary>
public sealed class OperatorAlgebraTests
{
    private static readonly int Size = PaddedVectors.Map.Count;

    public static TheoryData<ulong> Seeds() => [.. Enumerable.Range(0, 30).Select(i => (ulong)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Composition_multiplies_as_its_matrix_does_and_leaves_padding_zero(ulong seed)
    {
        (ILinearOperator<double> a, Dense matrix) = Grow(RandomStream.FromSeed(seed), 4);
        a.Dimension.ShouldBe(PaddedVectors.Layout.Length);
        a.Coordinates.ShouldBe(PaddedVectors.Map);
        a.HasTransposed.ShouldBeTrue();
        a.Columns().ShouldBeNear(matrix, 1e-13);
        a.Columns(transposed: true).ShouldBeNear(matrix.Transpose(), 1e-13);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Composition_declares_nothing_that_its_matrix_is_not(ulong seed)
    {
        (ILinearOperator<double> a, Dense matrix) = Grow(RandomStream.FromSeed(seed), 4);
        double rounding = 1e-13 * matrix.FrobeniusNorm();
        if (a.Properties.HasFlag(OperatorProperties.Symmetric))
        {
            (matrix - matrix.Transpose()).FrobeniusNorm().ShouldBeLessThanOrEqualTo(rounding);
        }

        if (a.Properties.HasFlag(OperatorProperties.PositiveSemidefinite))
        {
            ((matrix + matrix.Transpose()) / 2).Evd().EigenValues.Min(static e => e.Real).ShouldBeGreaterThanOrEqualTo(-rounding);
        }

        if (a.Properties.HasFlag(OperatorProperties.Diagonal))
        {
            (matrix - Dense.Build.DenseOfDiagonalVector(matrix.Diagonal())).FrobeniusNorm().ShouldBeLessThanOrEqualTo(rounding);
        }

        OperatorCheck.Probe(a, RandomStream.FromSeed(seed)).Violations.ShouldBeEmpty();
    }

    [Fact]
    public void Every_property_is_declared_by_some_of_the_compositions_and_not_by_others()
    {
        OperatorProperties[] all = [.. Enumerable.Range(0, 30).Select(i => Grow(RandomStream.FromSeed((ulong)i), 4).Operator.Properties)];
        foreach (OperatorProperties property in new[] { OperatorProperties.Symmetric, OperatorProperties.PositiveSemidefinite })
        {
            all.Count(p => p.HasFlag(property)).ShouldBeInRange(1, 29, property.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Direct_sum_is_the_block_diagonal_matrix_of_its_parts(ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        var parts = Enumerable.Range(0, 1 + random.NextInt32(3)).Select(_ => Grow(random, 2)).ToList();
        // one part without padding
        Dense small = PaddedVectors.Normals(3, 3, random);
        parts.Add((new DenseOperator<double>(3, small.ToRowMajorArray(), OperatorProperties.None), small));
        var sum = new DirectSumOperator<double>([.. parts.Select(p => p.Operator)]);
        Dense expected = Dense.Build.Dense(sum.Coordinates.Count, sum.Coordinates.Count);
        int first = 0;
        foreach ((_, Dense block) in parts)
        {
            expected.SetSubMatrix(first, first, block);
            first += block.RowCount;
        }

        sum.Columns().ShouldBeNear(expected, 1e-13);
        sum.Columns(transposed: true).ShouldBeNear(expected.Transpose(), 1e-13);
        sum.Properties.ShouldBe(OperatorProperties.None, "what the small part is not, the sum is not");
    }

    [Fact]
    public void Direct_sum_has_transposed_products_when_all_parts_have_and_is_not_empty()
    {
        var one = new IdentityOperator<double>(2);
        var without = new DelegateOperator<double>(2, OperatorProperties.None, (x, result) => x.CopyTo(result));
        new DirectSumOperator<double>(one, one).HasTransposed.ShouldBeTrue();
        new DirectSumOperator<double>(one, one).Properties.ShouldBe(one.Properties);
        new DirectSumOperator<double>(one, without).HasTransposed.ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new DirectSumOperator<double>()).Message.ShouldContain("at least one");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void Direct_sum_of_networks_solves_each_of_them_in_sample_space(double damping)
    {
        NetworkGaussNewton<double> first = Network(7, 1), second = Network(7, 2);
        var sum = new DirectSumGaussNewton<double>(first, second);
        Dense dense = sum.Columns(), jacobian = Jacobian(sum);
        sum.Samples.ShouldBe(14);
        dense.ShouldBeNear(first.Columns().DiagonalStack(second.Columns()), 1e-14);
        dense.ShouldBeNear(sum.Scale * jacobian.Transpose() * jacobian, 1e-13);
        Dense.Build.DenseOfRowMajor(14, 14, PaddedVectors.Ask(14 * 14, s => sum.Kernel(s))).ShouldBeNear(jacobian * jacobian.Transpose(), 1e-13);
        PaddedVectors.Ask(sum.Dimension, sum.Diagonal).Real(sum.Coordinates).ShouldBeNear(dense.Diagonal(), 1e-13);

        Vector b = dense * LinearSystem.Normal(dense.RowCount, RandomStream.FromSeed(4));
        double[] x = new double[sum.Dimension];
        new GaussNewtonSolver<double>(new SolverOptions { Tolerance = 1e-9 }).Solve(sum, damping, b.Spread(sum.Coordinates, sum.Dimension), x)
            .Status.ShouldBe(SolveStatus.Converged);
        ((dense * x.Real(sum.Coordinates)) + (damping * x.Real(sum.Coordinates))).ShouldBeNear(b, 1e-8);
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(2)]
    public void Rank_one_systems_have_the_solution_of_sherman_and_morrison(double damping)
    {
        const double Scale = 1.5;
        Vector g = LinearSystem.Normal(Size, RandomStream.FromSeed(1)), b = LinearSystem.Normal(Size, RandomStream.FromSeed(2));
        RankOneOperator<double> a = RankOne(g, Scale);
        Vector expected = (b - (g * (Scale * g.DotProduct(b) / (damping + (Scale * g.DotProduct(g)))))) / damping;
        foreach (string name in new[] { "cg", "pcg", "nystrom-pcg", "minres", "cgnr", "nystrom", "gauss-newton", "cholesky", "exact" })
        {
            double[] x = new double[a.Dimension];
            SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Rank = Size }, RandomStream.FromSeed(3))
                .Solve(a, damping, b.Spread(PaddedVectors.Map, a.Dimension), x).Status.ShouldBe(SolveStatus.Converged, name);
            x.Real(PaddedVectors.Map).ShouldBeCloseTo(expected, 1e-6);
        }

        PaddedVectors.Ask(1, a.Kernel)[0].ShouldBe(g.DotProduct(g), 1e-13);
        PaddedVectors.Ask(a.Dimension, a.Diagonal).Real(a.Coordinates).ShouldBeNear(Scale * g.PointwiseMultiply(g), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Extracted_diagonal_is_that_of_the_matrix_and_the_workspace_is_clean_again(ulong seed)
    {
        (ILinearOperator<double> a, Dense matrix) = Grow(RandomStream.FromSeed(seed), (int)(seed % 4));
        double[] diagonal = new double[a.Dimension], unit = new double[a.Dimension], image = new double[a.Dimension];
        DiagonalExtraction.Extract(a, diagonal, unit, image);
        diagonal.Real(a.Coordinates).ShouldBeNear(matrix.Diagonal(), 1e-13);
        unit.ShouldAllBe(static u => u == 0);
    }

    private static (ILinearOperator<double> Operator, Dense Matrix) Grow(RandomStream random, int depth)
    {
        if (depth == 0)
        {
            return Leaf(random);
        }

        (ILinearOperator<double> a, Dense matrix) = Grow(random, depth - 1);
        switch (random.NextInt32(5))
        {
            case 0:
                double factor = random.NextNormal();
                return (a.Scaled(factor), factor * matrix);
            case 1:
                double damping = Math.Abs(random.NextNormal());
                return (a.Damped(damping), matrix + (damping * Dense.Build.DenseIdentity(Size)));
            case 2:
                return (a.Transposed(), matrix.Transpose());
            case 3:
                return (a.Scaled(2), 2 * matrix);
            default:
                (ILinearOperator<double> b, Dense other) = Leaf(random);
                return (a.Plus(b), matrix + other);
        }
    }

    private static (ILinearOperator<double> Operator, Dense Matrix) Leaf(RandomStream random)
    {
        Dense matrix = PaddedVectors.Normals(Size, Size, random);
        Vector vector = matrix.Row(0);
        return random.NextInt32(6) switch
        {
            0 => (matrix.Padded(OperatorProperties.None), matrix),
            1 => ((matrix + matrix.Transpose()).Padded(OperatorProperties.Symmetric), matrix + matrix.Transpose()),
            2 => ((matrix * matrix.Transpose()).Padded(OperatorProperties.PositiveSemidefinite), matrix * matrix.Transpose()),
            3 => (new DiagonalOperator<double>(vector.Spread(PaddedVectors.Map, PaddedVectors.Layout.Length), PaddedVectors.Map), Dense.Build.DenseOfDiagonalVector(vector)),
            4 => (new IdentityOperator<double>(PaddedVectors.Layout.Length, PaddedVectors.Map), Dense.Build.DenseIdentity(Size)),
            _ => (RankOne(vector, 0.7), 0.7 * vector.OuterProduct(vector)),
        };
    }

    private static RankOneOperator<double> RankOne(Vector g, double scale)
    {
        var storage = new FlatVector<double>(PaddedVectors.Layout.Length);
        g.Spread(PaddedVectors.Map, storage.Length).CopyTo(storage.Span);
        return new RankOneOperator<double>(storage, PaddedVectors.Map, scale);
    }

    private static Dense Jacobian(ISampleSpaceOperator<double> a) => Dense.Build.DenseOfRowVectors(Enumerable.Range(0, a.Samples).Select(i =>
    {
        double[] unit = new double[a.Samples];
        unit[i] = 1;
        return PaddedVectors.Ask(a.Dimension, s => a.MultiplyJacobianTransposed(unit, s)).Real(a.Coordinates);
    }));

    private static NetworkGaussNewton<double> Network(int rows, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        var layout = new MlpLayout(2, [3], 1, Activation.Tanh);
        var parameters = new FlatVector<double>(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, parameters, random);
        var inputs = new Matrix<double>(rows, 2);
        double[] targets = new double[rows];
        random.FillNormal(targets);
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal(inputs.Row(i));
        }

        var network = new Linearisation<double>(layout, rows);
        network.Forward(parameters, inputs, rows);
        network.SetSquaredLoss(targets);
        return new NetworkGaussNewton<double>(network);
    }
}
