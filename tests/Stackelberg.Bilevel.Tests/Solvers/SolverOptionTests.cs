using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests;

/// <summary>What the catalogue says of each solver against what the solver does.</summary>
public sealed class SolverOptionTests
{
    private static readonly Dictionary<string, Func<SolverOptions, SolverOptions>[]> Changes = new()
    {
        [nameof(SolverOptions.Iterations)] = [static o => o with { Iterations = 1 }],
        [nameof(SolverOptions.Tolerance)] = [static o => o with { Tolerance = 0.9 }, static o => o with { Tolerance = 0 }],
        [nameof(SolverOptions.ContinueThroughNegativeCurvature)] = [static o => o with { ContinueThroughNegativeCurvature = true }],
        [nameof(SolverOptions.Reorthogonalise)] = [static o => o with { Reorthogonalise = true }],
        [nameof(SolverOptions.StepSize)] = [static o => o with { StepSize = 0.01 }],
        [nameof(SolverOptions.Rank)] = [static o => o with { Rank = 2 }],
        [nameof(SolverOptions.Rho)] = [static o => o with { Rho = 7 }],
        [nameof(SolverOptions.Columns)] = [static o => o with { Columns = NystromColumns.GaussNewton }],
        [nameof(SolverOptions.Degree)] = [static o => o with { Degree = 3 }],
    };

    public static TheoryData<string> Names() => [.. SolverCatalogue.BuiltIn.All.Select(static s => s.Name)];

    [Fact]
    public void Every_option_has_a_change_in_this_table() =>
        typeof(SolverOptions).GetProperties().Select(static p => p.Name).Where(static n => n != nameof(SolverOptions.Name)).ShouldBe(Changes.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Options_that_a_solver_does_not_list_change_no_bit_and_those_that_it_lists_do(string name)
    {
        IReadOnlyList<string> listed = SolverCatalogue.BuiltIn.Find(name)!.Options;
        var options = new SolverOptions { Name = name };
        List<double> plain = Answers(options);
        foreach ((string option, Func<SolverOptions, SolverOptions>[] changes) in Changes)
        {
            bool differs = changes.Any(change => !Answers(change(options)).SequenceEqual(plain));
            differs.ShouldBe(listed.Contains(option), $"{name}: {option}");
        }
    }

    [Theory]
    [InlineData(OperatorProperties.None, false)]
    [InlineData(OperatorProperties.None, true)]
    [InlineData(OperatorProperties.Symmetric, true)]
    [InlineData(OperatorProperties.PositiveSemidefinite, true)]
    [InlineData(OperatorProperties.Diagonal, true)]
    [InlineData(OperatorProperties.Diagonal | OperatorProperties.PositiveSemidefinite, true)]
    public void Names_offered_for_an_operator_are_those_of_the_solvers_that_take_it(OperatorProperties declared, bool transposed)
    {
        // one works in sample space, one on the tensors of a network: products alone do not give either
        const string Other = "gauss-newton", Released = "nystrom-released";
        static void Product(ReadOnlySpan<double> x, Span<double> result) => (result[0], result[1]) = (2 * x[0], 3 * x[1]);
        var a = new DelegateOperator<double>(2, declared, Product, transposed ? Product : null);
        a.HasTransposed.ShouldBe(transposed);
        string[] taking = [.. SolverCatalogue.BuiltIn.All.Select(static s => s.Name).Where(name => name is not (Other or Released) && Takes(name))];
        SolverCatalogue.BuiltIn.NamesFor(declared, transposed).Where(static name => name is not (Other or Released)).ShouldBe(taking);
        SolverCatalogue.BuiltIn.NamesFor(declared, transposed).Contains(Other).ShouldBe(declared.HasFlag(OperatorProperties.PositiveSemidefinite));

        bool Takes(string name)
        {
            try
            {
                return Create(new SolverOptions { Name = name, Rank = 2 }).Solve(a, 0.5, [1, 1], new double[2]).Status != SolveStatus.NonFinite;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_check_of_the_residual_the_solution_is_the_same(string name)
    {
        foreach ((ILinearOperator<double> a, double[] b) in Systems(name))
        {
            double[] with = new double[b.Length], without = new double[b.Length];
            var checking = (LinearSolver<double>)Create(new SolverOptions { Name = name });
            var trusting = (LinearSolver<double>)Create(new SolverOptions { Name = name });
            trusting.ChecksResidual = false;
            LinearSolution one = checking.Solve(a, 0.5, b, with), other = trusting.Solve(a, 0.5, b, without);
            without.ShouldBe(with);
            other.Iterations.ShouldBe(one.Iterations);
            // what the method's own recurrence arrived at, where it has one
            (double.IsNaN(other.RelativeResidual) || Math.Abs(other.RelativeResidual - one.RelativeResidual) <= 1e-10).ShouldBeTrue($"{name}: {one} {other}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_solver_of_the_same_options_and_stream_gives_the_same_bits(string name) =>
        Answers(new SolverOptions { Name = name }).ShouldBe(Answers(new SolverOptions { Name = name }));

    // status, iterations, residual and solution of a definite and, where it can be had, an indefinite system
    private static List<double> Answers(SolverOptions options)
    {
        var answers = new List<double>();
        foreach ((ILinearOperator<double> a, double[] b) in Systems(options.Name))
        {
            double[] x = new double[b.Length];
            LinearSolution solution = Create(options).Solve(a, 0.5, b, x);
            answers.AddRange([(double)solution.Status, solution.Iterations, solution.RelativeResidual, .. x]);
        }

        return answers;
    }

    private static IEnumerable<(ILinearOperator<double> A, double[] B)> Systems(string name)
    {
        LinearSystem definite = LinearSystem.Create(MatrixKind.Spd, 100), indefinite = LinearSystem.Create(MatrixKind.Indefinite, 1.2);
        if (name == "gauss-newton")
        {
            yield return (new DenseGaussNewtonOperator<double>(LinearSystem.Size, LinearSystem.Size, definite.Entries<double>(), 2), definite.Right<double>());
            yield break;
        }

        if (name == "nystrom-released")
        {
            // far below ρ, where b/ρ is nearly the solution and a tolerance decides
            double[] small = Array.ConvertAll(definite.Entries<double>(), static v => 1e-2 * v);
            yield return (new TensorOperator<double>(new DenseOperator<double>(LinearSystem.Size, small, OperatorProperties.PositiveSemidefinite)), definite.Right<double>());
        }

        bool sketches = name.StartsWith("nystrom", StringComparison.Ordinal);
        yield return (sketches ? new TensorOperator<double>(definite.Operator<double>()) : definite.Operator<double>(), definite.Right<double>());
        yield return (sketches ? new TensorOperator<double>(indefinite.Operator<double>()) : indefinite.Operator<double>(), indefinite.Right<double>());
    }

    private static ILinearSolver<double> Create(SolverOptions options) => SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(4));
}
