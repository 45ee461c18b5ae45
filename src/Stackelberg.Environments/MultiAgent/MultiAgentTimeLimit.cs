using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Truncates a joint episode after a number of steps; when it terminates in that very step, both flags are true.</summary>
public sealed class MultiAgentTimeLimit : IMultiAgentEnvironment
{
    private readonly int limit;
    private long steps;
    private bool running;

    /// <summary>Limits episodes of <paramref name="inner"/> to <paramref name="maxEpisodeSteps"/> steps and owns it from then on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public MultiAgentTimeLimit(IMultiAgentEnvironment inner, int maxEpisodeSteps)
        : this(inner, inner.Spec with { MaxEpisodeSteps = maxEpisodeSteps })
    {
    }

    internal MultiAgentTimeLimit(IMultiAgentEnvironment inner, EnvironmentSpec spec)
    {
        limit = spec.MaxEpisodeSteps ?? 0;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit, nameof(spec));
        Inner = inner;
        Spec = spec;
    }

    /// <summary>The environment whose episodes are limited.</summary>
    public IMultiAgentEnvironment Inner { get; }

    /// <inheritdoc/>
    public EnvironmentSpec Spec { get; }

    /// <inheritdoc/>
    public AgentRoster Agents => Inner.Agents;

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observations)
    {
        Inner.Reset(seed, observations);
        steps = 0;
        running = true;
    }

    /// <inheritdoc/>
    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        JointStepResult result = Inner.Step(actions, observations, rewards);
        steps++;
        if (steps >= limit)
        {
            result = result with { Truncated = true };
        }

        running = !result.Ended;
        return result;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("steps", steps);
        writer.Write("running", running);
        writer.Write("inner", Inner);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        steps = reader.ReadInt64("steps");
        running = reader.ReadBoolean("running");
        reader.Read("inner", Inner);
    }

    /// <inheritdoc/>
    public void Dispose() => Inner.Dispose();
}
