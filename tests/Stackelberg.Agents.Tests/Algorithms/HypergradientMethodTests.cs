using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Every id for one agent, whoever leads, by every way to differentiate the follower's response.</summary>
public sealed class HypergradientMethodTests
{
    public static TheoryData<string, LeaderRole, HypergradientMethod> Cases()
    {
        var cases = new TheoryData<string, LeaderRole, HypergradientMethod>();
        foreach (AlgorithmDescriptor algorithm in AlgorithmCatalogue.BuiltIn.All.Where(static a => !a.IsMultiAgent))
        {
            foreach (LeaderRole leader in new[] { LeaderRole.Actor, LeaderRole.Critic })
            {
                cases.Add(algorithm.Id, leader, HypergradientMethod.Unrolled);
                cases.Add(algorithm.Id, leader, HypergradientMethod.FirstOrder);
                if (algorithm.OptionsType.IsAssignableTo(typeof(OffPolicyOptions)))
                {
                    cases.Add(algorithm.Id, leader, HypergradientMethod.Darts);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_method_serves_every_id_whoever_leads(string id, LeaderRole leader, HypergradientMethod method)
    {
        List<HypergradientReport> reports = Train(id, leader, method);
        reports.ShouldNotBeEmpty();
        reports.Select(static r => r.Update).ShouldBe(Enumerable.Range(0, reports.Count).Select(static u => (long)u));
        foreach (HypergradientReport report in reports)
        {
            double.IsFinite(report.DirectNorm).ShouldBeTrue();
            (report.ImplicitNorm > 0).ShouldBe(method != HypergradientMethod.FirstOrder);
            report.Dropped.ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("fsddpg", LeaderRole.Actor)]
    [InlineData("st-ddpg", LeaderRole.Actor)]
    [InlineData("st-ddpg", LeaderRole.Critic)]
    [InlineData("st-sac", LeaderRole.Actor)]
    [InlineData("std3", LeaderRole.Actor)]
    public void Darts_is_one_unrolled_step_up_to_its_difference_quotient(string id, LeaderRole leader)
    {
        HypergradientReport unrolled = Train(id, leader, HypergradientMethod.Unrolled, steps: 1)[0];
        HypergradientReport darts = Train(id, leader, HypergradientMethod.Darts)[0];
        darts.DirectNorm.ShouldBe(unrolled.DirectNorm, 1e-12 * unrolled.DirectNorm);
        darts.ImplicitNorm.ShouldBe(unrolled.ImplicitNorm, 0.01 * unrolled.ImplicitNorm);
        darts.Cosine.ShouldBe(unrolled.Cosine, 0.01);
    }

    [Fact]
    public void Darts_is_refused_where_the_dependence_on_the_leader_is_only_sampled()
    {
        AlgorithmDescriptor stac = AlgorithmCatalogue.BuiltIn.Find("stac")!;
        var options = new AcOptions { Leading = new() { Leader = LeaderRole.Actor, Hypergradient = new() { Method = HypergradientMethod.Darts } } };
        stac.Validate(options).Single().Key.ShouldBe("hypergradient.method");
        stac.Validate(options with { Leading = options.Leading with { Leader = LeaderRole.None } }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("stac")]
    [InlineData("blpo")]
    [InlineData("blpo-cg")]
    [InlineData("sddpg-cg")]
    [InlineData("fsddpg")]
    [InlineData("fsddpg-cg")]
    [InlineData("fstd3")]
    [InlineData("st-ddpg")]
    [InlineData("st-sac")]
    public void Adaptive_damping_serves_every_curvature(string id)
    {
        List<HypergradientReport> reports = Train(id, LeaderRole.Actor, HypergradientMethod.Implicit, change: static given => given with
        {
            Damping = 1,
            DampingSchedule = DampingKind.Adaptive,
        });
        reports.Select(static r => r.Solve.Damping).Distinct().Count().ShouldBeGreaterThan(1);
    }

    private static List<HypergradientReport> Train(
        string id, LeaderRole leader, HypergradientMethod method, int steps = 3, Func<HypergradientOptions, HypergradientOptions>? change = null)
    {
        AlgorithmDescriptor algorithm = AlgorithmCatalogue.BuiltIn.Find(id)!;
        object options = algorithm.CreateOptions() switch
        {
            AcOptions ac => ac with
            {
                StepsPerIteration = 60,
                Precision = Precision.Double,
                Actor = ac.Actor with { Hidden = [5] },
                Critic = ac.Critic with { Hidden = [5], Updates = 2 },
                Leading = ac.Leading with { Leader = leader, Hypergradient = Changed(ac.Leading.Hypergradient) },
            },
            PpoOptions ppo => ppo with
            {
                Environments = 2,
                RolloutSteps = 30,
                Epochs = 2,
                Minibatches = MinibatchKind.PerEnvironment,
                Advantages = AdvantageTiming.PerMinibatch,
                NormaliseAdvantages = false,
                Precision = Precision.Double,
                Actor = ppo.Actor with { Hidden = [5] },
                Critic = ppo.Critic with { Hidden = [5] },
                Leading = ppo.Leading with { Leader = leader, Hypergradient = Changed(ppo.Leading.Hypergradient) },
            },
            OffPolicyOptions off => off with
            {
                BatchSize = 16,
                BufferSize = 300,
                LearningStarts = 50,
                UpdateAfter = 60,
                UpdateEvery = 20,
                Updates = 4,
                Precision = Precision.Double,
                Actor = off.Actor with { Hidden = [5] },
                Critic = off.Critic with { Hidden = [5] },
                Leading = off.Leading with { Leader = leader, Hypergradient = Changed(off.Leading.Hypergradient) },
            },
            _ => throw new NotSupportedException(id),
        };
        algorithm.Validate(options).ShouldBeEmpty();
        var sink = new Reports();
        var context = new AlgorithmContext(new Drift(discrete: false, 15), RandomStream.FromSeed(4), 10_000, 1) { MakeEnvironment = static () => new Drift(discrete: false, 15) };
        using IAlgorithm learner = algorithm.Create(context, options);
        for (int i = 0; i < 8; i++)
        {
            learner.Iterate(60, sink);
        }

        return sink.All;

        HypergradientOptions Changed(HypergradientOptions given) => (change?.Invoke(given) ?? given) with { Method = method, LogEvery = 1, UnrollSteps = steps, UnrollLearningRate = 0.05 };
    }

    private sealed class Reports : ITrainingSink
    {
        public List<HypergradientReport> All { get; } = [];

        public void Hypergradient(in HypergradientReport report) => All.Add(report);
    }
}
