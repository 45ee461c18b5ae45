using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;

namespace Stackelberg.Agents.Tests.Games;

/// <summary>Updates of learners with tables, against numbers by hand and against plain loops over what was played.</summary>
public sealed class TabularUpdateTests
{
    private const double Alpha = 0.25, Gamma = 0.8;

    [Fact]
    public void Two_steps_of_bilevel_q_by_hand()
    {
        // nobody explores and equals go to the first: A-X pays 40 to both, then 20 and 35 by α = γ = ½
        using var learner = (BilevelQ)TabularGames.Create("bilevel-q", () => new MarkovGameEnvironment(MatrixGames.RunnerDefault.Repeated()), 1,
            o => o with { LearningRate = 0.5, Gamma = 0.5, StepsPerIteration = 1, Exploration = new ExplorationOptions { Epsilon = 0 } });
        learner.Advance(1);
        learner.ValueOf(0, [0, 0], [0, 0]).ShouldBe(20);
        learner.Advance(1);
        learner.ValueOf(0, [0, 0], [0, 0]).ShouldBe(35);
        learner.ValueOf(1, [0, 0], [0, 0]).ShouldBe(35);
        learner.ValueOf(0, [0, 0], [1, 0]).ShouldBe(0);
    }

    [Theory]
    [InlineData("independent-q", 1, 0)]
    [InlineData("hysteretic-q", 0.25, 0)]
    [InlineData("lenient-q", 1, 2)]
    public void Disappointments_count_by_hand(string id, double rate, double leniency)
    {
        // both get 4, and then 4 − 8: α = ½, γ = 0. Temperatures are 1 and ½ at the two steps
        var game = new MarkovGame("Fall", ["one", "two"], [["A"], ["A"]], ["0", "1"], [1, 0], (state, _, rewards) =>
        {
            rewards.Fill(state == 0 ? 4 : -4);
            return (1 - state, false);
        });
        using var learner = (IndependentQ)TabularGames.Create<IndependentQOptions>(id, () => new ShowsNothing(game), 1, o => o with
        {
            LearningRate = 0.5,
            Gamma = 0,
            NegativeRate = rate,
            Leniency = leniency,
            TemperatureDecay = 0.5,
            StepsPerIteration = 1,
        });
        learner.Advance(1);
        learner.ValueOf(0, [0, 0], 0).ShouldBe(2);
        learner.Advance(1);
        learner.ValueOf(0, [0, 0], 0).ShouldBe(2 - (0.5 * rate * Math.Exp(-leniency * 0.5) * 6), 1e-15);
    }

    [Fact]
    public void Bilevel_q_is_its_equation()
    {
        (BilevelQ learner, TabularGames.Noting game) = Play<BilevelQ, TabularOptions>("bilevel-q");
        double[,,] q = new double[2, 3, 4];
        foreach (TabularGames.Joint t in game.Steps)
        {
            int next = (int)t.After[0];
            int[] answers = [q[1, next, 1] > q[1, next, 0] ? 1 : 0, q[1, next, 3] > q[1, next, 2] ? 1 : 0];
            int leader = q[0, next, 2 + answers[1]] > q[0, next, answers[0]] ? 1 : 0;
            Move(q, t, i => q[i, next, (2 * leader) + answers[leader]]);
        }

        Same(q, learner.ValueOf);
        learner.Dispose();
    }

    [Theory]
    [InlineData(EquilibriumRule.First)]
    [InlineData(EquilibriumRule.Leader)]
    [InlineData(EquilibriumRule.Optimal)]
    public void Nash_q_is_its_equation(EquilibriumRule rule)
    {
        (NashQ learner, TabularGames.Noting game) = Play<NashQ, NashQOptions>("nash-q", o => o with { Equilibrium = rule });
        double[,,] q = new double[2, 3, 4];
        int mixed = 0;
        foreach (TabularGames.Joint t in game.Steps)
        {
            (double first, double second, bool isMixed) = Nash(q, (int)t.After[0], rule);
            mixed += isMixed ? 1 : 0;
            Move(q, t, i => i == 0 ? first : second);
        }

        mixed.ShouldBeGreaterThan(0);
        Same(q, learner.ValueOf, 1e-9);
        learner.Dispose();
    }

