using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests;

/// <summary>Presets of PPO's family, as a command line names them.</summary>
public sealed class PpoPresetTests
{
    private static readonly EnvironmentCatalogue Environments = All();

    private static readonly string[] Continuous = ["cleanrl-continuous", "tianshou", "rltools-pendulum"];

    private static IEnumerable<AlgorithmDescriptor> Family => AlgorithmCatalogue.BuiltIn.All.Where(static a => a.OptionsType == typeof(PpoOptions));

    public static TheoryData<string, string, string> Cases()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (AlgorithmDescriptor algorithm in Family)
        {
            foreach (string preset in algorithm.Presets.Keys)
            {
                cases.Add(algorithm.Id, preset, Continuous.Contains(preset) ? "Pendulum-v1" : "CartPole-v1");
            }
        }

        cases.Add("ppo", "zoo", "Pendulum-v1");
        cases.Add("ppo", "zoo", "Acrobot-v1");
        cases.Add("ppo", "sb3", "Pendulum-v1");
        cases.Add("blpo", "paper", "Pendulum-v1");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_preset_contradicts_nothing_and_trains(string id, string preset, string environment)
    {
        ResolvedConfiguration resolved = Resolve(id, preset, environment);
        resolved.Unread.ShouldBeEmpty();
        var options = (PpoOptions)resolved.Options;
        // the networks, copies and epochs of the preset, on as few steps as make two rollouts
        options = options with { RolloutSteps = Math.Min(options.RolloutSteps, 600 / options.Environments), Epochs = Math.Min(options.Epochs, 3) };
        var context = new AlgorithmContext(Environments.Make(environment), RandomStream.FromSeed(2), 1200, 1) { MakeEnvironment = () => Environments.Make(environment) };
        using IAlgorithm learner = resolved.Algorithm.Create(context, options);
        var sink = new Sink();
        learner.Iterate(600, sink);
        learner.Iterate(600, sink);
        learner.Steps.ShouldBe(2L * options.RolloutSteps * options.Environments);
        sink.Metrics["actor/gradient_norm"].ShouldBeGreaterThan(0);
        double.IsFinite(sink.Metrics["critic/loss_before_last"]).ShouldBeTrue();
    }

    [Fact]
    public void Every_preset_is_resolved_for_every_environment_that_it_or_its_algorithm_names()
    {
        foreach (AlgorithmDescriptor algorithm in Family)
        {
            foreach ((string name, AlgorithmPreset preset) in algorithm.Presets)
            {
                string[] known = [.. Environments.Specs.Select(static e => e.Id)];
                foreach (string environment in algorithm.EnvironmentPresets.Keys.Concat(preset.PerEnvironment?.Keys ?? []).Distinct().Intersect(known))
                {
                    Resolve(algorithm.Id, name, environment).Unread.ShouldBeEmpty($"{algorithm.Id} {name} {environment}");
                }
            }
        }
    }

    [Theory]
    [InlineData("ppo", "blpo", "CartPole-v1", 4, 128, 2.5e-4, 2.5e-4)]
    [InlineData("ppo", "cleanrl-discrete", "CartPole-v1", 4, 128, 2.5e-4, 2.5e-4)]
    [InlineData("ppo", "cleanrl-continuous", "Hopper-v4", 1, 2048, 3e-4, 3e-4)]
    [InlineData("ppo", "spinningup", "Pendulum-v1", 1, 4000, 3e-4, 1e-3)]
    [InlineData("ppo", "zoo", "CartPole-v1", 8, 32, 1e-3, 1e-3)]
    [InlineData("ppo", "zoo", "Walker2d-v4", 1, 512, 5.05041e-5, 5.05041e-5)]
    [InlineData("nested-ppo", "paper", "CartPole-v1", 4, 128, 2.5e-4, 1e-3)]
    [InlineData("blpo", "paper", "Hopper-v4", 32, 640, 3e-4, 1.2e-3)]
    [InlineData("blpo-cg", "paper", "Acrobot-v1", 4, 128, 2.5e-4, 1e-3)]
    public void Presets_have_the_sizes_and_rates_of_their_sources(string id, string preset, string environment, int copies, int steps, double actor, double critic)
    {
        var options = (PpoOptions)Resolve(id, preset, environment).Options;
        (options.Environments, options.RolloutSteps, options.Actor.LearningRate, options.Critic.LearningRate).ShouldBe((copies, steps, actor, critic));
    }

    private static ResolvedConfiguration Resolve(string id, string preset, string environment) => ConfigurationResolver.Resolve(new ConfigurationRequest
    {
        Environments = static _ => Environments,
        Flags = [new("algo", id), new("env", environment), new("preset", preset)],
    });

    private static EnvironmentCatalogue All()
    {
        var catalogue = new EnvironmentCatalogue();
        ClassicControl.Register(catalogue);
        MujocoTasks.Register(catalogue);
        return catalogue;
    }

    private sealed class Sink : ITrainingSink
    {
        public Dictionary<string, double> Metrics { get; } = [];

        public void Metric(string name, double value) => Metrics[name] = value;
    }
}
