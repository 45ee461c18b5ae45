namespace Stackelberg.Bilevel.Tests;

public sealed class ConjugateGradientTests
{
    [Fact]
    public void Two_by_two_system_is_solved_in_two_iterations()
    {
        var a = new DenseOperator<double>(2, [4, 1, 1, 3], OperatorProperties.PositiveSemidefinite);
        var solver = new ConjugateGradient<double>(new SolverOptions());
        double[] x = new double[2];

        LinearSolution solution = solver.Solve(a, 0, [1, 2], x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        solution.Iterations.ShouldBe(2);
        x[0].ShouldBe(1.0 / 11, 1e-15);
        x[1].ShouldBe(7.0 / 11, 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(10)]
    public void Reorthogonalised_iterates_are_those_of_28_digits_where_the_plain_ones_drift_away(int iterations)
    {
        (double[] matrix, double[] b) = Spread();
        double[] expected = [.. InDecimals(matrix, b, iterations).Select(v => (double)v)];

        RelativeError(Solve(matrix, b, iterations, reorthogonalise: true), expected).ShouldBeLessThan(1e-11);
        if (iterations == 10)
        {
            RelativeError(Solve(matrix, b, iterations, reorthogonalise: false), expected).ShouldBeGreaterThan(1e-6);
        }
    }

    [Fact]
    public void Reorthogonalising_outlasts_restarts_and_other_systems()
    {
        (double[] matrix, double[] b) = Spread();
        var solver = new ConjugateGradient<double>(new SolverOptions { Iterations = 100, Tolerance = 1e-12, ContinueThroughNegativeCurvature = true, Reorthogonalise = true });
        double[] x = new double[b.Length], y = new double[2];
        LinearSolution first = solver.Solve(new DenseOperator<double>(b.Length, matrix, OperatorProperties.Symmetric), 0, b, x);
        first.Status.ShouldBe(SolveStatus.Converged);
        first.RelativeResidual.ShouldBeLessThan(1e-11);
        solver.Solve(new DenseOperator<double>(2, [4, 1, 1, 3], OperatorProperties.PositiveSemidefinite), 0, [1, 2], y).Status.ShouldBe(SolveStatus.Converged);
        y[1].ShouldBe(7.0 / 11, 1e-14);
    }

    private static double[] Solve(double[] matrix, double[] b, int iterations, bool reorthogonalise)
    {
        double[] x = new double[b.Length];
        var solver = new ConjugateGradient<double>(new SolverOptions
        {
            Iterations = iterations, Tolerance = 0, ContinueThroughNegativeCurvature = true, Reorthogonalise = reorthogonalise,
        });
        solver.Solve(new DenseOperator<double>(b.Length, matrix, OperatorProperties.Symmetric), 0, b, x);
        return x;
    }

    /// <summary>An indefinite 14 × 14 matrix with one eigenvalue far above the others, as Hessians of networks have: S diag S, S a reflection.</summary>
    private static (double[] Matrix, double[] B) Spread()
    {
        double[] eigenvalues = [2259, 430, 213, 94, 40, 17, 8, 3.5, 1.5, 0.6, -0.4, -1.5, -4.4, -12.1];
        int n = eigenvalues.Length;
        double[] v = [.. Enumerable.Range(0, n).Select(i => Math.Sin(1 + (2.3 * i)))];
        double square = v.Sum(x => x * x);
        double[] matrix = new double[n * n];
        double Reflection(int i, int j) => (i == j ? 1 : 0) - (2 * v[i] * v[j] / square);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < n; k++)
                {
                    sum += Reflection(i, k) * eigenvalues[k] * Reflection(j, k);
                }

                matrix[(i * n) + j] = matrix[(j * n) + i] = sum;
            }
        }

        return (matrix, [.. Enumerable.Range(0, n).Select(i => Math.Cos(0.7 * i) + 0.3)]);
    }

    /// <summary>The textbook recurrence with 28 digits.</summary>
    private static decimal[] InDecimals(double[] matrix, double[] b, int iterations)
    {
        int n = b.Length;
        decimal[] a = Array.ConvertAll(matrix, Exactly), r = Array.ConvertAll(b, Exactly), p = [.. r], x = new decimal[n];
        for (int k = 0; k < iterations; k++)
        {
            decimal[] q = [.. Enumerable.Range(0, n).Select(i => Dot(a[(i * n)..((i + 1) * n)], p))];
            decimal rr = Dot(r, r), step = rr / Dot(p, q);
            x = [.. x.Zip(p, (xi, pi) => xi + (step * pi))];
            r = [.. r.Zip(q, (ri, qi) => ri - (step * qi))];
            decimal ratio = Dot(r, r) / rr;
            p = [.. r.Zip(p, (ri, pi) => ri + (ratio * pi))];
        }

        return x;
    }

    // the conversion operator rounds to 15 digits
    private static decimal Exactly(double value) =>
        decimal.Parse(value.ToString("E20", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Dot(decimal[] u, decimal[] v) => u.Zip(v, (a, b) => a * b).Sum();

    private static double RelativeError(double[] actual, double[] expected) =>
        Math.Sqrt(actual.Zip(expected, (a, e) => (a - e) * (a - e)).Sum() / expected.Sum(e => e * e));
}
