using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>PPO's state, and what an update costs in memory.</summary>
public sealed class PpoStateTests
{
    private static readonly PpoOptions Normalised = PpoLearners.Small with
    {
        NormaliseObservations = true,
        NormaliseRewards = true,
        ClipSchedule = ClipSchedule.Linear,
        Actor = PpoLearners.Small.Actor with { LearningRateSchedule = RateSchedule.Linear },
    };

    private static readonly PpoOptions NormalisedNested = PpoLearners.Nested(LeaderRole.Actor) with { NormaliseObservations = true, NormaliseRewards = true };

    public static TheoryData<string, PpoOptions, bool> Cases() => new()
    {
        { "shuffled, normalised, schedules", Normalised, false },
        { "the same, stopped by the divergence", Normalised with { TargetKl = 1e-4, TargetKlStops = KlStop.Actor }, true },
        { "recomputed advantages, RMSprop", PpoLearners.Small with { Advantages = AdvantageTiming.PerEpoch, Actor = PpoLearners.Small.Actor with { Optimiser = OptimiserKind.RmsProp } }, true },
        { "nested", PpoLearners.Nested(LeaderRole.None), true },
        { "conjugate gradients, normalised", NormalisedNested, false },
        { "nystrom, random weights", Led(static o => o with { Solver = "nystrom", Rank = 3, Rho = 5, Bound = 1 }) with { Response = new() { Weights = ResponseWeights.Random } }, true },
        { "warm starts, adaptive damping", Led(static o => o with { Solver = "cg", WarmStart = true, Damping = 1, DampingSchedule = DampingKind.Adaptive }), false },
        { "the critic leads", PpoLearners.Nested(LeaderRole.Critic), true },
        { "fixed features", PpoLearners.Small with { Critic = PpoLearners.Small.Critic with { Features = CriticFeatures.Fixed } }, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Training_goes_on_from_a_saved_state_bit_for_bit_in_both_precisions(string name, PpoOptions options, bool discrete)
    {
        foreach (Precision precision in new[] { Precision.Single, Precision.Double })
        {
            // the limit of 9 and 12 steps of each copy per rollout: episodes are running when the state is saved
            using IAlgorithm learner = Make(options with { Precision = precision }, discrete, seed: 3), resumed = Make(options with { Precision = precision }, discrete, seed: 77);
            learner.Go(3);
            MemoryState.Of(learner).Restore(resumed);
            MemoryState.Of(learner).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
            (RecordingSink first, RecordingSink second) = (learner.Go(3), resumed.Go(3));
            MemoryState.Of(learner).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull($"{name}, {precision}");
            first.Episodes.ShouldNotBeEmpty();
            second.Episodes.ShouldBe(first.Episodes);
            second.Metrics.ShouldBe(first.Metrics);
        }
    }

    [Fact]
    public void Fixed_features_of_actor_critic_are_saved_too()
    {
        AcOptions options = Learners.Small().Led(LeaderRole.None);
        options = options with { Critic = options.Critic with { Features = CriticFeatures.Fixed } };
        using ActorCritic<double> learner = Learners.Create(options, seed: 3), resumed = Learners.Create(options, seed: 77);
        learner.Go(2);
        MemoryState.Of(learner).Restore(resumed);
        resumed.Values.ValueOf([0.3, -0.2]).ShouldBe(learner.Values.ValueOf([0.3, -0.2]));
        learner.Go();
        resumed.Go();
        MemoryState.Of(learner).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
    }

    [Theory]
    [InlineData("ppo")]
    [InlineData("a2c")]
    [InlineData("nested-ppo")]
    [InlineData("blpo")]
    [InlineData("blpo-cg")]
    [InlineData("blpo-pcg")]
    public void A_whole_iteration_allocates_nothing_in_steady_state(string id)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        var options = (PpoOptions)descriptor.CreateOptions();
        using IAlgorithm learner = Make(
            options with
            {
                Environments = 3,
                RolloutSteps = 20,
                MinibatchSize = options.Minibatches == MinibatchKind.Shuffled ? 16 : 64,
                NormaliseObservations = true,
                NormaliseRewards = true,
                Actor = options.Actor with { Hidden = [8] },
                Critic = options.Critic with { Hidden = [8] },
            },
            discrete: true,
            seed: 4);
        var sink = new SilentSink();
        for (int i = 0; i < 30; i++)
        {
            learner.Iterate(60, sink);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            learner.Iterate(60, sink);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static PpoOptions Led(Func<HypergradientOptions, HypergradientOptions> change) => PpoLearners.Nested(LeaderRole.Actor, change);

    private static IAlgorithm Make(PpoOptions options, bool discrete, ulong seed)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find("ppo")!;
        descriptor.Validate(options).ShouldBeEmpty();
        var context = new AlgorithmContext(new Drift(discrete, 9), RandomStream.FromSeed(seed), 1000, 1) { MakeEnvironment = () => new Drift(discrete, 9) };
        return descriptor.Create(context, options);
    }

    private sealed class SilentSink : ITrainingSink
    {
        public void Episode(in EpisodeSummary episode)
        {
        }

        public void Metric(string name, double value)
        {
        }

        public void Hypergradient(in HypergradientReport report)
        {
        }
    }
}
