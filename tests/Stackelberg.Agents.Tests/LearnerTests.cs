using System.Reflection;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Replay;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests;

public sealed class LearnerTests
{
    private static readonly NetworkOptions Small = new() { Hidden = [6, 5] };

    [Fact]
    public void Two_parts_of_one_name_are_refused()
    {
        using var learner = new Walker();
        learner.Add("stream");
        Should.Throw<ArgumentException>(() => learner.Add("stream")).Message.ShouldContain("'stream' already");
        learner.Add("another_stream");
    }

    [Fact]
    public void Parameters_that_are_not_finite_name_the_player_the_iteration_and_the_step()
    {
        using var learner = new Walker();
        learner.Iterate(5, new RecordingSink());
        learner.Poison = true;
        NumericalException error = Should.Throw<NumericalException>(() => learner.Iterate(5, new RecordingSink()));
        error.Message.ShouldContain("the walker's parameters in iteration 2, at environment step 10");
        learner.Iterations.ShouldBe(1, "an iteration that failed does not count");
    }

    [Fact]
    public void A_number_that_is_not_finite_is_named_with_its_value()
    {
        using var learner = new Walker();
        Should.Throw<NumericalException>(() => learner.Check("the walker's step", double.PositiveInfinity)).Message.ShouldContain("the walker's step (");
        learner.Check("the walker's step", 3).ShouldBe(3);
    }

    [Fact]
    public void Learning_rates_are_annealed_to_the_steps_before_the_iteration()
    {
        using var learner = new Walker();
        var rates = new List<double>();
        for (int i = 0; i < 3; i++)
        {
            learner.Iterate(25, new RecordingSink());
            rates.Add(learner.Rate);
        }

        rates.ShouldBe([1.0, 0.75, 0.5]);
    }

    [Fact]
    public void Players_are_listed_with_their_parameters_without_padding()
    {
        using var learner = new Walker();
        learner.Networks.ShouldBe([("walker", 3)]);
        learner.Players.Single().Name.ShouldBe("walker");
    }

    [Theory]
    [InlineData("ac", false)]
    [InlineData("stac", true)]
    [InlineData("ddpg", false)]
    [InlineData("fsddpg", false)]
    public void Training_in_three_copies_goes_on_bit_for_bit(string id, bool discrete)
    {
        using IAlgorithm learner = Make(id, discrete), resumed = Make(id, discrete, seed: 77);
        Train(learner, 3);
        MemoryState.Of(learner).Restore(resumed);
        (RecordingSink first, RecordingSink second) = (Train(learner, 3), Train(resumed, 3));
        MemoryState.Of(learner).FirstDifference(MemoryState.Of(resumed)).ShouldBeNull();
        first.Episodes.ShouldNotBeEmpty();
        second.Episodes.ShouldBe(first.Episodes);
        second.Metrics.ShouldBe(first.Metrics);
        first.Metrics["actor/gradient_norm"].ShouldBeGreaterThan(0);
        (resumed.Steps, resumed.Iterations).ShouldBe((learner.Steps, learner.Iterations));
    }

    [Fact]
    public void Transitions_of_several_copies_keep_their_own_next_observation()
    {
        using IAlgorithm learner = Make("ddpg", discrete: false);
        Train(learner, 6);
        var replay = Field<Replay<float>>(learner, "replay");
        int count = replay.Buffer.Count;
        count.ShouldBe(6 * 20);
        var all = new ReplayBatch<float>(count, 2, 2);
        replay.Buffer.Gather([.. Enumerable.Range(0, count)], all);
        for (int i = 0; i < count; i++)
        {
            // the second number drifts without noise
            all.NextObservations[i, 1].ShouldBe((0.8f * all.Observations[i, 1]) + (0.2f * all.Inputs[i, 3]), 1e-6f, $"transition {i}");
        }
    }

    [Fact]
    public void A_rollout_of_several_copies_is_cut_at_each_copys_last_step()
    {
        using IAlgorithm learner = Make("ac", discrete: true);
        RecordingSink sink = Train(learner, 1);
        var rollout = Field<Rollout<float>>(learner, "rollout");
        rollout.Count.ShouldBe(20);
        int covered = 0, cut = 0;
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            trajectory.Start.ShouldBe(covered);
            covered = trajectory.End;
            cut += trajectory.Complete ? 0 : 1;
            for (int t = trajectory.Start; t + 1 < trajectory.End; t++)
            {
                rollout.Observations[t + 1, 1].ShouldBe((0.8f * rollout.Observations[t, 1]) + 0.06f, 1e-6f, $"step {t} and the next are of one episode");
            }
        }

