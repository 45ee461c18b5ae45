using Stackelberg.Primitives;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Factorisations of full rank against another library, on random, graded and nearly singular matrices.</summary>
public sealed class DenseMatrixTests
{
    // about the edges of panels, tiles and vector registers
    public static TheoryData<int> Sizes() => [1, 2, 3, 7, 8, 9, 16, 17, 31, 32, 33, 63, 65, 100, 129];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lu_factors_multiply_to_the_permuted_matrix_with_multipliers_of_at_most_one(int n)
    {
        Dense matrix = PaddedVectors.Normals(n, n, RandomStream.FromSeed((ulong)n));
        double[] entries = matrix.ToRowMajorArray();
        int[] pivots = new int[n];
        DenseMatrix.FactorLu(entries, pivots, 0).ShouldBeTrue();
        Dense factors = Square(entries, n);
        Dense lower = factors.StrictlyLowerTriangle() + Dense.Build.DenseIdentity(n), upper = factors.UpperTriangle(), permuted = matrix.Clone();
        for (int k = 0; k < n; k++)
        {
            pivots[k].ShouldBeInRange(k, n - 1);
            (Vector top, Vector other) = (permuted.Row(k), permuted.Row(pivots[k]));
            permuted.SetRow(k, other);
            permuted.SetRow(pivots[k], top);
        }

        (lower * upper).ShouldBeNear(permuted, 1e-13);
        lower.Enumerate().Max(Math.Abs).ShouldBe(1);
        upper.Diagonal().ShouldBeNear(matrix.LU().U.Diagonal(), 1e-10, "the pivots of another library");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lu_solution_has_a_residual_of_rounding_on_random_and_graded_systems(int n)
    {
        foreach (double grade in new[] { 0, 0.5, 4 })
        {
            RandomStream random = RandomStream.FromSeed((ulong)n);
            // row i and column j by powers of ten that fall
            Dense matrix = Dense.Build.Dense(n, n, (i, j) => random.NextNormal() * Math.Pow(10, -grade * (i + j) / Math.Max(1, n - 1)));
            Vector b = LinearSystem.Normal(n, random);
            double[] entries = matrix.ToRowMajorArray(), x = b.ToArray();
            int[] pivots = new int[n];
            DenseMatrix.FactorLu(entries, pivots, 0).ShouldBeTrue();
            DenseMatrix.SolveLu(entries, pivots, x);
            Vector solution = Vector.Build.Dense(x);
            ((matrix * solution) - b).L2Norm().ShouldBeLessThan(1e-14 * n * ((matrix.FrobeniusNorm() * solution.L2Norm()) + b.L2Norm()), $"grade {grade}");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lu_of_a_matrix_with_two_equal_rows_fails_at_the_threshold_of_its_entries(int n)
    {
        if (n == 1)
        {
            DenseMatrix.FactorLu([0.0], new int[1], 0).ShouldBeFalse();
            return;
        }

        Dense matrix = PaddedVectors.Normals(n, n, RandomStream.FromSeed((ulong)n));
        matrix.SetRow(n / 2, matrix.Row((n / 2) - 1));
        double[] entries = matrix.ToRowMajorArray();
        double threshold = DenseMatrix.PivotThreshold<double>(entries, n);
        threshold.ShouldBe(2 * Math.Sqrt(n) * Math.Pow(2, -52) * matrix.Enumerate().Max(Math.Abs), 1e-30);
        DenseMatrix.FactorLu(entries, new int[n], 100 * threshold).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cholesky_factor_is_that_of_another_library_and_the_upper_triangle_stays(int n)
    {
        foreach (double grade in new[] { 0, 3 })
        {
            Dense matrix = Definite(n, grade);
            double[] entries = matrix.ToRowMajorArray();
            DenseMatrix.FactorCholesky(entries, n, 0).ShouldBeTrue();
            Dense factor = Square(entries, n).LowerTriangle();
            factor.ShouldBeNear(matrix.Cholesky().Factor, 1e-12);
            Square(entries, n).StrictlyUpperTriangle().ShouldBe(matrix.StrictlyUpperTriangle());

            Vector b = LinearSystem.Normal(n, RandomStream.FromSeed(3));
            double[] both = b.ToArray(), lower = b.ToArray(), transposed = b.ToArray();
            DenseMatrix.SolveLower(entries, n, lower);
            DenseMatrix.SolveLowerTransposed(entries, n, transposed);
            DenseMatrix.SolveCholesky(entries, n, both);
            (factor * Vector.Build.Dense(lower)).ShouldBeNear(b, 1e-12);
            (factor.Transpose() * Vector.Build.Dense(transposed)).ShouldBeNear(b, 1e-12);
            Vector solution = Vector.Build.Dense(both);
            ((matrix * solution) - b).L2Norm().ShouldBeLessThan(1e-14 * n * ((matrix.FrobeniusNorm() * solution.L2Norm()) + b.L2Norm()));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(9)]
    public void Cholesky_stops_at_the_first_leading_minor_that_is_not_positive_and_tells_its_pivot(int at)
    {
        const int N = 10;
        Dense matrix = Definite(N, 0);
        matrix[at, at] -= 1000;
        double before = at == 0 ? 1 : matrix.SubMatrix(0, at, 0, at).Determinant(), with = matrix.SubMatrix(0, at + 1, 0, at + 1).Determinant();
        DenseMatrix.FactorCholesky(matrix.ToRowMajorArray(), N, 0, out double pivot).ShouldBeFalse();
        pivot.ShouldBe(with / before, 1e-9 * Math.Abs(with / before));
        matrix[at, at] = double.NaN;
        DenseMatrix.FactorCholesky(matrix.ToRowMajorArray(), N, 0, out pivot).ShouldBeFalse();
        pivot.ShouldBe(double.NaN);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Transpose_exchanges_rows_and_columns_and_twice_is_nothing(int n)
    {
        double[] entries = [.. Enumerable.Range(0, n * n).Select(static i => (double)i)], given = [.. entries];
        DenseMatrix.Transpose(entries, n);
        entries.ShouldBe(Square(given, n).Transpose().ToRowMajorArray());
        DenseMatrix.Transpose(entries, n);
        entries.ShouldBe(given);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2.5)]
    public void Operator_on_padded_storage_becomes_its_damped_matrix_row_by_row(double damping)
    {
        int n = PaddedVectors.Map.Count;
        Dense matrix = PaddedVectors.Normals(n, n, RandomStream.FromSeed(1));
        DelegateOperator<double> a = matrix.Padded(OperatorProperties.None);
        double[] entries = new double[n * n], unit = new double[a.Dimension], image = new double[a.Dimension];
        DenseMatrix.Materialise(a, damping, entries, unit, image).ShouldBeTrue();
        entries.ShouldBe((matrix + (damping * Dense.Build.DenseIdentity(n))).ToRowMajorArray());
        unit.ShouldAllBe(static u => u == 0);
        matrix[n - 1, 2] = double.NaN;
        DenseMatrix.Materialise(matrix.Padded(OperatorProperties.None), damping, entries, unit, image).ShouldBeFalse();
    }

    [Fact]
    public void Idle_coordinates_are_those_without_right_hand_side_and_neighbours()
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            const int N = 9;
            RandomStream random = RandomStream.FromSeed(seed);
            Dense matrix = Dense.Build.Dense(N, N, (_, _) => random.NextInt32(12) == 0 ? random.NextNormal() : 0);
            Vector b = Vector.Build.Dense(N, _ => random.NextInt32(3) == 0 ? random.NextNormal() : 0);
            int[] expected = [.. Enumerable.Range(0, N).Where(i => b[i] != 0 || Enumerable.Range(0, N).Any(j => j != i && (matrix[i, j] != 0 || matrix[j, i] != 0)))];
            double[] entries = matrix.ToRowMajorArray(), right = b.ToArray();
            int[] kept = new int[N];
            int count = DenseMatrix.DropIdle(entries, right, kept);
            kept[..count].ShouldBe(expected);
            right[..count].ShouldBe(expected.Select(i => b[i]));
            entries[..(count * count)].ShouldBe(expected.SelectMany(i => expected.Select(j => matrix[i, j])));
        }
    }

    // graded: D A D with D from 1 down to 10^-grade
    private static Dense Definite(int n, double grade)
    {
        Dense root = PaddedVectors.Normals(n, n, RandomStream.FromSeed((ulong)n + 7));
        Dense scale = Dense.Build.DenseOfDiagonalVector(Vector.Build.Dense(n, i => Math.Pow(10, -grade * i / Math.Max(1, n - 1))));
        Dense matrix = scale * ((root * root.Transpose() / n) + Dense.Build.DenseIdentity(n)) * scale;
        return (matrix + matrix.Transpose()) / 2;
    }

    private static Dense Square(double[] values, int n) => Dense.Build.DenseOfRowMajor(n, n, values);
}
