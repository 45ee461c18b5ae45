using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>Systems in other units of matrix and right-hand side, powers of two, have the same solution in other units.</summary>
public sealed class SolverRangeTests
{
    public static TheoryData<string, int, int> Cells()
    {
        var cells = new TheoryData<string, int, int>();
        foreach (string solver in SolverCatalogue.BuiltIn.All.Select(static s => s.Name))
        {
            foreach ((int matrix, int right) in ((int, int)[])[(0, -660), (0, 660), (0, -1000), (660, 0), (-660, 0), (660, 660), (-660, -660), (900, 900)])
            {
                // K⁻² of the kernel K is beyond all range there; and the released identity is one in every unit
                if ((solver != "gauss-newton" || matrix < 900) && (solver != "nystrom-released" || matrix == 0))
                {
                    cells.Add(solver, matrix, right);
                }
            }
        }

        return cells;
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Solution_follows_the_units(string name, int matrix, int right)
    {
        double[] plain = Solve(name, 0, 0, out LinearSolution expected), scaled = Solve(name, matrix, right, out LinearSolution solution);
        if (name == "identity")
        {
            // puts I in place of A, whatever the unit of A
            (matrix, solution) = (0, expected);
        }

        solution.Status.ShouldBe(expected.Status, $"{expected} {solution}");
        solution.RelativeResidual.ShouldBe(expected.RelativeResidual, 1e-9);
        double[] back = Array.ConvertAll(scaled, v => Math.ScaleB(v, matrix - right));
        back.ShouldBeCloseTo(plain, 1e-8);
    }

    private static double[] Solve(string name, int matrix, int right, out LinearSolution solution)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 20);
        double[] entries = Array.ConvertAll(system.Entries<double>(), v => Math.ScaleB(v, matrix));
        int n = LinearSystem.Size;
        // of gauss-newton the factor has half the exponent
        ILinearOperator<double> a = name == "gauss-newton"
            ? new DenseGaussNewtonOperator<double>(n, n, Array.ConvertAll(system.Entries<double>(), v => Math.ScaleB(v, matrix / 2)), 1)
            : new DenseOperator<double>(n, entries, OperatorProperties.PositiveSemidefinite);
        double[] b = Array.ConvertAll(system.Right<double>(), v => Math.ScaleB(v, right)), x = new double[n];
        solution = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name, Iterations = 400, Rank = n }, RandomStream.FromSeed(1))
            .Solve(name == "nystrom-released" ? new TensorOperator<double>(a) : a, name is "nystrom" or "nystrom-released" ? Math.ScaleB(0.5, matrix) : 0, b, x);
        return x;
    }
}
