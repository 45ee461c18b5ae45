using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests;

/// <summary>What a learner's saved state looks like from outside.</summary>
public sealed class SavedStateTests
{
    [Fact]
    public void Weights_are_matrices_and_biases_vectors_whatever_their_sizes()
    {
        var writer = new Shapes();
        using var learner = new Ddpg<float>(new AlgorithmContext(new OneNumber(), RandomStream.FromSeed(1), 1000, 1), new DdpgOptions
        {
            Actor = OffPolicyOptions.Wide([8, 1, 3]),
            Critic = OffPolicyOptions.Wide([1]),
            BufferSize = 10,
        });
        learner.Save(writer);

        // as PyTorch's nn.Linear(in, out) has them: weight [out, in], bias [out]
        writer.Found.Where(t => t.Key.StartsWith("actor/network", StringComparison.Ordinal)).Select(t => t.Value).ShouldBe(
            ["layers.0.weight [8, 1]", "layers.0.bias [8]", "layers.1.weight [1, 8]", "layers.1.bias [1]", "layers.2.weight [3, 1]", "layers.2.bias [3]", "layers.3.weight [1, 3]", "layers.3.bias [1]"]);
        writer.Found.Where(t => t.Key.StartsWith("critic/network", StringComparison.Ordinal)).Select(t => t.Value).ShouldBe(
            ["layers.0.weight [1, 2]", "layers.0.bias [1]", "layers.1.weight [1, 1]", "layers.1.bias [1]"]);
    }

    [Fact]
    public void Infinity_in_an_optimisers_moments_is_not_saved()
    {
        using ActorCritic<double> learner = Learners.Create(Learners.Small().Led(LeaderRole.None));
        learner.Iterate(60, new RecordingSink());
        MemoryState sound = MemoryState.Of(learner);
        Player<double> critic = learner.Players.Single(p => p.Name == "critic");

        // a gradient whose square overflows leaves the parameters finite, and stuck
        critic.Gradient.Span.Fill(1e200);
        critic.Step();
        NumericalException fault = Should.Throw<NumericalException>(() => MemoryState.Of(learner));
        fault.Message.ShouldContain("'critic/optimiser/second_moment'");
        sound.Restore(learner);
        Should.NotThrow(() => MemoryState.Of(learner));
    }

    /// <summary>Notes the tensors that are written.</summary>
    private sealed class Shapes(string place = "", List<KeyValuePair<string, string>>? found = null) : StateWriter
    {
        public List<KeyValuePair<string, string>> Found { get; } = found ?? [];

        public override void Write(string key, long value)
        {
        }

        public override void Write(string key, ulong value)
        {
        }

        public override void Write(string key, double value)
        {
        }

        public override void Write(string key, bool value)
        {
        }

        public override void Write(string key, string value)
        {
        }

        public override void WriteArray(string key, ReadOnlySpan<float> values)
        {
        }

        public override void WriteArray(string key, ReadOnlySpan<double> values)
        {
        }

        public override void WriteArray(string key, ReadOnlySpan<long> values)
        {
        }

        public override void WriteArray(string key, ReadOnlySpan<byte> values)
        {
        }

        public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape) =>
            Found.Add(new($"{place}{key}", $"{key} [{string.Join(", ", shape.ToArray())}]"));

        public override StateWriter Group(string key) => new Shapes($"{place}{key}/", Found);
    }

    /// <summary>One observation, one action.</summary>
    private sealed class OneNumber : IEnvironment
    {
        public EnvironmentSpec Spec { get; } = new("OneNumber-test", null, null);

        public Space ObservationSpace { get; } = new BoxSpace(1, -1, 1);

        public Space ActionSpace { get; } = new BoxSpace(1, -1, 1);

        public void Reset(ulong? seed, Span<double> observation) => observation[0] = 0;

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation) => default;

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
