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
}
