using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel.Tests.Solvers;

public sealed class SolverCatalogueTests
{
    public static TheoryData<SolverDescriptor, string> Faulty() => new()
    {
        { Described("Half Way"), "lower-case letters" },
        { Described("half_way"), "lower-case letters" },
        { Described("half--way"), "lower-case letters" },
        { Described("half-way\n"), "lower-case letters" },
        { Described(null!), "lower-case letters" },
        { Described("cg"), "registered already" },
        { Described("half") with { Summary = " " }, "no Summary" },
        { Described("half") with { Factory = null! }, "no Factory" },
        { Described("half") with { Options = null! }, "no Options" },
        { Described("half") with { Needs = null! }, "no Needs" },
        { Described("half") with { Options = ["Steps"] }, "'Steps'" },
        { Described("half") with { Options = ["Name"] }, "'Name'" },
    };

    [Fact]
    public void An_added_solver_is_made_listed_and_offered_beside_the_built_in_ones()
    {
        SolverCatalogue catalogue = SolverCatalogue.WithAll();
        catalogue.Add(Described("half"));

        ILinearSolver<float> single = catalogue.Create<float>(new SolverOptions { Name = "half" });
        float[] x = new float[2];
        single.Solve(new DelegateOperator<float>(2, OperatorProperties.Symmetric, (v, result) => v.CopyTo(result)), 0, [2, 4], x);

        x.ShouldBe([1, 2]);
        catalogue.Create<double>(new SolverOptions { Name = "half" }).Name.ShouldBe("half");
        catalogue.All.Select(s => s.Name).ShouldBe([.. SolverCatalogue.BuiltIn.All.Select(s => s.Name), "half"]);
        catalogue.NamesFor(OperatorProperties.Symmetric, hasTransposed: false).ShouldContain("half");
        catalogue.NamesFor(OperatorProperties.None, hasTransposed: true).ShouldNotContain("half");
        Should.Throw<ArgumentException>(() => catalogue.Create<double>(new SolverOptions { Name = "third" })).Message.ShouldEndWith("exact, half.");
    }

    [Fact]
    public void Adding_to_one_catalogue_changes_no_other_and_never_the_shared_one()
    {
        SolverCatalogue.WithAll().Add(Described("half"));

        SolverCatalogue.WithAll().Find("half").ShouldBeNull();
        Should.Throw<InvalidOperationException>(() => SolverCatalogue.BuiltIn.Add(Described("half"))).Message.ShouldContain("WithAll");
        SolverCatalogue.BuiltIn.Find("half").ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_description_that_cannot_be_used_is_refused_and_nothing_is_added(SolverDescriptor descriptor, string word)
    {
        SolverCatalogue catalogue = SolverCatalogue.WithAll();

        Should.Throw<ArgumentException>(() => catalogue.Add(descriptor)).Message.ShouldContain(word);

        catalogue.All.Count.ShouldBe(SolverCatalogue.BuiltIn.All.Count);
    }

    [Theory]
    [InlineData(Fault.CreateThrows, "'half' (Stackelberg.Bilevel.Tests) threw InvalidOperationException in Create: out of order")]
    [InlineData(Fault.CreateRefuses, "'half' (Stackelberg.Bilevel.Tests) refused Create: iterations are even")]
    [InlineData(Fault.CreatesNothing, "made nothing")]
    [InlineData(Fault.CallsItselfOtherwise, "calls itself 'quarter'")]
    [InlineData(Fault.RequiresMore, "requires PositiveSemidefinite, where Symmetric is registered")]
    public void A_factory_that_fails_is_named_with_its_fault(Fault fault, string words)
    {
        SolverCatalogue catalogue = With(fault);
        Should.Throw<SolverException>(() => catalogue.Create<double>(new SolverOptions { Name = "half" })).Message.ShouldContain(words);
    }

    [Theory]
    [InlineData(Fault.CreateThrows, "out of order")]
    [InlineData(Fault.SolveThrows, "'half' (Stackelberg.Bilevel.Tests) threw InvalidOperationException in Solve: out of order")]
    public void The_check_of_hypergradients_goes_on_past_a_solver_that_fails(Fault fault, string words)
    {
        HypergradientCheckResult result = HypergradientCheck.Run(BuiltInProblems.All[0].Create(), 0, solvers: With(fault));

        HypergradientCheckRow row = result.Solvers.Single(r => r.Name == "half");
        row.Status.ShouldBeNull();
        row.Note.ShouldContain(words);
        result.Solvers.Count.ShouldBe(SolverCatalogue.BuiltIn.All.Count + 1);
        result.Solvers.Single(r => r.Name == "exact").RelativeError.ShouldBeLessThan(1e-9);
    }

    [Theory]
    [InlineData(Fault.SaveThrows, "threw InvalidOperationException in Save: out of order")]
    [InlineData(Fault.LoadThrows, "threw InvalidOperationException in Load: out of order")]
    public void A_solver_that_fails_to_save_or_load_is_named(Fault fault, string words)
    {
        var hypergradient = new ImplicitHypergradient<double>(With(fault).Create<double>(new SolverOptions { Name = "half" }));

        Should.Throw<SolverException>(() => MemoryState.Of(hypergradient).Restore(hypergradient)).Message.ShouldContain(words);
    }

    private static SolverCatalogue With(Fault fault)
    {
        SolverCatalogue catalogue = SolverCatalogue.WithAll();
        catalogue.Add(Described("half") with { Factory = new Halves(fault) });
        return catalogue;
    }

    private static SolverDescriptor Described(string name) => new(
        name, "halves the right-hand side", OperatorProperties.Symmetric, NeedsTransposed: false, [nameof(SolverOptions.Tolerance)], "", new Halves(Fault.None));

    public enum Fault
    {
        None,
        CreateThrows,
        CreateRefuses,
        CreatesNothing,
        CallsItselfOtherwise,
        RequiresMore,
        SolveThrows,
        SaveThrows,
        LoadThrows,
    }

    private sealed class Halves(Fault fault) : ILinearSolverFactory
    {
        public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
            where T : unmanaged, IBinaryFloatingPointIeee754<T> => fault switch
            {
                Fault.CreateThrows => throw new InvalidOperationException("out of order"),
                Fault.CreateRefuses => throw new ArgumentException("iterations are even"),
                Fault.CreatesNothing => null!,
                _ => new Half<T>(fault),
            };
    }

    private sealed class Half<T>(Fault fault) : ILinearSolver<T>, IStateful
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public string Name => fault == Fault.CallsItselfOtherwise ? "quarter" : "half";

        public OperatorProperties Requires => fault == Fault.RequiresMore ? OperatorProperties.PositiveSemidefinite : OperatorProperties.Symmetric;

        public LinearSolution Solve(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
        {
            FailIf(Fault.SolveThrows);
            for (int i = 0; i < b.Length; i++)
            {
                x[i] = b[i] / T.CreateChecked(2);
            }

            return new LinearSolution(SolveStatus.Approximated, 0, double.NaN, double.NaN, damping);
        }

        public void Save(StateWriter writer) => FailIf(Fault.SaveThrows);

        public void Load(StateReader reader) => FailIf(Fault.LoadThrows);

        private void FailIf(Fault asked)
        {
            if (fault == asked)
            {
                throw new InvalidOperationException("out of order");
            }
        }
    }
}
