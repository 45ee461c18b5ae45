using Stackelberg.Primitives;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Conjugate gradients on indefinite matrices: what they return is never worse than nothing.</summary>
public sealed class BestIterateTests
{
    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    public void Solve_that_meets_non_positive_curvature_is_never_worse_than_zero(string name)
    {
        int met = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            RandomStream random = RandomStream.FromSeed(seed);
            int size = 4 + (int)(seed % 20);
            // one small negative eigenvalue among positive ones of many sizes, and another diagonal
            LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 1e4, seed, size);
            Vector v = LinearSystem.Normal(size, random).Normalize(2);
            var a = system.Matrix - (2 * (v * system.Matrix * v) * v.OuterProduct(v));
            Vector b = LinearSystem.Normal(size, random);
            double[] x = seed % 3 == 0 ? LinearSystem.Normal(size, random).ToArray() : new double[size];
            LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Iterations = 200, Rank = 2, Rho = 0.01 }, random)
                .Solve(new DenseOperator<double>(size, a.ToRowMajorArray(), OperatorProperties.Symmetric), 0, b.ToArray(), x);
            if (solution.Status == SolveStatus.NonPositiveCurvature)
            {
                met++;
                ((b - (a * Vector.Build.Dense(x))).L2Norm() / b.L2Norm()).ShouldBeLessThanOrEqualTo(1 + 1e-12, $"{name} {seed}: {solution}");
            }
        }

        met.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void The_best_iterate_is_kept_where_a_later_one_is_worse()
    {
        // r = (1, 1, 1): the first step solves most of it, the second is along a direction of tiny curvature
        var a = new DenseOperator<double>(3, [1, 0, 0, 0, 1.0000001, 0, 0, 0, -1e-3], OperatorProperties.Symmetric);
        double[] b = [1, 1, 1e-2], x = new double[3];
        LinearSolution solution = new ConjugateGradient<double>(new SolverOptions()).Solve(a, 0, b, x);
        solution.Status.ShouldBe(SolveStatus.NonPositiveCurvature);
        solution.RelativeResidual.ShouldBeLessThan(0.02);
        x[0].ShouldBe(1, 1e-3);
    }
}
