namespace Stackelberg.Bilevel.Tests;

public sealed class HypergradientCheckTests
{
    public static TheoryData<string> Problems() => [.. BuiltInProblems.All.Select(problem => problem.Name)];

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_solver_has_a_row_and_refusals_have_a_reason(string name)
    {
        HypergradientCheckResult result = Run(name);
        result.Solvers.Select(row => row.Name).ShouldBe(SolverCatalogue.BuiltIn.All.Select(solver => solver.Name));
        foreach (HypergradientCheckRow row in result.Solvers.Where(row => row.Status is null))
        {
            row.StatusName.ShouldBe("refused");
            row.Gradient.ShouldBeEmpty();
            row.RelativeError.ShouldBe(double.NaN);
            row.Note.ShouldNotBeEmpty();
        }
    }

    [Theory]
    [InlineData("well-conditioned", 1e-8)]
    [InlineData("ill-conditioned", 1e-3)]
    [InlineData("indefinite", 1e-8)]
    [InlineData("mlp-critic", 1e-8)]
    [InlineData("mlp-critic-gauss-newton", 1e-8)]
    public void Converged_solvers_are_right(string name, double tolerance)
    {
        HypergradientCheckResult result = Run(name);
        HypergradientCheckRow[] converged = [.. result.Solvers.Where(row => row.Status == SolveStatus.Converged)];
        converged.Length.ShouldBeGreaterThanOrEqualTo(3);
        converged.ShouldAllBe(row => row.RelativeError < tolerance);
        result.ExactNote.ShouldBeEmpty();
    }

    [Fact]
    public void Exact_answer_of_the_indefinite_problem_is_that_of_its_stationary_point()
    {
        var problem = (QuadraticBilevelProblem<double>)BuiltInProblems.All.Single(given => given.Name == "indefinite").Create();
        new FollowerNewton<double>().Solve(problem);
        HypergradientCheckResult result = HypergradientCheck.Run(problem, 0);

        result.Exact.ShouldBeCloseTo(problem.ClosedForm()!, 1e-10);
        Row(result, "cg").Status.ShouldBe(SolveStatus.NonPositiveCurvature);
        Row(result, "cholesky").Status.ShouldBe(SolveStatus.NonPositiveCurvature);
        Row(result, "minres").Status.ShouldBe(SolveStatus.Converged);
        Row(result, "neumann").Status.ShouldBe(SolveStatus.Diverged);
    }

    [Fact]
    public void Singular_problem_says_that_its_answer_is_not_unique()
    {
        HypergradientCheckResult result = Run("singular");
        result.ExactNote.ShouldContain("singular");
        Row(result, "exact").Status.ShouldBe(SolveStatus.Singular);
        result.Exact.ShouldBeEmpty();
        result.ExactStatus.ShouldBe(SolveStatus.Singular);
        result.Solvers.ShouldAllBe(row => double.IsNaN(row.RelativeError));
        Row(result, "cholesky").Note.ShouldContain("the implicit term was dropped");
        Row(result, "minres").Status.ShouldBe(SolveStatus.Singular);
        result.ExactNote.ShouldContain("has no solution");

        // ∂₂f₁ = g = Q (1, 1, 1) lies in the range
        QuadraticCoefficients singular = BuiltInProblems.RandomQuadratic(3, [0, 1, 2], Primitives.RandomStream.FromSeed(1));
        double[] g = [.. Enumerable.Range(0, 3).Select(i => singular.Q[3 * i] + singular.Q[(3 * i) + 1] + singular.Q[(3 * i) + 2])];
        result = HypergradientCheck.Run(new QuadraticBilevelProblem<double>(singular with { F = new double[9], G = g }), 0);
        result.ExactNote.ShouldBe("the matrix is singular: the exact answer takes the solution of minimum norm");
        Row(result, "minres").Status.ShouldBe(SolveStatus.Converged);
        Row(result, "minres").RelativeError.ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Sample_space_solver_applies_to_gauss_newton_curvature_only()
    {
        Row(Run("mlp-critic"), "gauss-newton").Note.ShouldContain("needs PositiveSemidefinite");
        HypergradientCheckRow row = Row(Run("mlp-critic-gauss-newton"), "gauss-newton");
        row.Status.ShouldBe(SolveStatus.Converged);
        row.RelativeError.ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Parameter_out_of_range_is_an_error_and_no_refusal()
    {
        IDifferentiableBilevelProblem<double> problem = BuiltInProblems.All[0].Create();
        Should.Throw<ArgumentOutOfRangeException>(() => HypergradientCheck.Run(problem, 0, new SolverOptions { Iterations = 0 }))
            .Message.ShouldContain("at least 1");
        Should.Throw<ArgumentOutOfRangeException>(() => HypergradientCheck.Run(problem, -1));
    }

    private static HypergradientCheckResult Run(string name)
    {
        BuiltInProblem problem = BuiltInProblems.All.Single(given => given.Name == name);
        return HypergradientCheck.Run(problem.Create(), problem.Damping, curvature: problem.Curvature);
    }

    private static HypergradientCheckRow Row(HypergradientCheckResult result, string name) => result.Solvers.Single(row => row.Name == name);
}
