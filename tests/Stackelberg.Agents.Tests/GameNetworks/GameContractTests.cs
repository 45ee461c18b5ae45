using System.Reflection;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>What every learner with networks for several agents keeps.</summary>
public sealed class GameContractTests
{
    private static readonly string[] Names = ["bi-ac", "bi-ac-continuous", "i-dqn", "hysteretic-dqn", "lenient-dqn", "maddpg", "ma-td3"];

    /// <summary>Ids with a variant of their options.</summary>
    public static TheoryData<string, string> Variants
    {
        get
        {
            TheoryData<string, string> data = new()
            {
                { "bi-ac", "gumbel" }, { "bi-ac", "score" }, { "bi-ac", "answers-all" }, { "maddpg", "gumbel" }, { "ma-td3", "delay" },
                { "bi-ac-continuous", "soft-q" }, { "bi-ac-continuous", "partial" }, { "bi-ac-continuous", "quadratic" },
            };
            foreach (string id in Names)
            {
                data.Add(id, "default");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Same_seed_and_any_number_of_threads_give_the_same_bits(string id, string variant)
    {
        MemoryState one = Trained(id, variant, 1, 4);
        Trained(id, variant, 1, 4).FirstDifference(one).ShouldBeNull();
        Trained(id, variant, 2, 4).FirstDifference(one).ShouldBeNull();
        Trained(id, variant, 1, 5).FirstDifference(one).ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_saved_learner_goes_on_bit_for_bit(string id, string variant)
    {
        // iterations of 13 steps end within episodes and between updates
        using IAlgorithm whole = Create(id, variant, steps: 13), resumed = Create(id, variant, steps: 13, seed: 77);
        RecordingSink first = new(), second = new();
        Iterate(whole, 7, 13, first);
        MemoryState state = MemoryState.Of(whole);
        Iterate(whole, 6, 13, first);
        state.Restore(resumed);
        Iterate(resumed, 6, 13, second);
        MemoryState.Of(resumed).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
        second.Metrics.Count.ShouldBeGreaterThan(1);
        second.Metrics.ShouldBe(first.Metrics, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Metrics_after_a_resume_are_those_of_the_undisturbed_run_where_an_iteration_has_no_update(string id, string variant)
    {
        using IAlgorithm whole = Create(id, variant, steps: 10, updateEvery: 40), resumed = Create(id, variant, steps: 10, updateEvery: 40, seed: 77);
        Iterate(whole, 8, 10, new RecordingSink());
        MemoryState state = MemoryState.Of(whole);
        state.Restore(resumed);
        RecordingSink first = new(), second = new();
        Iterate(whole, 1, 10, first);
        Iterate(resumed, 1, 10, second);
        second.Metrics.ShouldBe(first.Metrics, ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_whole_iteration_allocates_nothing_in_steady_state(string id, string variant)
    {
        // one state and eight joint actions, so that all kinds of transitions are met before
        AgentRoster agents = Roster(IsContinuous(id), mostActions: 2);
        using IAlgorithm learner = Create(id, variant, game: () => new CounterGame(agents, 4, false, [1, -1, 0.5], static _ => 0));
        SilentSink sink = new();
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
    [MemberData(nameof(Variants))]
    public void An_exploding_setting_is_named_with_the_quantity(string id, string variant)
    {
        using IAlgorithm learner = Create(id, variant, rate: 1e38);
        string message = Should.Throw<NumericalException>(() => Iterate(learner, 20, 50, new RecordingSink())).Message;
        message.ShouldContain("environment step");
        message.ShouldMatch("critic|actor");
        message.ShouldContain("learning_rate");
    }

    [Theory]
    [InlineData("bi-ac")]
    [InlineData("bi-ac-continuous")]
    [InlineData("i-dqn")]
    [InlineData("lenient-dqn")]
    [InlineData("maddpg")]
    [InlineData("ma-td3")]
    public void A_reward_that_is_no_number_is_named(string id)
    {
        AgentRoster agents = Roster(IsContinuous(id));
        using IAlgorithm learner = Create(id, "default", game: () => new CounterGame(agents, 3, true, [1, double.NaN, 1], static s => s % 2));
        string message = Should.Throw<Exception>(() => Iterate(learner, 5, 50, new RecordingSink())).Message;
        message.ShouldContain("NaN");
        message.ShouldMatch("reward|loss");
    }

    [Theory]
    [InlineData("bi-ac")]
    [InlineData("bi-ac-continuous")]
    [InlineData("i-dqn")]
    [InlineData("hysteretic-dqn")]
    [InlineData("lenient-dqn")]
    [InlineData("maddpg")]
    [InlineData("ma-td3")]
    public void An_environment_of_one_agent_is_refused(string id)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        string message = Should.Throw<NotSupportedException>(() => descriptor.Create(new AlgorithmContext(new Steady(5), RandomStream.FromSeed(1), 100, 1), descriptor.CreateOptions())).Message;
        message.ShouldContain("Steady-test");
        message.ShouldContain("one agent");
    }

    [Fact]
    public void Actions_that_do_not_fit_and_several_leaders_are_refused_by_name()
    {
        foreach (string id in Names)
        {
            Should.Throw<NotSupportedException>(() => Create(id, "default", game: () => Game(Roster(!IsContinuous(id))))).Message.ShouldContain("'leader'");
        }

        AgentRoster open = new(Agent("leader", 0, new BoxSpace(1, -1, 1)), Agent("follower", 1, new BoxSpace(1, 0, double.PositiveInfinity)));
        string message = Should.Throw<NotSupportedException>(() => Create("bi-ac-continuous", "default", game: () => Game(open))).Message;
        message.ShouldContain("finite bounds");
        message.ShouldContain("'follower'");
        foreach ((string id, string variant, Space space) in new (string, string, Space)[] { ("bi-ac", "default", new DiscreteSpace(2)), ("bi-ac-continuous", "soft-q", new BoxSpace(1, -1, 1)) })
        {
            AgentRoster equals = new(Agent("east", 0, space), Agent("west", 0, space), Agent("south", 1, space));
            message = Should.Throw<NotSupportedException>(() => Create(id, variant, game: () => Game(equals))).Message;
            message.ShouldContain("one leader");
            message.ShouldContain("east, west");
        }
    }

    [Theory]
    [InlineData("bi-ac")]
    [InlineData("i-dqn")]
    [InlineData("hysteretic-dqn")]
    [InlineData("lenient-dqn")]
    [InlineData("maddpg")]
    [InlineData("ma-td3")]
    public void Games_of_three_agents_are_played(string id)
    {
        using IAlgorithm learner = Create(id, "default", game: static () => MultiAgentCatalogue.WithAll().Make("MatchingPenniesOfThree-v0"));
        RecordingSink sink = new();
        Iterate(learner, 4, 50, sink);
        sink.Episodes.Count.ShouldBe(200);
        sink.Episodes.ShouldAllBe(static e => e.AgentReturns.Length == 3);
        sink.Metrics.Keys.ShouldContain("critic2/loss");
    }

    [Fact]
    public void An_action_number_that_is_fixed_by_its_bounds_does_no_harm()
    {
        BoxSpace half = new([-1, 0.1], [1, 0.1]);
        AgentRoster agents = new(Agent("leader", 0, half), Agent("follower", 1, new BoxSpace(1, -1, 1)));
        using IAlgorithm learner = Create("bi-ac-continuous", "default", game: () => Game(agents));
        Iterate(learner, 3, 50, new RecordingSink());
        double[] action = new double[3];
        learner.Policy.Act([0, 0], action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        action[1].ShouldBe(0.1);
        action.ShouldAllBe(static a => double.IsFinite(a));
    }

    [Theory]
    [InlineData("bi-ac")]
    [InlineData("bi-ac-continuous")]
    [InlineData("i-dqn")]
    [InlineData("maddpg")]
    public void Several_copies_of_the_environment_take_turns_and_resume(string id)
    {
        using IAlgorithm whole = Create(id, "default", steps: 14, environments: 3), resumed = Create(id, "default", steps: 14, environments: 3, seed: 5);
        Iterate(whole, 5, 14, new RecordingSink());
        MemoryState.Of(whole).Restore(resumed);
        Iterate(whole, 3, 14, new RecordingSink());
        Iterate(resumed, 3, 14, new RecordingSink());
        MemoryState.Of(resumed).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
    }

    [Fact]
    public void Updates_begin_and_fall_due_when_they_should()
    {
        // first update at step 60, then every 7 steps: 63, 70, …, 98; twice each
        using GameDqn<double> learner = new(Probe.Context(Game(Roster(false))), new GameDqnOptions
        {
            UpdateAfter = 60, UpdateEvery = 7, Updates = 2, StepsPerIteration = 100, Precision = Precision.Double, BatchSize = 8,
        });
        learner.Iterate(1000, new RecordingSink());
        learner.Steps.ShouldBe(100);
        ((long)typeof(GameLearner<double>).GetProperty("Updates", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(learner)!).ShouldBe(2 * 6);
        learner.Iterate(3, new RecordingSink());
        learner.Steps.ShouldBe(103);
    }

    private static bool IsContinuous(string id) => id == "bi-ac-continuous";

    private static AgentSpec Agent(string name, int level, Space actions) => new(name, level, new BoxSpace(1, 0, 1e9), actions);

    private static AgentRoster Roster(bool continuous, int mostActions = 4)
    {
        Space Actions(int k) => continuous ? new BoxSpace([-k, 0], [2 * k, 1]) : new DiscreteSpace(Math.Min(k + 1, mostActions));
        return new(Agent("leader", 0, Actions(1)), Agent("middle", 1, Actions(2)), Agent("last", 2, Actions(3)));
    }

    private static CounterGame Game(AgentRoster agents) => new(agents, 4, false, [.. new[] { 1, -1, 0.5 }.Take(agents.Count)], static s => s % 3);

    private static void Iterate(IAlgorithm learner, int iterations, long steps, ITrainingSink sink)
    {
        for (int i = 0; i < iterations; i++)
        {
            learner.Iterate(steps, sink);
        }
    }

    private static MemoryState Trained(string id, string variant, int threads, ulong seed)
    {
        // large enough to be cut into several chunks
        using IAlgorithm learner = Create(id, variant, batch: 1500, threads: threads, seed: seed, game: () => new CounterGame(Roster(IsContinuous(id)), 400, false, [1, -1, 0.5], static s => s));
        Iterate(learner, 8, 50, new RecordingSink());
        return MemoryState.Of(learner);
    }

    private static IAlgorithm Create(
        string id, string variant, int batch = 32, int threads = 1, ulong seed = 4, double rate = 1e-3, int steps = 50, int updateEvery = 5, int environments = 1, Func<IMultiAgentEnvironment>? game = null)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        GameOptions options = ((GameOptions)descriptor.CreateOptions()) with
        {
            BatchSize = batch, BufferSize = 300, UpdateAfter = 40, UpdateEvery = updateEvery, StepsPerIteration = steps, Environments = environments, MaxGradientNorm = rate > 1 ? double.PositiveInfinity : 10,
            Exploration = new ExplorationOptions { RandomSteps = 30, Epsilon = 0.3, Decay = 0.999, Together = variant != "delay" },
        };
        NetworkOptions network = new() { Hidden = [8, 8], LearningRate = rate };
        object complete = options switch
        {
            BiAcOptions b => b with
            {
                Leader = network, Follower = network, Actor = network, Entropy = 0.1, AnswersAll = variant == "answers-all",
                Gradient = variant switch { "gumbel" => ActorGradient.Gumbel, "score" => ActorGradient.Score, _ => ActorGradient.AllActions },
            },
            BiAcContinuousOptions c => c with
            {
                Critic = network, Actor = network, Leader = variant == "soft-q" ? ContinuousLeader.SoftQ : ContinuousLeader.Actor, Candidates = 8,
                Derivative = variant == "partial" ? LevelDerivative.Partial : LevelDerivative.Total, QuadraticFeatures = variant == "quadratic",
            },
            GameDqnOptions d => d with { Critic = network },
            MaddpgOptions m => m with { Critic = network, Actor = network, Gradient = variant == "gumbel" ? ActorGradient.Gumbel : ActorGradient.AllActions, PolicyDelay = variant == "delay" ? 2 : 1 },
            _ => throw new InvalidOperationException(id),
        };
        IEnvironment Make() => new JointEnvironment(game?.Invoke() ?? Game(Roster(IsContinuous(id))));
        return descriptor.Create(AlgorithmContext.For(Make, seed, 10_000, threads), complete);
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
