using Stackelberg.Primitives;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Factorisations that find the rank, and eigenvalues, against another library.</summary>
public sealed class RankRevealingTests
{
    public static TheoryData<int, int> Ranks()
    {
        var cells = new TheoryData<int, int>();
        foreach (int n in new[] { 1, 2, 5, 8, 17, 33 })
        {
            foreach (int rank in new[] { 0, 1, n / 2, n - 1, n }.Distinct())
            {
                cells.Add(n, rank);
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Pivoted_qr_gives_the_shortest_least_squares_solution_and_what_is_outside_the_range(int n, int rank)
    {
        foreach (double grade in new[] { 0, 3 })
        {
            Dense matrix = OfRank(n, rank, grade);
            Vector b = LinearSystem.Normal(n, RandomStream.FromSeed(1));
            double[] entries = matrix.ToRowMajorArray(), x = b.ToArray();
            double outside = new PivotedQr(n + 3).SolveMinimumNorm(entries, 1e-10, x);
            Vector expected = LinearSystem.PseudoInverse(matrix) * b;
            Vector.Build.Dense(x).ShouldBeNear(expected, 1e-9, $"grade {grade}");
            outside.ShouldBe(((matrix * expected) - b).L2Norm(), 1e-9);
        }
    }

    [Fact]
    public void Pivoted_qr_keeps_nothing_from_one_system_to_the_next()
    {
        var qr = new PivotedQr(12);
        foreach (int n in new[] { 12, 3, 7, 12 })
        {
            Dense matrix = OfRank(n, n - 1, 1);
            double[] again = [.. Enumerable.Range(0, n).Select(i => Math.Cos(i))], fresh = [.. again];
            double outside = qr.SolveMinimumNorm(matrix.ToRowMajorArray(), 1e-10, again);
            new PivotedQr(n).SolveMinimumNorm(matrix.ToRowMajorArray(), 1e-10, fresh).ShouldBe(outside);
            again.ShouldBe(fresh);
        }
    }

    [Theory]
    [MemberData(nameof(Ranks))]
    public void Pivoted_cholesky_finds_the_rank_of_a_kernel_and_the_shortest_solution(int samples, int rank)
    {
        const int Parameters = 20;
        RandomStream random = RandomStream.FromSeed((ulong)(samples + (100 * rank)));
        int inner = Math.Min(rank, Parameters);
        Dense jacobian = inner == 0 ? Dense.Build.Dense(samples, Parameters) : PaddedVectors.Normals(samples, inner, random) * PaddedVectors.Normals(inner, Parameters, random);
        Dense kernel = jacobian * jacobian.Transpose();
        PivotedCholesky factor = PivotedCholesky.Of(kernel.ToRowMajorArray(), samples, Math.Pow(2, -52));
        factor.Rank.ShouldBe(inner);
        factor.IsUsable.ShouldBe(inner > 0);
        if (!factor.IsUsable)
        {
            return;
        }

        // b in the range of JᵀJ, so that there is a solution
        Vector b = jacobian.Transpose() * LinearSystem.Normal(samples, random);
        double[] u = (jacobian * b).ToArray();
        factor.SolveMinimumNorm(u);
        u.Count(static c => c != 0).ShouldBeLessThanOrEqualTo(inner, "pivot samples alone have a coefficient");
        Dense pseudoInverse = LinearSystem.PseudoInverse(jacobian);
        var svd = jacobian.Svd();
        double condition = Math.Pow(svd.S[0] / svd.S[inner - 1], 2);
        (jacobian.Transpose() * Vector.Build.Dense(u)).ShouldBeNear(pseudoInverse * pseudoInverse.Transpose() * b, 1e-13 * condition * condition);
    }

    [Fact]
    public void Pivoted_cholesky_counts_pivots_below_the_rounding_of_the_entries_as_zero()
    {
        // diag(1, 1e-5, 1e-9): in single precision the last is rounding, in double it is not
        double[] kernel = [1, 0, 0, 0, 1e-5, 0, 0, 0, 1e-9];
        PivotedCholesky.Of(kernel, 3, Math.Pow(2, -23)).Rank.ShouldBe(2);
        PivotedCholesky.Of(kernel, 3, Math.Pow(2, -52)).Rank.ShouldBe(3);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 6)]
    [InlineData(16, 0)]
    [InlineData(16, 8)]
    [InlineData(33, 3)]
    public void Symmetric_eigenvalues_are_those_of_another_library_with_orthonormal_vectors(int n, double grade)
    {
        for (ulong seed = 0; seed < 5; seed++)
        {
            Dense random = PaddedVectors.Normals(n, n, RandomStream.FromSeed(seed));
            Dense matrix = Dense.Build.Dense(n, n, (i, j) => (random[i, j] + random[j, i]) * Math.Pow(10, -grade * (i + j) / Math.Max(1, 2 * (n - 1))));
            double[] values = new double[n], vectors = new double[n * n];
            SymmetricEigen.Decompose(n, matrix.ToRowMajorArray(), values, vectors);
            Dense v = Dense.Build.DenseOfRowMajor(n, n, vectors);
            double size = matrix.FrobeniusNorm();
            (v * v.Transpose()).ShouldBeNear(Dense.Build.DenseIdentity(n), 1e-13);
            (v.Transpose() * Dense.Build.DenseOfDiagonalArray(values) * v).ShouldBeNear(matrix, 1e-13 * size);
            Vector.Build.Dense([.. values.Order()]).ShouldBeNear(Vector.Build.Dense([.. matrix.Evd().EigenValues.Select(static e => e.Real).Order()]), 1e-13 * size);
            values.Sum().ShouldBe(matrix.Trace(), 1e-13 * size * n);
        }
    }

    [Fact]
    public void Eigenvalues_of_a_diagonal_matrix_are_its_entries_and_equal_ones_stay_equal()
    {
        double[] values = new double[4], vectors = new double[16];
        SymmetricEigen.Decompose(4, [3, 0, 0, 0, 0, -2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0], values, vectors);
        values.ShouldBe([3, -2, 3, 0]);
        // 1 + J for the matrix of ones J: eigenvalue 5 once and 1 three times
        SymmetricEigen.Decompose(4, [2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2], values, vectors);
        values.Order().ToArray().ShouldBeCloseTo([1, 1, 1, 5], 1e-15);
    }

    // singular values from 1 to 10^-grade, and zeros
    private static Dense OfRank(int n, int rank, double grade)
    {
        double[] values = [.. Enumerable.Range(0, n).Select(i => i < rank ? Math.Pow(10, -grade * i / Math.Max(1, n - 1)) : 0)];
        return LinearSystem.Orthogonal(n, RandomStream.FromSeed(5)) * Dense.Build.DenseOfDiagonalArray(values) * LinearSystem.Orthogonal(n, RandomStream.FromSeed(6));
    }
}
