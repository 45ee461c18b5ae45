using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Options;

/// <summary>A learner made by its constructor is refused what a configuration would be refused.</summary>
public sealed class ConstructorTests
{
    public static TheoryData<string, Action> Cases => new()
    {
        { "Gamma is 1.5", () => _ = new ActorCritic<float>(Context(), new AcOptions { Gamma = 1.5 }) },
        { "StepsPerIteration is 0", () => _ = new ActorCritic<float>(Context(), new AcOptions { StepsPerIteration = 0 }) },
        { "Actor.LearningRate is NaN", () => _ = new ActorCritic<double>(Context(), new AcOptions { Actor = new ActorOptions { LearningRate = double.NaN } }) },
        { "Critic is null", () => _ = new ActorCritic<double>(Context(), new AcOptions { Critic = null! }) },
        { "Polyak is -0.1", () => _ = new Ddpg<float>(Context(), new DdpgOptions { Polyak = -0.1 }) },
        { "PolicyDelay is 0", () => _ = new Ddpg<float>(Context(), new DdpgOptions { PolicyDelay = 0 }) },
        { "NoiseClip is -1", () => _ = new Td3<float>(Context(), new Td3Options { NoiseClip = -1 }) },
        { "BatchSize is 0", () => _ = new Td3<double>(Context(), new Td3Options { BatchSize = 0 }) },
        { "TemperatureLearningRate is 0", () => _ = new Sac<float>(Context(), new SacOptions { TemperatureLearningRate = 0 }) },
        { "EntropyUnits is 7", () => _ = new Sac<float>(Context(), new SacOptions { EntropyUnits = (ActionUnits)7 }) },
        { "Leading.Hypergradient.Iterations is 0", () => _ = new Sac<float>(Context(), new SacOptions { Leading = new() { Hypergradient = new() { Iterations = 0 } } }) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_option_out_of_range_is_named_with_its_value(string words, Action construct) => Should.Throw<ArgumentException>(construct).Message.ShouldContain(words);

    [Fact]
    public void Options_that_are_missing_are_refused()
    {
        Should.Throw<ArgumentNullException>(() => new ActorCritic<float>(Context(), null!));
        Should.Throw<ArgumentNullException>(() => new Sac<float>(Context(), null!));
    }

    private static AlgorithmContext Context() => new(new Drift(discrete: false, 30), RandomStream.FromSeed(5), 10_000, 1);
}
