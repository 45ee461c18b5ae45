using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class OffPolicyContractTests
{
    private static readonly NetworkOptions Network = OffPolicyOptions.Wide([16, 16]);

    /// <summary>Every off-policy method.</summary>
    public static TheoryData<string> Ids =>
        [.. AlgorithmCatalogue.BuiltIn.All.Where(static a => a.OptionsType.IsAssignableTo(typeof(OffPolicyOptions))).Select(static a => a.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_whole_iteration_allocates_nothing_in_steady_state(string algorithm)
    {
        using IAlgorithm learner = Create(algorithm);
        var sink = new SilentSink();
        for (int i = 0; i < 12; i++)
        {
            learner.Iterate(50, sink);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            learner.Iterate(50, sink);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_number_of_threads_does_not_show_in_the_result(string algorithm)
    {
        // large enough to be cut into several chunks
        MemoryState one = Trained(algorithm, threads: 1);
        MemoryState three = Trained(algorithm, threads: 3);
        three.FirstDifference(one).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_iteration_never_takes_more_steps_than_allowed(string algorithm)
    {
        using IAlgorithm learner = Create(algorithm);
        learner.Iterate(7, new RecordingSink());
        learner.Steps.ShouldBe(7);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_learning_rate_that_blows_up_is_reported_with_its_place(string algorithm)
    {
        using IAlgorithm learner = Create(algorithm, rate: 1e30);
        Should.Throw<NumericalException>(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                learner.Iterate(50, new RecordingSink());
            }
        }).Message.ShouldContain("learning_rate");
    }

    [Fact]
    public void A_run_that_cannot_learn_is_told_so_before_it_begins()
    {
        static List<string> Notices(long total, Func<DdpgOptions, DdpgOptions> change)
        {
            DdpgOptions options = change(new DdpgOptions { Actor = Network, Critic = Network, LearningStarts = 100, UpdateAfter = 100, Updates = 1, BufferSize = 500 });
            using var learner = new Ddpg<float>(new AlgorithmContext(new Drift(discrete: false, 20), RandomStream.FromSeed(4), total, 1), options);
            var sink = new RecordingSink();
            learner.Iterate(50, sink);
            learner.Iterate(50, sink);
            return sink.Notices;
        }

        Notices(1000, static o => o).ShouldBeEmpty();
        Notices(100, static o => o).ShouldHaveSingleItem().ShouldContain("learning_starts is 100");
        Notices(1000, static o => o with { UpdateAfter = 1001 }).ShouldHaveSingleItem().ShouldContain("update_after is 1001");
        Notices(1000, static o => o with { BufferSize = 99 }).ShouldHaveSingleItem().ShouldContain("fewer than a batch of 100");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Discrete_actions_are_refused(string algorithm) =>
        Should.Throw<NotSupportedException>(() => Create(algorithm, discrete: true)).Message.ShouldContain("Discrete(3)");

    private static MemoryState Trained(string algorithm, int threads)
    {
        using IAlgorithm learner = Create(algorithm, batch: 1500, threads: threads);
        for (int i = 0; i < 4; i++)
        {
            learner.Iterate(50, new RecordingSink());
        }

        return MemoryState.Of(learner);
    }

    private static IAlgorithm Create(string algorithm, double rate = 1e-3, int batch = 32, int threads = 1, bool discrete = false)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(algorithm)!;
        var options = (OffPolicyOptions)descriptor.CreateOptions();
        options = options with
        {
            Actor = Network with { LearningRate = rate },
            Critic = Network with { LearningRate = rate },
            BatchSize = batch,
            BufferSize = 400,
            LearningStarts = 100,
            UpdateAfter = 100,
            Updates = 10,
        };
        options = options is SacOptions sac ? sac with { Autotune = true } : options;
        return descriptor.Create(new AlgorithmContext(new Drift(discrete, 20), RandomStream.FromSeed(4), 10_000, threads), options);
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
