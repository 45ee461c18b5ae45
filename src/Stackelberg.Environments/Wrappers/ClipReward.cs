namespace Stackelberg.Environments.Wrappers;

/// <summary>Clips rewards to an interval. NaN stays NaN: clipping hides no fault.</summary>
public sealed class ClipReward : EnvironmentWrapper
{
    private readonly double low;
    private readonly double high;

    /// <summary>Clips to [<paramref name="low"/>, <paramref name="high"/>].</summary>
    /// <exception cref="ArgumentException">The bounds are not in order.</exception>
    public ClipReward(IEnvironment inner, double low, double high)
        : base(inner)
    {
        (this.low, this.high) = low <= high
            ? (low, high)
            : throw new ArgumentException($"Rewards cannot be clipped to [{low}, {high}]; the lower bound must not exceed the upper.", nameof(low));
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        return result with { Reward = Math.Clamp(result.Reward, low, high) };
    }
}
