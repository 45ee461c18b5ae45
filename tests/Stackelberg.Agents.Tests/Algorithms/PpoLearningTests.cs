using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Learning in seconds, to returns that a wrong sign, mask or advantage does not reach.</summary>
public sealed class PpoLearningTests
{
    [Fact]
    public void Ppo_learns_CartPole() => Last("ppo", "CartPole-v1", 60_000, static o => o with
    {
        Environments = 4,
        RolloutSteps = 128,
        Epochs = 4,
        MinibatchSize = 128,
        ValueClip = 0.2,
        ValueCoefficient = 0.25,
        EntropyCoefficient = 0.01,
        TimeLimit = TimeLimit.Terminal,
        Actor = o.Actor with { LearningRate = 1e-3, LearningRateSchedule = RateSchedule.Linear },
        Critic = o.Critic with { LearningRate = 1e-3, LearningRateSchedule = RateSchedule.Linear },
    }).ShouldBeGreaterThan(400);

    [Fact]
    public void Ppo_learns_Pendulum() => Last("ppo", "Pendulum-v1", 80_000, static o => o with
    {
        Environments = 4,
        RolloutSteps = 512,
        Epochs = 10,
        MinibatchSize = 256,
        Gamma = 0.9,
        MaxGradientNorm = double.PositiveInfinity,
        Actor = o.Actor with { LearningRate = 2e-3 },
        Critic = o.Critic with { LearningRate = 2e-3 },
    }).ShouldBeGreaterThan(-700, "untrained it is about -1200");

    [Theory]
    [InlineData("nested-ppo")]
    [InlineData("blpo")]
    public void Nested_methods_learn_CartPole_in_half_the_steps_of_ppo(string id) => Last(id, "CartPole-v1", 60_000, static o => o).ShouldBeGreaterThan(400);

    [Fact]
    public void A2c_learns_CartPole() => Last("a2c", "CartPole-v1", 100_000, static o => o).ShouldBeGreaterThan(250);

    /// <summary>The mean return of the last 20 episodes.</summary>
    private static double Last(string id, string environment, long steps, Func<PpoOptions, PpoOptions> change)
    {
        var catalogue = new EnvironmentCatalogue();
        ClassicControl.Register(catalogue);
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        var context = new AlgorithmContext(catalogue.Make(environment), RandomStream.FromSeed(1), steps, 1) { MakeEnvironment = () => catalogue.Make(environment) };
        using IAlgorithm learner = descriptor.Create(context, change((PpoOptions)descriptor.CreateOptions()));
        var sink = new RecordingSink();
        while (learner.Steps < steps)
        {
            learner.Iterate(steps - learner.Steps, sink);
        }

        return sink.Episodes[^20..].Average(static e => e.Return);
    }
}