    [Fact]
    public void Minimax_q_is_its_equation()
    {
        (MinimaxQ learner, TabularGames.Noting game) = Play<MinimaxQ, TabularOptions>("minimax-q", zeroSum: true);
        double[,,] q = new double[2, 3, 4];
        foreach (TabularGames.Joint t in game.Steps)
        {
            double value = TwoByTwo(q, (int)t.After[0]);
            Move(q, t, i => i == 0 ? value : -value);
        }

        for (int s = 0; s < 3; s++)
        {
            learner.ValueOf([s, s]).ShouldBe(TwoByTwo(q, s), 1e-9);
        }

        learner.Dispose();
    }

    [Theory]
    [MemberData(nameof(TabularGames.Ids), MemberType = typeof(TabularGames))]
    public void A_time_limit_ends_no_future_and_termination_does(string id)
    {
        foreach (bool ends in (bool[])[false, true])
        {
            using IAlgorithm learner = TabularGames.Create(id, () => new MultiAgentTimeLimit(new MarkovGameEnvironment(TabularGames.Circle(ends)), 3), 2,
                o => o with { Gamma = 0.9, LearningRate = 0.5, Exploration = o.Exploration with { Epsilon = 1 } });
            learner.Advance(6000);
            double[] right = ends ? [2.71, 1.9, 1] : [10, 10, 10];
            for (int s = 0; s < 3; s++)
            {
                double value = learner switch
                {
                    BilevelQ b => b.ValueOf(1, [s, s], [1, 0]),
                    IndependentQ i => i.ValueOf(1, [s, s], 1),
                    MinimaxQ m => m.ValueOf([s, s]),
                    NashQ n => n.ValueOf(1, [s, s], [1, 0]),
                    _ => double.NaN,
                };
                value.ShouldBe(right[s], 1e-6, $"{id} in state {s}, {(ends ? "terminated" : "truncated")}");
            }
        }
    }

