using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Bilevel.Tests;

/// <summary>What every solver does alike.</summary>
public sealed class SolverContractTests
{
    public static TheoryData<string> Names() => [.. SolverCatalogue.BuiltIn.All.Select(solver => solver.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Zero_right_hand_side_gives_zero_at_once(string name)
    {
        double[] x = [1, 2, 3];
        LinearSolution solution = Create(name).Solve(Operator(name), 0.1, [0, 0, 0], x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        solution.Iterations.ShouldBe(0);
        solution.RelativeResidual.ShouldBe(0);
        x.ShouldBe([0, 0, 0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Non_finite_right_hand_side_gives_zero_and_says_so(string name)
    {
        double[] x = [1, 2, 3];
        LinearSolution solution = Create(name).Solve(Operator(name), 0.1, [1, double.NaN, 0], x);

        solution.Status.ShouldBe(SolveStatus.NonFinite);
        solution.RelativeResidual.ShouldBe(double.NaN);
        x.ShouldBe([0, 0, 0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Non_finite_starting_point_gives_zero_and_says_so(string name)
    {
        double[] x = [1, double.PositiveInfinity, 3];
        Create(name).Solve(Operator(name), 0.1, [1, 1, 0], x).Status.ShouldBe(SolveStatus.NonFinite);
        x.ShouldBe([0, 0, 0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Non_finite_matrix_gives_zero_and_says_so(string name)
    {
        double[] jacobian = [1, 0, 0, 0, double.NaN, 0, 0, 0, 1];
        ILinearOperator<double> a = name == "gauss-newton"
            ? new DenseGaussNewtonOperator<double>(3, 3, jacobian, 1)
            : Named(name, new DenseOperator<double>(3, jacobian, OperatorProperties.PositiveSemidefinite));
        double[] x = new double[3];
        LinearSolution solution = Create(name).Solve(a, 0.1, [1, 1, 1], x);

        solution.Status.ShouldBe(SolveStatus.NonFinite);
        x.ShouldBe([0, 0, 0]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_lengths_shared_memory_and_bad_damping_are_refused(string name)
    {
        ILinearSolver<double> solver = Create(name);
        ILinearOperator<double> a = Operator(name);
        double[] b = [1, 2, 3];

        Should.Throw<ArgumentException>(() => solver.Solve(a, 0.1, b, new double[2])).Message.ShouldContain("dimension 3");
        Should.Throw<ArgumentException>(() => solver.Solve(a, 0.1, b, b)).Message.ShouldContain("share memory");
        Should.Throw<ArgumentOutOfRangeException>(() => solver.Solve(a, -1, b, new double[3])).Message.ShouldContain("≥ 0");
        Should.Throw<ArgumentOutOfRangeException>(() => solver.Solve(a, double.NaN, b, new double[3]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Padding_stays_zero_and_coordinates_agree_with_the_dense_answer(string name)
    {
        // a perceptron's storage has padding between its tensors
        var pad = new PaddedGaussNewton();
        double[] x = new double[pad.Operator.Dimension];
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(
            new SolverOptions { Name = name, Iterations = 400, Rank = 100, Degree = 100 }, RandomStream.FromSeed(1))
            .Solve(pad.Operator, 0.5, pad.RightHandSide, x);

        for (int i = 0; i < x.Length; i++)
        {
            if (!pad.IsReal(i))
            {
                x[i].ShouldBe(0);
            }
        }

        if (name is not ("identity" or "nystrom-released"))
        {
            solution.Status.ShouldBe(SolveStatus.Converged);
            double[] exact = new double[x.Length];
            new ExactSolver<double>().Solve(pad.Operator, 0.5, pad.RightHandSide, exact);
            Vectors.AddScaled<double>(exact, -1, x);
            Vectors.Norm<double>(exact).ShouldBeLessThan(1e-8);
        }
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("neumann")]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("block-diagonal")]
    [InlineData("nystrom")]
    [InlineData("cholesky")]
    [InlineData("exact")]
    [InlineData("gauss-newton")]
    [InlineData("nystrom-released")]
    public void Repeated_solves_allocate_nothing(string name)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 10);
        ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(
            new SolverOptions { Name = name, Iterations = 10, Rank = 4, Degree = 1 }, RandomStream.FromSeed(1));
        ILinearOperator<double> a = name == "gauss-newton"
            ? new DenseGaussNewtonOperator<double>(LinearSystem.Size, LinearSystem.Size, system.Entries<double>(), 1)
            : Named(name, system.Operator<double>());
        double[] b = system.Right<double>(), x = new double[LinearSystem.Size];
        solver.Solve(a, 0.1, b, x);
        solver.Solve(a, 0.1, b, x);

        long before = GC.GetAllocatedBytesForCurrentThread();
        solver.Solve(a, 0.1, b, x);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("pcg")]
    [InlineData("nystrom-pcg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("neumann")]
    public void Start_at_the_solution_takes_no_iteration(string name)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 10);
        double[] x = system.Solve().ToArray();
        LinearSolution solution = SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = name }, RandomStream.FromSeed(1))
            .Solve(system.Operator<double>(), 0, system.Right<double>(), x);

        solution.Status.ShouldBe(SolveStatus.Converged);
        solution.Iterations.ShouldBe(0);
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("minres")]
    [InlineData("cgnr")]
    [InlineData("pcg")]
    public void Near_start_takes_fewer_iterations_than_zero(string name)
    {
        LinearSystem system = LinearSystem.Create(MatrixKind.Spd, 1e3, size: 40);
        double[] cold = new double[40], warm = (system.Solve() * (1 + 1e-6)).ToArray();
        ILinearSolver<double> solver = SolverCatalogue.BuiltIn.Create<double>(
            new SolverOptions { Name = name, Tolerance = 1e-6 }, RandomStream.FromSeed(1));

        int fromZero = solver.Solve(system.Operator<double>(), 0, system.Right<double>(), cold).Iterations;
        int fromNear = solver.Solve(system.Operator<double>(), 0, system.Right<double>(), warm).Iterations;
        fromNear.ShouldBeLessThan(fromZero);
    }

    [Fact]
    public void Refusal_names_what_is_declared_what_is_needed_and_what_would_do()
    {
        var jacobian = new DenseOperator<double>(2, [1, 2, 0, 1], OperatorProperties.None);
        string message = Should.Throw<ArgumentException>(() => Create("cg").Solve(jacobian, 0, [1, 1], new double[2])).Message;

        message.ShouldContain("'cg' needs Symmetric");
        message.ShouldContain("declares None");
        message.ShouldContain("cgnr");
        message.ShouldContain("exact");
        message.ShouldNotContain("minres");
    }

    [Fact]
    public void Normal_equations_refuse_an_operator_without_transposed_products()
    {
        var a = new DelegateOperator<double>(2, OperatorProperties.None, (x, result) => x.CopyTo(result));
        string message = Should.Throw<ArgumentException>(() => Create("cgnr").Solve(a, 0, [1, 1], new double[2])).Message;

        message.ShouldContain("no transposed products");
        message.ShouldContain("neumann");
    }

    [Fact]
    public void Unknown_name_lists_the_names()
    {
        Should.Throw<ArgumentException>(() => SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "gmres" }))
            .Message.ShouldContain("minres");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_name_builds_a_solver_that_agrees_with_its_description(string name)
    {
        SolverDescriptor descriptor = SolverCatalogue.BuiltIn.All.Single(solver => solver.Name == name);
        ILinearSolver<float> solver = SolverCatalogue.BuiltIn.Create<float>(new SolverOptions { Name = name }, RandomStream.FromSeed(1));

        solver.Name.ShouldBe(name);
        solver.Requires.ShouldBe(descriptor.Requires);
        descriptor.Summary.ShouldNotBeEmpty();
        string[] members = [.. typeof(SolverOptions).GetProperties().Select(property => property.Name)];
        descriptor.Options.ShouldAllBe(option => members.Contains(option));
    }

    [Fact]
    public void Options_out_of_range_are_refused_with_their_range()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "cg", Iterations = 0 }))
            .Message.ShouldContain("at least 1");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "cg", Tolerance = -1 }))
            .Message.ShouldContain("[0, 1)");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "neumann", StepSize = 0 }))
            .Message.ShouldContain("above 0");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "nystrom", Rank = 0 }))
            .Message.ShouldContain("at least 1");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "nystrom", Rho = 0 }))
            .Message.ShouldContain("above 0");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "block-diagonal", Degree = 0 }))
            .Message.ShouldContain("side of a block");
        Should.Throw<ArgumentOutOfRangeException>(() => Create(new SolverOptions { Name = "nystrom-pcg", Columns = (NystromColumns)7 }))
            .Message.ShouldContain("Fresh, Fixed, GaussNewton");
        Should.Throw<ArgumentException>(() => SolverCatalogue.BuiltIn.Create<double>(new SolverOptions { Name = "nystrom" }))
            .Message.ShouldContain("random stream");
    }

    private static ILinearSolver<double> Create(SolverOptions options) => SolverCatalogue.BuiltIn.Create<double>(options, RandomStream.FromSeed(1));

    private static ILinearSolver<double> Create(string name) => Create(new SolverOptions { Name = name });

    private static ILinearOperator<double> Operator(string name) => name == "gauss-newton"
        ? new DenseGaussNewtonOperator<double>(3, 3, [1, 0, 0, 0, 2, 0, 0, 0, 3], 1)
        : Named(name, new DenseOperator<double>(3, [2, 1, 0, 1, 3, 0, 0, 0, 1], OperatorProperties.PositiveSemidefinite));

    private static ILinearOperator<double> Named(string name, DenseOperator<double> a) => name == "nystrom-released" ? new TensorOperator<double>(a) : a;

    private sealed class PaddedGaussNewton
    {
        private readonly MlpLayout layout = new(2, [3], 1, Activation.Tanh);

        public PaddedGaussNewton()
        {
            RandomStream random = RandomStream.FromSeed(4);
            var parameters = new FlatVector<double>(layout.Parameters.Length);
            MlpInitialisation.PyTorchDefault(layout, parameters, random);
            var inputs = new Matrix<double>(5, 2);
            double[] targets = new double[5];
            for (int i = 0; i < 5; i++)
            {
                random.FillNormal(inputs.Row(i));
                targets[i] = random.NextNormal();
            }

            var network = new Linearisation<double>(layout, 5);
            network.Forward(parameters, inputs, 5);
            network.SetSquaredLoss(targets);
            Operator = new NetworkGaussNewton<double>(network);
            RightHandSide = new double[Operator.Dimension];
            for (int i = 0; i < Operator.Coordinates.Count; i++)
            {
                RightHandSide[Operator.Coordinates[i]] = random.NextNormal();
            }
        }

        public NetworkGaussNewton<double> Operator { get; }

        public double[] RightHandSide { get; }

        public bool IsReal(int position) =>
            Enumerable.Range(0, Operator.Coordinates.Count).Any(logical => Operator.Coordinates[logical] == position);
    }
}
