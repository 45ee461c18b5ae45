using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>Divides rewards by the running standard deviation of the discounted return: r / √(variance + ε). The mean is not subtracted.</summary>
/// <remarks>
/// The discounted return is accumulated forwards, G ← γG + r, from 0 at every reset. Gymnasium instead multiplies by 1 − terminated in the
/// terminating step itself, which drops the past one step early, and lets G run on over a truncation; both mix episodes and are not repeated here.
/// </remarks>
public sealed class NormaliseReward : EnvironmentWrapper
{
    private readonly double gamma;
    private readonly double epsilon;
    private double discountedReturn;

    /// <summary>Normalises by new statistics, or by given ones, which may be shared.</summary>
    /// <param name="gamma">Discount in [0, 1].</param>
    /// <exception cref="ArgumentException">The moments are not of single numbers, gamma is outside [0, 1] or epsilon is not positive.</exception>
    public NormaliseReward(IEnvironment inner, double gamma = 0.99, RunningMoments? moments = null, double epsilon = 1e-8)
        : base(inner)
    {
        this.gamma = gamma is >= 0 and <= 1
            ? gamma
            : throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "The discount lies in [0, 1].");
        this.epsilon = epsilon > 0
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Epsilon must be positive: constant returns have variance 0.");
        Moments = moments ?? new RunningMoments(1);
        if (Moments.Size != 1)
        {
            throw new ArgumentException($"The moments are of {Moments.Size} numbers; a return is one.", nameof(moments));
        }
    }

    /// <summary>The running statistics of the discounted return.</summary>
    public RunningMoments Moments { get; }

    /// <summary>Whether the statistics stay as they are, as evaluation needs.</summary>
    public bool Frozen { get; set; }

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        discountedReturn = 0;
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        discountedReturn = (gamma * discountedReturn) + result.Reward;
        if (!Frozen)
        {
            Moments.Add(new ReadOnlySpan<double>(in discountedReturn));
        }

        return result with { Reward = result.Reward / Math.Sqrt(Moments.Variance(0) + epsilon) };
    }

    /// <inheritdoc/>
    protected override void SaveOwn(StateWriter writer)
    {
        writer.Write("moments", Moments);
        writer.Write("discounted_return", discountedReturn);
        writer.Write("frozen", Frozen);
    }

    /// <inheritdoc/>
    protected override void LoadOwn(StateReader reader)
    {
        reader.Read("moments", Moments);
        discountedReturn = reader.ReadDouble("discounted_return");
        Frozen = reader.ReadBoolean("frozen");
    }
}
