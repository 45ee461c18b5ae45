using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Options;

/// <summary>Which settings are named as read by nobody, against what changing them does.</summary>
public sealed class UnreadHypergradientTests
{
    private static readonly Dictionary<string, Func<HypergradientOptions, HypergradientOptions>> SolverSettings = new()
    {
        ["iterations"] = static o => o with { Iterations = 3 },
        ["tolerance"] = static o => o with { Tolerance = o.Damping < 1 ? 0 : 0.9999 },
        ["negative_curvature"] = static o => o with { NegativeCurvature = NegativeCurvature.Stop },
        ["warm_start"] = static o => o with { WarmStart = true },
        ["rank"] = static o => o with { Rank = 2 },
        ["rho"] = static o => o with { Rho = 0.5 },
        ["columns"] = static o => o with { Columns = NystromColumns.Fixed },
        ["degree"] = static o => o with { Degree = 3 },
    };

    private static readonly Dictionary<string, Func<HypergradientOptions, HypergradientOptions>> OtherImplicitSettings = new()
    {
        ["solver"] = static o => o with { Solver = "minres" },
        ["curvature"] = static o => o with { Curvature = Curvature.GaussNewton },
        ["damping"] = static o => o with { Damping = 0.5 },
        ["damping_schedule"] = static o => o with { DampingSchedule = DampingKind.Adaptive },
        ["bound"] = static o => o with { Bound = 2 },
        ["bound_kind"] = static o => o with { BoundKind = BoundKind.Exactly },
        ["bound_schedule"] = static o => o with { BoundSchedule = BoundSchedule.Annealed },
        ["control"] = static o => o with { Control = HypergradientControl.Rate },
        ["outer_product"] = static o => o with { OuterProduct = OuterProduct.OfMeans },
        ["error_terms"] = static o => o with { ErrorTerms = false },
        ["sign"] = static o => o with { Sign = ImplicitSign.Plus },
    };

    private static readonly Dictionary<string, Func<HypergradientOptions, HypergradientOptions>> Unrolling = new()
    {
        ["unroll_steps"] = static o => o with { UnrollSteps = 7 },
        ["unroll_learning_rate"] = static o => o with { UnrollLearningRate = 0.7 },
    };

