using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>One solver's answer in a check.</summary>
/// <param name="Name">The solver.</param>
/// <param name="Gradient">Its hypergradient over the leader's vector; empty when it refused.</param>
/// <param name="RelativeError">‖gradient − exact‖ / ‖exact‖ (absolute when exact is zero); NaN when it refused or there is no exact answer.</param>
/// <param name="Status">How the solve ended; null when the solver refused the problem.</param>
/// <param name="Iterations">As in <see cref="LinearSolution"/>.</param>
/// <param name="RelativeResidual">As in <see cref="LinearSolution"/>; NaN when it refused.</param>
/// <param name="Note">Why it refused, or what its status means for the gradient; empty when there is nothing to say.</param>
public sealed record HypergradientCheckRow(
    string Name, double[] Gradient, double RelativeError, SolveStatus? Status, int Iterations, double RelativeResidual, string Note)
{
    /// <summary>The status in kebab-case, as in <c>hypergradient.csv</c>; <c>refused</c> when the solver refused.</summary>
    public string StatusName => Status?.Name() ?? "refused";
}

/// <summary>All solvers on one problem.</summary>
/// <param name="Exact">The exact hypergradient, by dense factorisation; empty where there is none.</param>
/// <param name="ExactStatus">How the exact solve ended; any but <see cref="SolveStatus.Converged"/> leaves no answer.</param>
/// <param name="ExactNote">Empty, or what is special: why there is no answer, or that it is not the only one.</param>
/// <param name="Solvers">One row per solver of the catalogue, in its order.</param>
public sealed record HypergradientCheckResult(
    double[] Exact, SolveStatus ExactStatus, string ExactNote, IReadOnlyList<HypergradientCheckRow> Solvers);

/// <summary>Runs every solver on a bilevel problem against the exact answer: the library side of <c>hypergradient check</c>.</summary>
/// <remarks>
/// The hypergradient is the one at the problem's current point. For a follower Hessian that is not positive definite it is still the
/// solution of the linear system, the derivative along the stationary point; the statuses tell. For a singular one the exact answer takes
/// the solution of minimum norm; where the system has none there is no exact answer, and no solver has an error.
/// </remarks>
public static class HypergradientCheck
{
    private const int Iterations = 1000;

    /// <summary>Compares all solvers.</summary>
    /// <param name="problem">The problem at its point.</param>
    /// <param name="damping">λ ≥ 0, part of the exact answer as well.</param>
    /// <param name="options">Parameters for all solvers (the name is replaced); null: 1000 iterations and the defaults.</param>
    /// <param name="curvature">What stands for the follower's second derivative.</param>
    /// <param name="solvers">The solvers to compare; null: those of this library. One that was added and fails is a row that says so.</param>
    /// <exception cref="ArgumentException">The damping or a parameter is out of range.</exception>
    public static HypergradientCheckResult Run(
        IBilevelProblem<double> problem,
        double damping,
        SolverOptions? options = null,
        Curvature curvature = Curvature.Hessian,
        SolverCatalogue? solvers = null)
    {
        SolverArguments.CheckDamping(damping);
        SolverOptions template = options ?? new SolverOptions { Iterations = Iterations };
        problem.Linearise(Derivatives.Direct | Derivatives.Implicit);
        (double[] exact, SolveStatus status, string note) = Exact(problem, damping, curvature);
        var rows = new List<HypergradientCheckRow>();
        solvers ??= SolverCatalogue.BuiltIn;
        foreach (SolverDescriptor solver in solvers.All)
        {
            rows.Add(Row(problem, damping, curvature, solvers, template with { Name = solver.Name }, exact));
        }

        return new HypergradientCheckResult(exact, status, note, rows);
    }

    private static HypergradientCheckRow Row(
        IBilevelProblem<double> problem, double damping, Curvature curvature, SolverCatalogue solvers, SolverOptions options, double[] exact)
    {
        try
        {
            return Answer(problem, damping, curvature, solvers, options, exact);
        }
        catch (SolverException fault)
        {
            return Refused(options.Name, fault);
        }
    }

    private static HypergradientCheckRow Answer(
        IBilevelProblem<double> problem, double damping, Curvature curvature, SolverCatalogue solvers, SolverOptions options, double[] exact)
    {
        RandomStream random = RandomStream.FromSeed(0).Split("hypergradient check").Split(options.Name);
        // outside the try: a parameter out of range is the caller's error, not a solver's refusal
        var hypergradient = new ImplicitHypergradient<double>(
            solvers.Create<double>(options, random), new ImplicitHypergradientOptions { Curvature = curvature });
        double[] gradient = new double[problem.LeaderDimension];
        try
        {
            HypergradientReport report = hypergradient.Compute(problem, damping, gradient);
            LinearSolution solve = report.Solve;
            return new HypergradientCheckRow(
                options.Name,
                gradient,
                RelativeError(gradient, exact),
                solve.Status,
                solve.Iterations,
                solve.RelativeResidual,
                Describe(report));
        }
        catch (ArgumentException refusal)
        {
            return Refused(options.Name, refusal);
        }
    }

    private static HypergradientCheckRow Refused(string name, Exception reason) => new(name, [], double.NaN, null, 0, double.NaN, reason.Message);

    private static string Describe(HypergradientReport report)
    {
        string note = report.Solve.Status switch
        {
            SolveStatus.None or SolveStatus.Converged => string.Empty,
            SolveStatus.IterationLimit => "the iteration budget was used up",
            SolveStatus.NonPositiveCurvature => "met non-positive curvature",
            SolveStatus.Breakdown => "the residual cannot be reduced further in this precision",
            SolveStatus.NonFinite => "met NaN or infinity",
            SolveStatus.Singular => "the matrix is singular",
            SolveStatus.Approximated => "solves an approximation of the system",
            _ => "the residual grew; the best iterate was kept",
        };
        return report.Guarded ? note + "; the implicit term was dropped" : note;
    }

    private static double RelativeError(double[] gradient, double[] exact)
    {
        if (exact.Length == 0)
        {
            return double.NaN;
        }

        double[] difference = (double[])gradient.Clone();
        Vectors.AddScaled<double>(difference, -1, exact);
        double size = Vectors.Norm<double>(exact);
        return Vectors.Norm<double>(difference) / (size > 0 ? size : 1);
    }

    private static (double[] Gradient, SolveStatus Status, string Note) Exact(IBilevelProblem<double> problem, double damping, Curvature curvature)
    {
        double[] b = new double[problem.FollowerDimension], x = new double[problem.FollowerDimension];
        problem.RightHandSide(b);
        var solver = new ExactSolver<double>();
        LinearSolution solve = solver.Solve(problem.FollowerCurvature(curvature), damping, b, x);
        if (solve.Status != SolveStatus.Converged)
        {
            return ([], solve.Status, solve.Status == SolveStatus.Singular
                ? "the matrix is singular and the system has no solution: there is no exact answer"
                : $"the dense factorisation ended with {solve.Status.Name()}: there is no exact answer");
        }

        double[] gradient = new double[problem.LeaderDimension], mixed = new double[problem.LeaderDimension];
        problem.DirectGradient(gradient);
        problem.MixedProduct(x, mixed);
        Vectors.AddScaled<double>(gradient, -1, mixed);
        return Vectors.AllFinite<double>(gradient)
            ? (gradient, solve.Status, solver.MetSingularMatrix ? "the matrix is singular: the exact answer takes the solution of minimum norm" : string.Empty)
            : ([], SolveStatus.NonFinite, "the exact answer is not finite: it is beyond the range of double precision");
    }
}
