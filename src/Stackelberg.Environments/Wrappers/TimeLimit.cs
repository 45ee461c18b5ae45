using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>Truncates an episode after a number of steps.</summary>
/// <remarks>
/// The last allowed step is <see cref="StepResult.Truncated"/> whatever else it is: when the episode terminates in that very step, both flags are
/// true, as in Gymnasium. A learner bootstraps only where <see cref="StepResult.Terminated"/> is false.
/// </remarks>
public sealed class TimeLimit : EnvironmentWrapper
{
    private readonly EnvironmentSpec spec;
    private long steps;
    private bool running;

    /// <summary>Limits episodes of <paramref name="inner"/> to <paramref name="maxEpisodeSteps"/> steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not positive.</exception>
    public TimeLimit(IEnvironment inner, int maxEpisodeSteps)
        : this(inner, maxEpisodeSteps, inner.Spec with { MaxEpisodeSteps = maxEpisodeSteps })
    {
    }

    internal TimeLimit(IEnvironment inner, int maxEpisodeSteps, EnvironmentSpec spec)
        : base(inner)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxEpisodeSteps);
        MaxEpisodeSteps = maxEpisodeSteps;
        this.spec = spec;
    }

    /// <summary>Steps after which an episode is truncated.</summary>
    public int MaxEpisodeSteps { get; }

    /// <summary>Steps taken in the present episode.</summary>
    public long Steps => steps;

    /// <inheritdoc/>
    public override EnvironmentSpec Spec => spec;

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        steps = 0;
        running = true;
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        if (!running)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        StepResult result = Inner.Step(action, observation);
        steps++;
        if (steps >= MaxEpisodeSteps)
        {
            result = result with { Truncated = true };
        }

        running = !result.Ended;
        return result;
    }

    /// <inheritdoc/>
    protected override void SaveOwn(StateWriter writer)
    {
        writer.Write("steps", steps);
        writer.Write("running", running);
    }

    /// <inheritdoc/>
    protected override void LoadOwn(StateReader reader)
    {
        steps = reader.ReadInt64("steps");
        running = reader.ReadBoolean("running");
    }
}
