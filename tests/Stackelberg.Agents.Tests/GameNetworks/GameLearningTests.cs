using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>Outcomes of greedy play after training, at fixed seeds.</summary>
public sealed class GameLearningTests
{
    [Fact]
    public void Bi_ac_commits_to_the_stackelberg_outcome_of_maintain()
    {
        Count("bi-ac", "Maintain-v0", seeds: 10, steps: 3000, [0, 0]).ShouldBeGreaterThanOrEqualTo(9);
    }

    [Fact]
    public void Bi_ac_escapes_and_independent_learners_do_not()
    {
        int bilevel = Count("bi-ac", "Escape-v0", seeds: 20, steps: 8000, [2, 2]), independent = Count("i-dqn", "Escape-v0", seeds: 10, steps: 4000, [2, 2]);
        bilevel.ShouldBeGreaterThanOrEqualTo(14);
        independent.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void Maddpg_ends_at_the_nash_equilibrium_of_maintain() => Count("maddpg", "Maintain-v0", seeds: 6, steps: 6000, [1, 1]).ShouldBeGreaterThanOrEqualTo(5);

    [Theory]
    [InlineData(LevelDerivative.Total, 2000, 1000)]
    [InlineData(LevelDerivative.Partial, 4000.0 / 3, 4000.0 / 3)]
    public void A_quantity_leader_foresees_the_answer_by_the_total_derivative_alone(LevelDerivative derivative, double leader, double follower)
    {
        double[] quantities = Quantities(ContinuousGames.Oligopoly(2), derivative, rewardScale: 1e-6);
        quantities[0].ShouldBe(leader, 0.02 * leader);
        quantities[1].ShouldBe(follower, 0.02 * follower);
    }

    [Theory]
    [InlineData(10, 20, 50, 15)]
    [InlineData(20, 10, 35, 27.5)]
    [InlineData(5, 30, 60, 5)]
    public void Firms_of_unequal_costs_end_at_the_closed_form(double costOfLeader, double costOfFollower, double leader, double follower)
    {
        ContinuousGame game = new("Duopoly", 2, 0, 100, (q, u) =>
        {
            double price = 100 - q[0] - q[1];
            (u[0], u[1]) = (q[0] * (price - costOfLeader), q[1] * (price - costOfFollower));
        });
        double[] quantities = Quantities(game, LevelDerivative.Total, rewardScale: 1.6e-3);
        quantities[0].ShouldBe(leader, 2);
        quantities[1].ShouldBe(follower, 1);
    }

    [Theory]
    [InlineData("bi-ac")]
    [InlineData("bi-ac-continuous")]
    [InlineData("i-dqn")]
    [InlineData("maddpg")]
    [InlineData("ma-td3")]
    public void A_time_limit_is_no_end_of_the_future(string id)
    {
        // reward 1 for ever, observations 0, 1, 2, 0, …, episodes cut after 3 steps: Q = 1 / (1 − 0.9) at every step, the last one included; a true end at the third gives 2.71, 1.9, 1
        foreach (bool terminates in new[] { false, true })
        {
            Space actions = id == "bi-ac-continuous" ? new BoxSpace(1, -1, 1) : new DiscreteSpace(2);
            DiscreteSpace steps = new(3);
            AgentRoster agents = new(new AgentSpec("leader", 0, steps, actions), new AgentSpec("follower", 1, steps, actions));
            NetworkOptions network = new() { Hidden = [16], LearningRate = 1e-2 };
            GameOptions options = Changed(((GameOptions)AlgorithmCatalogue.BuiltIn.Find(id)!.CreateOptions()) with
            {
                Gamma = 0.9, BatchSize = 64, Polyak = 0, TargetEvery = 50, UpdateAfter = 100, Exploration = new ExplorationOptions { RandomSteps = 100, Epsilon = 1 }, Precision = Precision.Double,
            }, network);
            using var learner = (Learner<double>)AlgorithmCatalogue.BuiltIn.Find(id)!.Create(Probe.Context(new CounterGame(agents, 3, terminates, [1, 1], static s => s % 3)), options);
            while (learner.Steps < 8000)
            {
                learner.Iterate(1000, new RecordingSink());
            }

            double[] expected = terminates ? [2.71, 1.9, 1] : [10, 10, 10];
            for (int t = 0; t < 3; t++)
            {
                for (int agent = 0; agent < 2; agent++)
                {
                    Player<double> critic = learner.PlayerOf($"critic{agent}");
                    double[] action = id == "bi-ac-continuous" ? [0.3, -0.2] : [1, 0, 0, 1];
                    double[] input = id == "i-dqn" ? Probe.OneHot(3, t) : [.. Probe.OneHot(3, t), .. action];
                    double value = PlainNetwork.Evaluate(new(input.Length, [16], id == "i-dqn" ? 2 : 1, Tensors.Networks.Activation.Tanh), critic.Parameters, input)[0];
                    value.ShouldBe(expected[t], 0.03 * expected[t], $"step {t} of agent {agent}, {(terminates ? "terminated" : "truncated")}");
                }
            }
        }
    }

    [Fact]
    public void A_soft_leader_finds_the_higher_of_two_hills()
    {
        // the follower's actor climbs locally and may stay on the lower hill whatever the leader explores: 10 of 12 seeds reach the higher one
        double[] heights = [.. Enumerable.Range(1, 8).Select(static seed => Height((ulong)seed))];
        heights.Count(static h => h > 9).ShouldBeGreaterThanOrEqualTo(5, string.Join(", ", heights));
    }

    internal static double Height(ulong seed, BiAcContinuousOptions? options = null, int steps = 8000)
    {
        using IEnvironment environment = new JointEnvironment(new DifferentialGame(ContinuousGames.TwoHills));
        BiAcContinuousOptions given = options ?? new BiAcContinuousOptions
        {
            Leader = ContinuousLeader.SoftQ, RewardScale = 0.1, BatchSize = 64, StepsPerIteration = 1000,
            Exploration = new ExplorationOptions { RandomSteps = 2000, Epsilon = 0.1 },
        };
        using BiAcContinuous<float> learner = new(AlgorithmContext.For(static () => new JointEnvironment(new DifferentialGame(ContinuousGames.TwoHills)), seed, steps), given);
        while (learner.Steps < steps)
        {
            learner.Iterate(1000, new RecordingSink());
        }

        double[] action = new double[2];
        learner.Policy.Act([0, 0], action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        environment.Reset(1, new double[2]);
        return environment.Step(action, new double[2]).Reward;
    }

    private static int Count(string id, string game, int seeds, int steps, double[] outcome) => Enumerable.Range(1, seeds).Count(seed =>
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        static IEnvironment Make(string name) => new JointEnvironment(MultiAgentCatalogue.WithAll().Make(name));
        using IAlgorithm learner = descriptor.Create(AlgorithmContext.For(() => Make(game), (ulong)seed, steps), ((GameOptions)descriptor.CreateOptions()) with { StepsPerIteration = 1000 });
        while (learner.Steps < steps)
        {
            learner.Iterate(1000, new RecordingSink());
        }

        double[] observation = new double[2], action = new double[2];
        learner.Policy.Act(observation, action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        return action.SequenceEqual(outcome);
    });

    private static double[] Quantities(ContinuousGame game, LevelDerivative derivative, double rewardScale)
    {
        const int steps = 12_000;
        BiAcContinuousOptions options = new()
        {
            RewardScale = rewardScale, QuadraticFeatures = true, BatchSize = 128, Derivative = derivative, StepsPerIteration = 1000,
            Critic = new NetworkOptions { Hidden = [], LearningRate = 1e-2, LearningRateSchedule = RateSchedule.Linear, FinalLearningRate = 1e-4 },
            Actor = new NetworkOptions { Hidden = [32, 32], LearningRate = 3e-3, LearningRateSchedule = RateSchedule.Linear, FinalLearningRate = 1e-5 },
            Exploration = new ExplorationOptions { Epsilon = 0.5, RandomSteps = 500 },
        };
        using BiAcContinuous<float> learner = new(AlgorithmContext.For(() => new JointEnvironment(new DifferentialGame(game)), 1, steps), options);
        while (learner.Steps < steps)
        {
            learner.Iterate(1000, new RecordingSink());
        }

        double[] action = new double[2];
        learner.Policy.Act([0, 0], action, PolicyMode.Greedy, RandomStream.FromSeed(1));
        return [.. action.Select(a => game.Low + ((a + 1) / 2 * (game.High - game.Low)))];
    }

    private static GameOptions Changed(GameOptions options, NetworkOptions network) => options switch
    {
        BiAcOptions b => b with { Leader = network, Follower = network, Actor = network },
        BiAcContinuousOptions c => c with { Critic = network, Actor = network },
        GameDqnOptions d => d with { Critic = network },
        MaddpgOptions m => m with { Critic = network, Actor = network },
        _ => throw new InvalidOperationException(),
    };
}
