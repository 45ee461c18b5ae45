using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// A small world with noise: two numbers that drift with the action. It terminates when the first leaves ±1.5 and is truncated after a given
/// number of steps. Discrete with three actions, or a box.
/// </summary>
internal sealed class Drift(bool discrete, int limit) : IEnvironment
{
    private readonly double[] position = new double[2];
    private RandomStream random = RandomStream.FromSeed(0);
    private int steps;

    public EnvironmentSpec Spec { get; } = new("Drift-test", limit, null);

    public Space ObservationSpace { get; } = new BoxSpace(2, -10, 10);

    public Space ActionSpace { get; init; } = discrete ? new DiscreteSpace(3) : new BoxSpace(2, -1, 1);

    /// <summary>Step at which the reward becomes NaN, or 0 for the observation of the reset; for tests of what happens then.</summary>
    public int PoisonedStep { get; init; } = int.MaxValue;

    public void Reset(ulong? seed, Span<double> observation)
    {
        random = seed is ulong value ? RandomStream.FromSeed(value) : random;
        position[0] = random.NextUniform(-0.5, 0.5);
        position[1] = random.NextUniform(-0.5, 0.5);
        steps = 0;
        position[0] = PoisonedStep == 0 ? double.NaN : position[0];
        position.CopyTo(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        double push = discrete ? action[0] - 1 : action[0];
        double other = discrete ? 0.3 : action[1];
        position[0] += (0.2 * push) + (0.1 * random.NextNormal());
        position[1] = (0.8 * position[1]) + (0.2 * other);
        steps++;
        position.CopyTo(observation);
        double reward = steps >= PoisonedStep ? double.NaN : 1 - (position[0] * position[0]) + (0.1 * position[1]);
        bool terminated = Math.Abs(position[0]) > 1.5;
        return new StepResult(reward, terminated, !terminated && steps >= limit);
    }

    public void Save(StateWriter writer)
    {
        writer.WriteArray("position", position);
        writer.Write("steps", steps);
        writer.Write("random", random);
    }

    public void Load(StateReader reader)
    {
        reader.ReadArray("position", position);
        steps = (int)reader.ReadInt64("steps");
        reader.Read("random", random);
    }

    public void Dispose()
    {
    }
}
