using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>Sums the rewards and counts the steps of episodes.</summary>
/// <remarks>Sees the rewards as the inner environment gives them: put it inside reward normalisation or clipping to report true returns.</remarks>
public sealed class EpisodeStatistics(IEnvironment inner) : EnvironmentWrapper(inner)
{
    /// <summary>Sum of the rewards of the present episode, undiscounted; of the last one until <see cref="Reset"/> starts the next.</summary>
    public double Return { get; private set; }

    /// <summary>Steps of the present episode; of the last one until <see cref="Reset"/> starts the next.</summary>
    public long Length { get; private set; }

    /// <summary>Episodes that ended, by termination or truncation. An episode abandoned by <see cref="Reset"/> does not count.</summary>
    public long Episodes { get; private set; }

    /// <summary>Steps taken in all episodes.</summary>
    public long TotalSteps { get; private set; }

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        Return = 0;
        Length = 0;
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        Return += result.Reward;
        Length++;
        TotalSteps++;
        if (result.Ended)
        {
            Episodes++;
        }

        return result;
    }

    /// <inheritdoc/>
    protected override void SaveOwn(StateWriter writer)
    {
        writer.Write("return", Return);
        writer.Write("length", Length);
        writer.Write("episodes", Episodes);
        writer.Write("total_steps", TotalSteps);
    }

    /// <inheritdoc/>
    protected override void LoadOwn(StateReader reader)
    {
        Return = reader.ReadDouble("return");
        Length = reader.ReadInt64("length");
        Episodes = reader.ReadInt64("episodes");
        TotalSteps = reader.ReadInt64("total_steps");
    }
}
