using System.Numerics;
using Stackelberg.Primitives;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

/// <summary>
/// Every solver × kind of matrix × condition number × precision × warm start against a dense factorisation, with the status each must
/// report.
/// </summary>
public sealed class SolverTableTests
{
    private const double NystromDamping = 1e-3;
    private static readonly double[] Conditions = [1, 1e2, 1e6];

    // C converged, N non-positive curvature, S singular, A approximated, D diverged, L iteration limit, B breakdown, R refused;
    // several letters: rounding decides which. Columns: condition 1, 1e2, 1e6.
    private static readonly (string Solver, MatrixKind Kind, string Double, string Single)[] Table =
    [
        ("identity", MatrixKind.Spd, "C A A", "C A A"),
        ("identity", MatrixKind.Diagonal, "C A A", "C A A"),
        ("identity", MatrixKind.Indefinite, "A A A", "A A A"),
        ("identity", MatrixKind.Nonsymmetric, "A A A", "A A A"),
        ("identity", MatrixKind.SingularConsistent, "C A A", "C A A"),
        ("identity", MatrixKind.SingularInconsistent, "A A A", "A A A"),
        ("block-diagonal", MatrixKind.Spd, "C A A", "C A A"),
        ("block-diagonal", MatrixKind.Diagonal, "C C C", "C C C"),
        ("block-diagonal", MatrixKind.Indefinite, "A A A", "A A A"),
        ("block-diagonal", MatrixKind.Nonsymmetric, "A A A", "A A A"),
        ("block-diagonal", MatrixKind.SingularConsistent, "A A A", "A A A"),
        ("block-diagonal", MatrixKind.SingularInconsistent, "A A A", "A A A"),
        ("neumann", MatrixKind.Spd, "C L L", "C CL CL"),
        ("neumann", MatrixKind.Diagonal, "C L L", "C CL CL"),
        ("neumann", MatrixKind.Indefinite, "D D D", "D D D"),
        ("neumann", MatrixKind.Nonsymmetric, "D D DL", "D D DL"),
        ("neumann", MatrixKind.SingularConsistent, "C L L", "C CL CL"),
        ("neumann", MatrixKind.SingularInconsistent, "L L L", "L L L"),
        ("cg", MatrixKind.Spd, "C C C", "C C C"),
        ("cg", MatrixKind.Diagonal, "C C C", "C C C"),
        ("cg", MatrixKind.Indefinite, "N N N", "N N N"),
        ("cg", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("cg", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("cg", MatrixKind.SingularInconsistent, "N N N", "N N NL"),
        ("pcg", MatrixKind.Spd, "C C C", "C C C"),
        ("pcg", MatrixKind.Diagonal, "C C C", "C C C"),
        ("pcg", MatrixKind.Indefinite, "N N N", "N N N"),
        ("pcg", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("pcg", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("pcg", MatrixKind.SingularInconsistent, "N N N", "N N NL"),
        ("nystrom-pcg", MatrixKind.Spd, "C C C", "C C C"),
        ("nystrom-pcg", MatrixKind.Diagonal, "C C C", "C C C"),
        ("nystrom-pcg", MatrixKind.Indefinite, "N N N", "N N N"),
        ("nystrom-pcg", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("nystrom-pcg", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("nystrom-pcg", MatrixKind.SingularInconsistent, "N N N", "N N NL"),
        ("minres", MatrixKind.Spd, "C C C", "C C CB"),
        ("minres", MatrixKind.Diagonal, "C C C", "C C CB"),
        ("minres", MatrixKind.Indefinite, "C C C", "C C CB"),
        ("minres", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("minres", MatrixKind.SingularConsistent, "C C C", "C C CB"),
        ("minres", MatrixKind.SingularInconsistent, "S S S", "S S S"),
        ("cgnr", MatrixKind.Spd, "C C C", "C C C"),
        ("cgnr", MatrixKind.Diagonal, "C C C", "C C C"),
        ("cgnr", MatrixKind.Indefinite, "C C C", "C C C"),
        ("cgnr", MatrixKind.Nonsymmetric, "C C C", "C C C"),
        ("cgnr", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("cgnr", MatrixKind.SingularInconsistent, "S S S", "S S SL"),
        ("nystrom", MatrixKind.Spd, "C C C", "A A A"),
        ("nystrom", MatrixKind.Diagonal, "C C C", "CA CA CA"),
        ("nystrom", MatrixKind.Indefinite, "C C C", "A A A"),
        ("nystrom", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("nystrom", MatrixKind.SingularConsistent, "C C C", "A A A"),
        ("nystrom", MatrixKind.SingularInconsistent, "C C CA", "A A A"),
        ("nystrom-released", MatrixKind.Spd, "R R R", "R R R"),
        ("nystrom-released", MatrixKind.Diagonal, "R R R", "R R R"),
        ("nystrom-released", MatrixKind.Indefinite, "R R R", "R R R"),
        ("nystrom-released", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("nystrom-released", MatrixKind.SingularConsistent, "R R R", "R R R"),
        ("nystrom-released", MatrixKind.SingularInconsistent, "R R R", "R R R"),
        ("gauss-newton", MatrixKind.Spd, "C C C", "C C C"),
        ("gauss-newton", MatrixKind.Diagonal, "C C C", "C C C"),
        ("gauss-newton", MatrixKind.Indefinite, "R R R", "R R R"),
        ("gauss-newton", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("gauss-newton", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("gauss-newton", MatrixKind.SingularInconsistent, "S S S", "S S S"),
        ("cholesky", MatrixKind.Spd, "C C C", "C C C"),
        ("cholesky", MatrixKind.Diagonal, "C C C", "C C C"),
        ("cholesky", MatrixKind.Indefinite, "N N N", "N N N"),
        ("cholesky", MatrixKind.Nonsymmetric, "R R R", "R R R"),
        ("cholesky", MatrixKind.SingularConsistent, "S S S", "S S S"),
        ("cholesky", MatrixKind.SingularInconsistent, "S S S", "S S S"),
        ("exact", MatrixKind.Spd, "C C C", "C C C"),
        ("exact", MatrixKind.Diagonal, "C C C", "C C C"),
        ("exact", MatrixKind.Indefinite, "C C C", "C C C"),
        ("exact", MatrixKind.Nonsymmetric, "C C C", "C C C"),
        ("exact", MatrixKind.SingularConsistent, "C C C", "C C C"),
        ("exact", MatrixKind.SingularInconsistent, "S S S", "S S S"),
    ];

    public static TheoryData<string, MatrixKind, double, bool, bool, string> Cells()
    {
        var cells = new TheoryData<string, MatrixKind, double, bool, bool, string>();
        foreach ((string solver, MatrixKind kind, string inDouble, string inSingle) in Table)
        {
            for (int i = 0; i < Conditions.Length; i++)
            {
                cells.Add(solver, kind, Conditions[i], false, false, inDouble.Split(' ')[i]);
                cells.Add(solver, kind, Conditions[i], false, true, inDouble.Split(' ')[i]);
                cells.Add(solver, kind, Conditions[i], true, false, inSingle.Split(' ')[i]);
                cells.Add(solver, kind, Conditions[i], true, true, inSingle.Split(' ')[i]);
            }
        }

        return cells;
    }

    [Fact]
    public void Table_has_a_row_for_every_solver_and_kind_of_matrix()
    {
        foreach (SolverDescriptor solver in SolverCatalogue.BuiltIn.All)
        {
            Table.Where(row => row.Solver == solver.Name).Select(row => row.Kind).ShouldBe(Enum.GetValues<MatrixKind>(), ignoreOrder: true);
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Solver_reports_the_expected_status_and_a_true_residual(
        string solver, MatrixKind kind, double condition, bool single, bool warm, string expected)
    {
        if (single)
        {
            Check<float>(solver, kind, condition, warm, expected);
        }
        else
        {
            Check<double>(solver, kind, condition, warm, expected);
        }
    }

    private static void Check<T>(string name, MatrixKind kind, double condition, bool warm, string expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LinearSystem system = LinearSystem.Create(kind, condition);
        double damping = name == "nystrom" ? NystromDamping : 0;
        ILinearSolver<T> solver = SolverCatalogue.BuiltIn.Create<T>(
            new SolverOptions { Name = name, Iterations = 400, Rank = LinearSystem.Size, Degree = 4 }, RandomStream.FromSeed(3));
        ILinearOperator<T> a = name == "gauss-newton" ? GaussNewton<T>(system) : system.Operator<T>();
        T[] b = system.Right<T>();
        T[] x = Start<T>(system, damping, warm);
        if (expected == "R")
        {
            Should.Throw<ArgumentException>(() => solver.Solve(a, damping, b, x)).Message.ShouldContain("Use one of");
            return;
        }

        LinearSolution solution = solver.Solve(a, damping, b, x);

        expected.ShouldContain(Letter(solution.Status), customMessage: $"{solution}");
        double epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        double tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-10;
        Vector wide = LinearSystem.Widen<T>(x), right = LinearSystem.Widen<T>(b);
        Vector residual = right - (system.Matrix * wide) - (damping * wide);
        double relative = residual.L2Norm() / right.L2Norm();
        double rounding = 40 * epsilon * (1 + (wide.L2Norm() / right.L2Norm()));
        solution.RelativeResidual.ShouldBe(relative, rounding, $"{solution}");
        solution.Damping.ShouldBe(damping);
        if (solution.Status == SolveStatus.Converged)
        {
            solution.RelativeResidual.ShouldBeLessThanOrEqualTo(Math.Max(tolerance, 64 * Math.Sqrt(LinearSystem.Size) / 40 * rounding));
            CheckAgainstDense(system, damping, warm && name != "exact", condition, name == "pcg", wide, Math.Max(tolerance, rounding));
        }

        if (solution.Status == SolveStatus.Singular)
        {
            CheckSingular(name, system, solution.RelativeResidual, wide, typeof(T) == typeof(float));
        }
    }

    // error ≤ ‖A⁻¹‖ ‖r‖; from a warm start or through a preconditioner a singular system's solution is not the one of minimum norm
    private static void CheckAgainstDense(
        LinearSystem system, double damping, bool warm, double condition, bool preconditioned, Vector x, double relativeResidual)
    {
        bool singular = system.Kind is MatrixKind.SingularConsistent or MatrixKind.SingularInconsistent && damping == 0;
        if (singular && (warm || preconditioned))
        {
            return;
        }

        double bound = 2 * condition * relativeResidual * system.RightHandSide.L2Norm();
        (x - system.Solve(damping)).L2Norm().ShouldBeLessThanOrEqualTo(bound);
    }

    // Cholesky gives zero; least-squares methods the smallest residual there is, the direct one with the shortest x
    private static void CheckSingular(string name, LinearSystem system, double relativeResidual, Vector x, bool single)
    {
        if (name == "cholesky")
        {
            x.L2Norm().ShouldBe(0);
            relativeResidual.ShouldBe(1, 1e-12);
            return;
        }

        if (name == "exact" && !single)
        {
            Vector shortest = system.Solve();
            (x - shortest).L2Norm().ShouldBeLessThan(1e-8 * shortest.L2Norm());
        }
        if (system.Kind == MatrixKind.SingularInconsistent)
        {
            Vector best = system.RightHandSide - (system.Matrix * system.Solve());
            double smallest = best.L2Norm() / system.RightHandSide.L2Norm();
            // rounded to single, the null space is one only up to rounding times a solution of size 1e6
            relativeResidual.ShouldBeInRange(smallest * (1 - (single ? 1e-2 : 1e-5)), single ? 1 : smallest * 1.001);
        }
    }

    private static T[] Start<T>(LinearSystem system, double damping, bool warm)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!warm)
        {
            return new T[system.Matrix.RowCount];
        }

        Vector near = system.Solve(damping) + (0.1 * LinearSystem.Normal(system.Matrix.RowCount, RandomStream.FromSeed(9)));
        return Array.ConvertAll(near.ToArray(), T.CreateTruncating);
    }

    // A = 2 JᵀJ with J the symmetric root of A / 2; what cannot be written so stays a plain matrix
    private static ILinearOperator<T> GaussNewton<T>(LinearSystem system)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (system.Kind is MatrixKind.Indefinite or MatrixKind.Nonsymmetric)
        {
            return system.Operator<T>();
        }

        var evd = system.Matrix.Evd();
        Vector roots = evd.EigenValues.Map(value => Math.Sqrt(Math.Max(0, value.Real) / 2));
        // eigenvalues of the null space are rounding, whose roots would be far larger than rounding
        roots.MapInplace(root => root < 1e-6 ? 0 : root);
        double[] jacobian = (evd.EigenVectors * MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfDiagonalVector(roots)
            * evd.EigenVectors.Transpose()).ToRowMajorArray();
        int n = system.Matrix.RowCount;
        return new DenseGaussNewtonOperator<T>(n, n, Array.ConvertAll(jacobian, T.CreateTruncating), 2);
    }

    private static string Letter(SolveStatus status) => status switch
    {
        SolveStatus.Converged => "C",
        SolveStatus.NonPositiveCurvature => "N",
        SolveStatus.Singular => "S",
        SolveStatus.Approximated => "A",
        SolveStatus.Diverged => "D",
        SolveStatus.IterationLimit => "L",
        SolveStatus.Breakdown => "B",
        _ => "?",
    };
}
