using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>An episode of given length that pays the same at every step; its observation is a constant 5 and the steps so far. Nothing is random.</summary>
internal sealed class Steady(int limit, double reward = 1, bool terminates = false, double high = 1) : IEnvironment
{
    private int steps;

    public EnvironmentSpec Spec { get; } = new("Steady-test", limit, null);

    public Space ObservationSpace { get; } = new BoxSpace(2, -1000, 1000);

    public Space ActionSpace { get; } = new BoxSpace(1, -high, high);

    /// <summary>Resets so far.</summary>
    public int Resets { get; private set; }

    /// <summary>The largest action met, in absolute value.</summary>
    public double Largest { get; private set; }

    public void Reset(ulong? seed, Span<double> observation)
    {
        (steps, Resets) = (0, Resets + 1);
        (observation[0], observation[1]) = (5, 0);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        steps++;
        Largest = Math.Max(Largest, Math.Abs(action[0]));
        (observation[0], observation[1]) = (5, steps);
        return new StepResult(reward, terminates && steps >= limit, !terminates && steps >= limit);
    }

    public void Save(StateWriter writer) => writer.Write("steps", steps);

    public void Load(StateReader reader) => steps = (int)reader.ReadInt64("steps");

    public void Dispose()
    {
    }
}