    [Fact]
    public void Equals_are_drawn_alike()
    {
        // what andnp/rl-control-template#1 got wrong: 2 : 1 for the first
        var random = Primitives.RandomStream.FromSeed(4);
        int[] counts = new int[3];
        for (int draw = 0; draw < 10_000; draw++)
        {
            var best = new Best(random);
            best.Offer(0, 2);
            best.Offer(1, 1);
            best.Offer(2, 2);
            counts[best.Index]++;
        }

        counts[0].ShouldBeInRange(4850, 5150);
        counts[1].ShouldBe(0);
        var first = new Best(null);
        first.Offer(5, 1);
        first.Offer(6, 1);
        first.Index.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(TabularGames.Ids), MemberType = typeof(TabularGames))]
    public void A_step_allocates_nothing_in_steady_state(string id)
    {
        using IAlgorithm learner = TabularGames.Create(id, () => new MultiAgentTimeLimit(new MarkovGameEnvironment(TabularGames.Mixed(zeroSum: true)), 20), 5, o => o);
        var sink = new TabularGames.Quiet();
        learner.Advance(3000, sink);
        long before = GC.GetAllocatedBytesForCurrentThread();
        learner.Advance(3000, sink);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(TabularGames.Ids), MemberType = typeof(TabularGames))]
    public void A_run_goes_on_from_the_middle_of_an_episode_with_the_same_bits(string id)
    {
        IAlgorithm Make(ulong seed) => TabularGames.Create(id, () => new MultiAgentTimeLimit(new MarkovGameEnvironment(TabularGames.Mixed(zeroSum: id == "minimax-q")), 20), seed, o => o with
        {
            Ties = id is "minimax-q" or "nash-q" ? TieRule.First : TieRule.Random,
            InitialLow = -1,
            InitialHigh = 1,
            StepsPerIteration = 7,
            Exploration = new ExplorationOptions { RandomSteps = 20, Epsilon = 0.5, Decay = 0.9, DecaySteps = 3 },
            Environments = 2,
        });
        using IAlgorithm whole = Make(1), resumed = Make(2);
        whole.Advance(31);
        Primitives.MemoryState middle = Primitives.MemoryState.Of(whole);
        middle.Restore(resumed);
        Primitives.MemoryState.Of(resumed).FirstDifference(middle).ShouldBeNull();
        whole.Advance(200);
        resumed.Advance(200);
        Primitives.MemoryState.Of(resumed).FirstDifference(Primitives.MemoryState.Of(whole)).ShouldBeNull();
    }

    private static (TLearner Learner, TabularGames.Noting Game) Play<TLearner, TOptions>(string id, Func<TOptions, TOptions>? change = null, bool zeroSum = false)
        where TOptions : TabularOptions
    {
        TabularGames.Noting? game = null;
        IAlgorithm learner = TabularGames.Create<TOptions>(id, () => game = new TabularGames.Noting(new MarkovGameEnvironment(TabularGames.Mixed(zeroSum))), 8, o =>
            (change ?? (static same => same))(o with { LearningRate = Alpha, Gamma = Gamma, Exploration = o.Exploration with { Epsilon = 1 } }));
        learner.Advance(400);
        game!.Steps.Count.ShouldBe(400);
        return ((TLearner)learner, game);
    }

    private static void Move(double[,,] q, TabularGames.Joint t, Func<int, double> future)
    {
        (int state, int action) = ((int)t.Before[0], (2 * (int)t.Actions[0]) + (int)t.Actions[1]);
        double[] targets = [.. Enumerable.Range(0, 2).Select(i => t.Rewards[i] + (t.Terminated ? 0 : Gamma * future(i)))];
        for (int i = 0; i < 2; i++)
        {
            q[i, state, action] += Alpha * (targets[i] - q[i, state, action]);
        }
    }

    private delegate double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions);

    private static void Same(double[,,] q, ValueOf value, double tolerance = 1e-12)
    {
        for (int k = 0; k < 24; k++)
        {
            (int agent, int state, int action) = (k / 12, k / 4 % 3, k % 4);
            value(agent, [state, state], [action / 2, action % 2]).ShouldBe(q[agent, state, action], tolerance);
        }
    }

    // the value of a game of two rows and columns: a saddle point if there is one, else (ad − bc) / (a + d − b − c)
    private static double TwoByTwo(double[,,] q, int state)
    {
        (double a, double b, double c, double d) = (q[0, state, 0], q[0, state, 1], q[0, state, 2], q[0, state, 3]);
        double lower = Math.Max(Math.Min(a, b), Math.Min(c, d)), upper = Math.Min(Math.Max(a, c), Math.Max(b, d));
        return lower >= upper ? lower : ((a * d) - (b * c)) / (a + d - b - c);
    }

    private static (double First, double Second, bool IsMixed) Nash(double[,,] q, int s, EquilibriumRule rule)
    {
        int[] pure = [.. Enumerable.Range(0, 4).Where(k => q[0, s, k] >= q[0, s, k ^ 2] && q[1, s, k] >= q[1, s, k ^ 1])];
        if (pure.Length > 0)
        {
            int k = rule switch
            {
                EquilibriumRule.Leader => pure.MaxBy(k => q[0, s, k]),
                EquilibriumRule.Optimal => pure.MaxBy(k => q[0, s, k] + q[1, s, k]),
                _ => pure[0],
            };
            return (q[0, s, k], q[1, s, k], false);
        }

        // each is made indifferent by the other
        double y = (q[0, s, 3] - q[0, s, 1]) / (q[0, s, 0] - q[0, s, 1] - q[0, s, 2] + q[0, s, 3]);
        double x = (q[1, s, 3] - q[1, s, 2]) / (q[1, s, 0] - q[1, s, 1] - q[1, s, 2] + q[1, s, 3]);
        return ((y * q[0, s, 0]) + ((1 - y) * q[0, s, 1]), (x * q[1, s, 0]) + ((1 - x) * q[1, s, 2]), true);
    }

    /// <summary>A game whose players always observe 0.</summary>
    private sealed class ShowsNothing(MarkovGame game) : IMultiAgentEnvironment
    {
        private readonly MarkovGameEnvironment inner = new(game);

        public EnvironmentSpec Spec => inner.Spec;

        public AgentRoster Agents => inner.Agents;

        public void Reset(ulong? seed, Span<double> observations)
        {
            inner.Reset(seed, observations);
            observations.Clear();
        }

        public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
        {
            JointStepResult result = inner.Step(actions, observations, rewards);
            observations.Clear();
            return result;
        }

        public void Save(Primitives.StateWriter writer) => inner.Save(writer);

        public void Load(Primitives.StateReader reader) => inner.Load(reader);

        public void Dispose() => inner.Dispose();
    }
}