    public static TheoryData<string, string> SolversAndSettings()
    {
        var cases = new TheoryData<string, string>();
        foreach (SolverDescriptor solver in SolverCatalogue.BuiltIn.All)
        {
            foreach (string key in SolverSettings.Keys)
            {
                cases.Add(solver.Name, key);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(SolversAndSettings))]
    public void A_solvers_setting_is_named_where_changing_it_changes_nothing(string solver, string key)
    {
        bool matters = false;
        foreach (Curvature curvature in solver == "gauss-newton" ? [Curvature.GaussNewton] : Enum.GetValues<Curvature>())
        {
            foreach (double damping in new[] { 1e-3, 30 })
            {
                HypergradientOptions options = new() { Solver = solver, Curvature = curvature, Damping = damping, Guard = false };
                matters |= !Outcome(options).SequenceEqual(Outcome(SolverSettings[key](options)));
            }
        }

        Named(SolverSettings[key](new HypergradientOptions { Solver = solver })).ShouldBe(matters ? [] : ["hypergradient." + key]);
    }

    [Fact]
    public void The_message_names_the_solvers_that_read_a_setting()
    {
        (_, string message) = HypergradientFaults.UnreadOf(Leading(new HypergradientOptions { Solver = "minres", Degree = 2 })).Single();
        message.ShouldContain("the solver minres does not read it; these do: block-diagonal.");
    }

    [Fact]
    public void Exponential_damping_alone_reads_its_decay()
    {
        foreach (DampingKind kind in Enum.GetValues<DampingKind>())
        {
            Named(new HypergradientOptions { Damping = 1, DampingSchedule = kind, DampingDecay = 7 })
                .ShouldBe(kind == DampingKind.Exponential ? [] : ["hypergradient.damping_decay"]);
        }
    }

    [Fact]
    public void An_annealed_bound_alone_reads_its_end()
    {
        Named(new HypergradientOptions { Bound = 1, FinalBound = 0.3 }).ShouldBe(["hypergradient.final_bound"]);
        Named(new HypergradientOptions { Bound = 1, FinalBound = 0.3, BoundSchedule = BoundSchedule.Annealed }).ShouldBeEmpty();
        Named(new HypergradientOptions { FinalBound = 0.3, Method = HypergradientMethod.Darts }).ShouldBe(["hypergradient.final_bound"]);
    }

    [Theory]
    [InlineData(HypergradientMethod.Implicit, false, false)]
    [InlineData(HypergradientMethod.Unrolled, true, true)]
    [InlineData(HypergradientMethod.Darts, false, true)]
    [InlineData(HypergradientMethod.FirstOrder, false, false)]
    public void Settings_of_one_method_are_named_with_the_others(HypergradientMethod method, bool readsSteps, bool readsRate)
    {
        HypergradientOptions options = new() { Method = method };
        Named(options).ShouldBeEmpty();
        Named(options with { LogEvery = 5 }).ShouldBeEmpty("every method is logged");
        Named(Unrolling["unroll_steps"](options)).ShouldBe(readsSteps ? [] : ["hypergradient.unroll_steps"]);
        Named(Unrolling["unroll_learning_rate"](options)).ShouldBe(readsRate ? [] : ["hypergradient.unroll_learning_rate"]);
        foreach ((string key, Func<HypergradientOptions, HypergradientOptions> change) in OtherImplicitSettings)
        {
            Named(change(options)).ShouldBe(method == HypergradientMethod.Implicit ? [] : ["hypergradient." + key]);
        }

        if (method != HypergradientMethod.Implicit)
        {
            foreach ((string key, Func<HypergradientOptions, HypergradientOptions> change) in SolverSettings)
            {
                Named(change(options)).ShouldBe(["hypergradient." + key]);
            }
        }
    }

    [Fact]
    public void Where_nobody_leads_every_setting_is_named_once_and_the_defaults_are_not()
    {
        Named(new HypergradientOptions(), LeaderRole.None).ShouldBeEmpty();
        HypergradientOptions all = new() { Method = HypergradientMethod.Unrolled, LogEvery = 4, DampingDecay = 3, FinalBound = 0.2 };
        foreach (Func<HypergradientOptions, HypergradientOptions> change in SolverSettings.Values.Concat(OtherImplicitSettings.Values).Concat(Unrolling.Values))
        {
            all = change(all);
        }

        string[] expected = [.. SolverSettings.Keys.Concat(OtherImplicitSettings.Keys).Concat(Unrolling.Keys).Concat(["method", "log_every", "damping_decay", "final_bound"]).Select(static k => "hypergradient." + k).Order()];
        Named(all, LeaderRole.None).Order().ShouldBe(expected);
        HypergradientFaults.UnreadOf(Leading(all, LeaderRole.None)).ShouldAllBe(static u => u.Message.StartsWith("nobody leads", StringComparison.Ordinal));
    }

    [Fact]
    public void No_algorithm_of_the_catalogue_sets_what_it_does_not_read()
    {
        foreach (AlgorithmDescriptor algorithm in AlgorithmCatalogue.BuiltIn.All)
        {
            algorithm.Unread(algorithm.CreateOptions()).ShouldBeEmpty(algorithm.Id);
            algorithm.Validate(algorithm.CreateOptions()).ShouldBeEmpty(algorithm.Id);
        }
    }

    private static string[] Named(HypergradientOptions options, LeaderRole leader = LeaderRole.Actor) =>
        [.. HypergradientFaults.UnreadOf(Leading(options, leader)).Select(static u => u.Key)];

    private static LeaderOptions Leading(HypergradientOptions options, LeaderRole leader = LeaderRole.Actor) => new() { Leader = leader, Hypergradient = options };

    /// <summary>Three derivatives along a path, with what is reported of them but the time.</summary>
    private static List<object> Outcome(HypergradientOptions options)
    {
        var problem = new MlpCriticProblem(RandomStream.FromSeed(4), 0);
        var leader = new Leader<double>(options, RandomStream.FromSeed(2));
        double[] total = new double[problem.LeaderDimension];
        var outcome = new List<object>();
        for (int i = 0; i < 3; i++)
        {
            HypergradientReport report = leader.Compute(problem, 0, total);
            outcome.AddRange([.. total, report.Solve, report.ImplicitNorm, report.Scale]);
            problem.MoveTo([.. problem.Leader.ToArray().Select(static v => 0.8 * v)], [.. problem.Follower.ToArray().Select(static v => 0.9 * v)]);
        }

        return outcome;
    }
}
