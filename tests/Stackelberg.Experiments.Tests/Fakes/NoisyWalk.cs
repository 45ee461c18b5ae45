using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Fakes;

/// <summary>A walk on the line, pushed by the action and by noise; an episode ends beyond ±2 or after forty steps.</summary>
internal sealed class NoisyWalk : IEnvironment
{
    private RandomStream random = RandomStream.FromSeed(0);
    private double position;
    private long step;

    public EnvironmentSpec Spec { get; } = new("NoisyWalk", 40, null);

    public Space ObservationSpace { get; } = new BoxSpace(1, double.NegativeInfinity, double.PositiveInfinity);

    public Space ActionSpace { get; } = new BoxSpace(1, -1, 1);

    public void Reset(ulong? seed, Span<double> observation)
    {
        if (seed is { } value)
        {
            random = RandomStream.FromSeed(value);
        }

        (position, step) = (0, 0);
        observation[0] = position;
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        step++;
        position += (0.3 * action[0]) + (0.3 * random.NextNormal());
        observation[0] = position;
        bool terminated = Math.Abs(position) > 2;
        return new StepResult(1 - Math.Abs(position), terminated, !terminated && step == 40);
    }

    public void Save(StateWriter writer)
    {
        writer.Write("random", random);
        writer.Write("position", position);
        writer.Write("step", step);
    }

    public void Load(StateReader reader)
    {
        reader.Read("random", random);
        position = reader.ReadDouble("position");
        step = reader.ReadInt64("step");
    }

    public void Dispose()
    {
    }
}
