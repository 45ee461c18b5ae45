using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests;

/// <summary>Training without run folders: contexts, learners by id, loops, and states that go through a file.</summary>
public sealed class AlgorithmExtensionsTests
{
    [Fact]
    public void Training_is_what_the_loop_by_hand_does_and_ends_at_the_step()
    {
        using IAlgorithm trained = OnPolicy("stac", 1), iterated = OnPolicy("stac", 1);
        EpisodeLog log = trained.Train(470);
        RecordingSink sink = new();
        while (iterated.Steps < 470)
        {
            iterated.Iterate(470 - iterated.Steps, sink);
        }

        trained.Steps.ShouldBe(470);
        trained.Iterations.ShouldBe(5);
        MemoryState.Of(trained).FirstDifference(MemoryState.Of(iterated)).ShouldBeNull();
        log.Episodes.ShouldBe(sink.Episodes);
        log.Episodes.Count.ShouldBeGreaterThan(5);
        log.Metrics.ShouldBe(sink.Metrics, ignoreOrder: true);
        log.LastHypergradient!.Value.Update.ShouldBe(4);
    }

    [Theory]
    [InlineData("stac")]
    [InlineData("ac")]
    [InlineData("sac")]
    [InlineData("fsddpg")]
    public void Learner_loaded_from_a_file_goes_on_as_the_one_that_was_never_saved(string id)
    {
        string folder = Directory.CreateTempSubdirectory("stackelberg-learner-").FullName;
        try
        {
            string file = Path.Combine(folder, "learner.state");
            using IAlgorithm whole = Any(id, 1), first = Any(id, 1), second = Any(id, 2);
            whole.Train(600);
            first.Train(300).Episodes.Count.ShouldBeGreaterThan(0);
            MemoryState.Of(first).FirstDifference(MemoryState.Of(second)).ShouldNotBeNull();
            MemoryState.Of(first).WriteFile(file);
            MemoryState.ReadFile(file).Restore(second);
            second.Steps.ShouldBe(300);
            Mean(second).ShouldBe(Mean(first));
            second.Train(600);
            MemoryState.Of(second).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
            Mean(second).ShouldBe(Mean(whole));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Learner_that_is_there_already_does_nothing()
    {
        using IAlgorithm learner = OnPolicy("ac", 1);
        learner.Train(100);
        MemoryState before = MemoryState.Of(learner);
        learner.Train(100).Episodes.ShouldBeEmpty();
        learner.Train(0).Episodes.ShouldBeEmpty();
        MemoryState.Of(learner).FirstDifference(before).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => learner.Train(-1));
    }

    [Fact]
    public void Learner_that_takes_no_step_is_stopped_instead_of_asked_for_ever() =>
        Should.Throw<InvalidOperationException>(() => new Idle().Train(10)).Message.ShouldContain("0 of 10");

    [Fact]
    public void Context_makes_the_environment_at_once_and_further_ones_when_wanted()
    {
        int made = 0;
        Drift Make()
        {
            made++;
            return new Drift(discrete: true, 20);
        }

        AlgorithmContext context = AlgorithmContext.For(Make, seed: 5, totalSteps: 900, threads: 2);
        (made, context.TotalTimesteps, context.Threads).ShouldBe((1, 900, 2));
        context.Random.NextUInt64().ShouldBe(RandomStream.FromSeed(5).NextUInt64());
        using IAlgorithm learner = AlgorithmCatalogue.BuiltIn.Create("ac", AlgorithmContext.For(Make, 5, 900), (AcOptions o) => o with { Environments = 3, StepsPerIteration = 90 });
        made.ShouldBe(4);
        learner.Train(180).Episodes.Count.ShouldBeGreaterThan(3);

        Should.Throw<ArgumentOutOfRangeException>(() => AlgorithmContext.For(Make, 0, totalSteps: 0));
        Should.Throw<ArgumentOutOfRangeException>(() => AlgorithmContext.For(Make, 0, 1, threads: 0));
        made.ShouldBe(4);
    }

    [Fact]
    public void Learner_by_id_has_the_defaults_of_its_id_and_not_those_of_the_type()
    {
        // a fresh AcOptions has no leader; that of stac has
        AcOptions? seen = null;
        using (IAlgorithm stac = AlgorithmCatalogue.BuiltIn.Create("stac", Context(1), (AcOptions o) => seen = o with { StepsPerIteration = 50 }))
        {
            stac.Train(50).LastHypergradient.ShouldNotBeNull();
        }

        seen!.Leading.Leader.ShouldBe(LeaderRole.Actor);
        using IAlgorithm ac = AlgorithmCatalogue.BuiltIn.Create("ac", Context(1), (AcOptions o) => o with { StepsPerIteration = 50 });
        ac.Train(50).LastHypergradient.ShouldBeNull();
        using IAlgorithm defaults = AlgorithmCatalogue.BuiltIn.Create("ac", Context(1));
        defaults.Networks.ShouldBe(ac.Networks);
    }

    [Fact]
    public void Wrong_ids_types_and_values_are_refused_with_what_is_allowed()
    {
        using AlgorithmContextOwner context = new();
        AlgorithmCatalogue catalogue = AlgorithmCatalogue.BuiltIn;
        Should.Throw<KeyNotFoundException>(() => catalogue.Create("sarsa", context.Context)).Message.ShouldContain("st-sac, stac, std3");
        string type = Should.Throw<ArgumentException>(() => catalogue.Create("stac", context.Context, (SacOptions o) => o)).Message;
        type.ShouldContain("AcOptions");
        type.ShouldContain("SacOptions");

        void Refused(Func<AcOptions, AcOptions> change, params string[] words)
        {
            string message = Should.Throw<ArgumentException>(() => catalogue.Create("stac", context.Context, change)).Message;
            Array.ForEach(words, word => message.ShouldContain(word));
        }

        Refused(o => o with { StepsPerIteration = 0 }, "StepsPerIteration is 0", "from 1 to 10000000");
        Refused(o => o with { Gamma = double.NaN }, "Gamma is NaN", "from 0 to 1");
        Refused(o => o with { Actor = o.Actor with { LearningRate = 0 } }, "Actor.LearningRate is 0", "above 0");
        Refused(o => o with { Critic = o.Critic with { Hidden = [64, 0] } }, "Critic.Hidden is [64, 0]", "from 1");
        Refused(o => o with { Precision = (Precision)9 }, "Precision is 9", "Single, Double");
        Refused(o => o with { Actor = null! }, "group Actor is null");
        Refused(o => null!, "null");
        // what no range can say
        Refused(o => o with { Form = ActorCriticForm.Paper, Leading = o.Leading with { Leader = LeaderRole.Critic } }, "critic cannot lead in the form 'paper'");
    }

    private static AlgorithmContext Context(ulong seed) => AlgorithmContext.For(static () => new Drift(discrete: true, 20), seed, 2000);

    private static IAlgorithm OnPolicy(string id, ulong seed) => AlgorithmCatalogue.BuiltIn.Create(
        id, Context(seed), static (AcOptions o) => o with { StepsPerIteration = 100, Actor = o.Actor with { Hidden = [6] }, Critic = o.Critic with { Hidden = [6] } });

    private static IAlgorithm Any(string id, ulong seed) => id switch
    {
        "stac" or "ac" => OnPolicy(id, seed),
        "sac" => AlgorithmCatalogue.BuiltIn.Create(id, OffPolicy(seed), static (SacOptions o) => o with
        {
            LearningStarts = 100, UpdateAfter = 100, Updates = 10, BatchSize = 20, BufferSize = 500, Actor = o.Actor with { Hidden = [8] }, Critic = o.Critic with { Hidden = [8] },
        }),
        _ => AlgorithmCatalogue.BuiltIn.Create(id, OffPolicy(seed), static (DdpgOptions o) => o with
        {
            LearningStarts = 100, UpdateAfter = 100, Updates = 10, BatchSize = 20, BufferSize = 500, Actor = o.Actor with { Hidden = [8] }, Critic = o.Critic with { Hidden = [8] },
        }),
    };

    private static AlgorithmContext OffPolicy(ulong seed) => AlgorithmContext.For(static () => new Drift(discrete: false, 20), seed, 2000);

    private static double Mean(IAlgorithm learner) => Evaluator.Evaluate(
        learner.Policy, () => new Drift(discrete: learner.ReplayMemory is null, 20), RandomStream.FromSeed(3), 4, PolicyMode.Stochastic).Mean;

    private sealed class AlgorithmContextOwner : IDisposable
    {
        public AlgorithmContext Context { get; } = Context(1);

        public void Dispose() => Context.Environment.Dispose();
    }

    private sealed class Idle : IAlgorithm
    {
        public long Steps => 0;

        public long Iterations { get; private set; }

        public TrainingClock Clock { get; } = new();

        public IPolicy Policy => throw new NotSupportedException();

        public IReadOnlyList<(string Network, int Parameters)> Networks => [];

        public void Iterate(long maximumSteps, ITrainingSink sink) => Iterations++;

        public void Save(StateWriter writer)
        {
        }

        public void Load(StateReader reader)
        {
        }

        public void Dispose()
        {
        }
    }
}
