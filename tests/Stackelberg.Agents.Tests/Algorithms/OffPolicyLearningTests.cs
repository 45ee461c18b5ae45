using Stackelberg.Agents.Algorithms;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Pendulum-v1: a policy that does nothing scores about −1200, one that swings up and holds −150.</summary>
public sealed class OffPolicyLearningTests
{
    private static readonly NetworkOptions Network = OffPolicyOptions.Wide([64, 64]);

    [Fact]
    public void Ddpg_solves_the_pendulum() =>
        Evaluate(context => new Ddpg<float>(context, new DdpgOptions { Actor = Network, Critic = Network, LearningStarts = 1000, BufferSize = 20_000 }))
            .ShouldBeGreaterThanOrEqualTo(-200);

    [Fact]
    public void Td3_solves_the_pendulum() =>
        Evaluate(context => new Td3<float>(context, new Td3Options { Actor = Network, Critic = Network, LearningStarts = 1000, BufferSize = 20_000 }))
            .ShouldBeGreaterThanOrEqualTo(-200);

    [Fact]
    public void Sac_solves_the_pendulum() =>
        Evaluate(context => new Sac<float>(context, new SacOptions { Actor = Network, Critic = Network, LearningStarts = 1000, BufferSize = 20_000 }))
            .ShouldBeGreaterThanOrEqualTo(-200);

    private static double Evaluate(Func<AlgorithmContext, IAlgorithm> create)
    {
        var catalogue = new EnvironmentCatalogue();
        ClassicControl.Register(catalogue);
        using IAlgorithm learner = create(new AlgorithmContext(catalogue.Make("Pendulum-v1"), RandomStream.FromSeed(1), 20_000, 1));
        var sink = new Support.RecordingSink();
        while (learner.Steps < 20_000)
        {
            learner.Iterate(20_000 - learner.Steps, sink);
        }

        using IEnvironment environment = catalogue.Make("Pendulum-v1");
        double[] observation = new double[3];
        double[] action = new double[1];
        double sum = 0;
        for (ulong episode = 0; episode < 20; episode++)
        {
            environment.Reset(1000 + episode, observation);
            StepResult result = default;
            while (!result.Ended)
            {
                learner.Policy.Act(observation, action, PolicyMode.Greedy, RandomStream.FromSeed(0));
                result = environment.Step(action, observation);
                sum += result.Reward;
            }
        }

        return sum / 20;
    }
}