        covered.ShouldBe(20);
        sink.Episodes.Count.ShouldBe(rollout.Trajectories.Length - cut);

        // 20 steps are 7, 7 and 6: a trajectory ends behind each share
        foreach (int end in new[] { 7, 14, 20 })
        {
            rollout.Trajectories.ToArray().ShouldContain(t => t.End == end);
        }
    }

    /// <summary>A leader that takes its direct gradient plays its base, whoever it is; moving at once, where no base does, the two play the same.</summary>
    [Theory]
    [InlineData("ac", UpdateOrder.CriticFirst)]
    [InlineData("ddpg", UpdateOrder.CriticFirst)]
    [InlineData("ddpg", UpdateOrder.Simultaneous)]
    [InlineData("td3", UpdateOrder.CriticFirst)]
    [InlineData("td3", UpdateOrder.Simultaneous)]
    [InlineData("sac", UpdateOrder.CriticFirst)]
    [InlineData("sac", UpdateOrder.Simultaneous)]
    public void Whoever_leads_by_the_direct_gradient_plays_the_base_bit_for_bit(string id, UpdateOrder order)
    {
        List<float[]> actor = Parameters(LeaderRole.Actor), nobody = Parameters(LeaderRole.None);
        nobody.Count.ShouldBe(2);
        Parameters(LeaderRole.Critic).ShouldBe(actor);
        if (order == UpdateOrder.CriticFirst)
        {
            nobody.ShouldBe(actor);
        }
        else
        {
            nobody.ShouldNotBe(actor);
        }

        List<float[]> Parameters(LeaderRole leader)
        {
            HypergradientOptions direct = new() { Method = HypergradientMethod.FirstOrder };
            using IAlgorithm learner = Make(id, discrete: false, change: o => o switch
            {
                AcOptions ac => ac with { Leading = new() { Leader = leader, Hypergradient = direct } },
                OffPolicyOptions off => off with { Leading = new() { Leader = leader, UpdateOrder = order, Hypergradient = direct } },
                _ => o,
            });
            Train(learner, 5);
            return [.. ((Learner<float>)learner).Players.Select(static p => p.Parameters.Span.ToArray())];
        }
    }

    private static RecordingSink Train(IAlgorithm learner, int iterations)
    {
        var sink = new RecordingSink();
        for (int i = 0; i < iterations; i++)
        {
            learner.Iterate(1000, sink);
        }

        return sink;
    }

    private static TField Field<TField>(IAlgorithm learner, string name) =>
        (TField)learner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(learner)!;

    private static IAlgorithm Make(string id, bool discrete, ulong seed = 3, Func<object, object>? change = null)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        object options = descriptor.CreateOptions() switch
        {
            AcOptions ac => ac with { StepsPerIteration = 20, Environments = 3, Actor = new() { Hidden = [5] }, Critic = new() { Hidden = [5] } },
            OffPolicyOptions off => off with
            {
                Environments = 3,
                UpdateEvery = 20,
                Updates = 4,
                UpdateAfter = 30,
                LearningStarts = 30,
                BatchSize = 16,
                BufferSize = 200,
                Actor = Small,
                Critic = Small,
            },
            _ => throw new NotSupportedException(id),
        };
        return descriptor.Create(
            new AlgorithmContext(new Drift(discrete, 5), RandomStream.FromSeed(seed), 10_000, 1) { MakeEnvironment = () => new Drift(discrete, 5) },
            change?.Invoke(options) ?? options);
    }

    /// <summary>A learner of three numbers that counts steps.</summary>
    private sealed class Walker : Learner<double>
    {
        private static readonly ParameterLayout Layout = new([("place", 1, 3)]);
        private readonly Player<double> player;
        private long steps;

        public Walker()
            : base(new AlgorithmContext(new Drift(discrete: true, 5), RandomStream.FromSeed(1), 100, 1)) => player = Keep("walker", new Player<double>(
                "walker", Layout, new FlatVector<double>(Layout.Length), ScalarGame.Sgd(1) with { LearningRateSchedule = RateSchedule.Linear }));

        public bool Poison { get; set; }

        public double Rate => player.LearningRate;

        public override long Steps => steps;

        public override IPolicy Policy => throw new NotSupportedException();

        public void Add(string name) => Keep(name, RandomStream.FromSeed(1));

        public double Check(string what, double value) => Finite(what, value);

        protected override void Collect(long maximumSteps, ITrainingSink sink) => steps += maximumSteps;

        protected override void Update(ITrainingSink sink) => player.Parameters[1] = Poison ? double.NaN : 0;
    }
}
