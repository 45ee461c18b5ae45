using Stackelberg.Agents.Tests.Support;

namespace Stackelberg.Agents.Tests.Options;

/// <summary>Contradictions of PPO's options, and settings that nothing reads, each told by its key.</summary>
public sealed class PpoFaultTests
{
    private const double Never = double.PositiveInfinity;

    private static readonly PpoOptions Plain = new(), Led = PpoLearners.Nested(LeaderRole.Actor);

    private static readonly AlgorithmDescriptor Ppo = AlgorithmCatalogue.BuiltIn.Find("ppo")!;

    public static TheoryData<string, PpoOptions, string> Contradictions() => new()
    {
        { "advantages", Led with { Advantages = AdvantageTiming.PerRollout }, "per-minibatch" },
        { "advantages", Led with { Advantages = AdvantageTiming.PerEpoch }, "per-minibatch" },
        { "minibatches", Plain with { Advantages = AdvantageTiming.PerMinibatch }, "per-environment" },
        { "minibatches", Led with { Minibatches = MinibatchKind.Shuffled }, "per-environment" },
        { "value_clip", Led with { ValueClip = 0.2 }, "infinity" },
        { "critic.features", Plain with { Critic = Plain.Critic with { Features = CriticFeatures.Fixed, Hidden = [] } }, "critic.hidden" },
        { "hypergradient.outer_product", Changed(static o => o with { OuterProduct = OuterProduct.OfMeans }), "per-sample" },
        { "hypergradient.error_terms", Changed(static o => o with { ErrorTerms = false }), "off-policy" },
        { "hypergradient.method", Changed(static o => o with { Method = HypergradientMethod.Darts }), "unrolled" },
        { "hypergradient.damping", Changed(static o => o with { Solver = "nystrom" }), "rho" },
        { "hypergradient.damping", Changed(static o => o with { DampingSchedule = DampingKind.Adaptive }), "above 0" },
        { "hypergradient.solver", Changed(static o => o with { Solver = "gauss-newton" }), "gauss-newton" },
    };

    public static TheoryData<string, PpoOptions> UnreadSettings() => new()
    {
        { "minibatch_size", PpoLearners.Nested(LeaderRole.None) with { MinibatchSize = 32 } },
        { "observation_clip", Plain with { ObservationClip = 5 } },
        { "reward_clip", Plain with { RewardClip = Never } },
        { "target_kl_stops", Plain with { TargetKlStops = KlStop.Actor } },
        { "clip_schedule", Plain with { Clip = Never, ClipSchedule = ClipSchedule.Linear } },
        { "response", Plain with { Response = new() { Clip = 0.3 } } },
        { "actor.final_learning_rate", Plain with { Actor = Plain.Actor with { FinalLearningRate = 1e-4 } } },
        { "critic.learning_rate_decay", Plain with { Critic = Plain.Critic with { LearningRateDecay = 10 } } },
        { "hypergradient.bound", Plain with { Leading = new() { Hypergradient = new() { Bound = 1 } } } },
        { "hypergradient.rank", Changed(static o => o with { Rank = 7 }) },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void A_contradiction_is_refused_with_its_key_and_a_way_out(string key, PpoOptions options, string words)
    {
        (string Key, string Message) fault = Ppo.Validate(options).ShouldHaveSingleItem();
        fault.Key.ShouldBe(key);
        fault.Message.ShouldContain(words);
        Should.Throw<Exception>(() => PpoLearners.Create(options)).Message.ShouldContain(words);
    }

    [Theory]
    [MemberData(nameof(UnreadSettings))]
    public void A_setting_that_nothing_reads_is_named(string key, PpoOptions options)
    {
        Ppo.Validate(options).ShouldBeEmpty();
        Ppo.Unread(options).ShouldHaveSingleItem().Key.ShouldBe(key);
    }

    [Fact]
    public void What_needs_another_setting_is_read_with_it()
    {
        PpoOptions all = Plain with
        {
            NormaliseObservations = true, ObservationClip = 5, NormaliseRewards = true, RewardClip = 5, TargetKl = 0.1, TargetKlStops = KlStop.Actor,
            MinibatchSize = 32, ValueClip = 0.2, ClipSchedule = ClipSchedule.Linear,
        };
        Ppo.Validate(all).ShouldBeEmpty();
        Ppo.Unread(all).ShouldBeEmpty();
        PpoOptions led = Led with { Response = new() { Clip = Never, Form = ResponseForm.PerStep, Sign = ResponseSign.Derived } };
        Ppo.Validate(led).ShouldBeEmpty();
        Ppo.Unread(led).ShouldBeEmpty();
    }

    [Fact]
    public void Defaults_of_every_id_contradict_nothing_and_are_all_read()
    {
        foreach (AlgorithmDescriptor descriptor in AlgorithmCatalogue.BuiltIn.All.Where(static d => d.OptionsType == typeof(PpoOptions)))
        {
            descriptor.Validate(descriptor.CreateOptions()).ShouldBeEmpty(descriptor.Id);
            descriptor.Unread(descriptor.CreateOptions()).ShouldBeEmpty(descriptor.Id);
        }
    }

    private static PpoOptions Changed(Func<HypergradientOptions, HypergradientOptions> change) => PpoLearners.Nested(LeaderRole.Actor, change);
}
