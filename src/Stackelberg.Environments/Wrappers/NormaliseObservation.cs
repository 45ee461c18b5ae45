using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>Gives observations zero mean and unit variance by running statistics: (o − mean) / √(variance + ε).</summary>
/// <remarks>
/// The statistics take in every observation, those of resets and the final ones included, before it is normalised, as in Gymnasium.
/// For evaluation wrap a second environment around the same <see cref="Moments"/> and set <see cref="Frozen"/> there: it then reads them and
/// never changes them. Put <see cref="FiniteCheck"/> inside, so that a NaN stops the run before it spoils the statistics.
/// </remarks>
public sealed class NormaliseObservation : EnvironmentWrapper
{
    private readonly double epsilon;

    /// <summary>Normalises by new statistics, or by given ones, which may be shared.</summary>
    /// <exception cref="ArgumentException">The moments have another size than the observations, or epsilon is not positive.</exception>
    public NormaliseObservation(IEnvironment inner, RunningMoments? moments = null, double epsilon = 1e-8)
        : base(inner)
    {
        Moments = moments ?? new RunningMoments(inner.ObservationSpace.Size);
        if (Moments.Size != inner.ObservationSpace.Size)
        {
            throw new ArgumentException($"The moments are of {Moments.Size} numbers; observations of {inner.Spec.Id} have {inner.ObservationSpace.Size}.",
                nameof(moments));
        }

        this.epsilon = epsilon > 0
            ? epsilon
            : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Epsilon must be positive: a constant entry has variance 0.");
        ObservationSpace = new BoxSpace(Moments.Size, double.NegativeInfinity, double.PositiveInfinity);
    }

    /// <summary>The running statistics.</summary>
    public RunningMoments Moments { get; }

    /// <summary>Whether the statistics stay as they are, as evaluation needs.</summary>
    public bool Frozen { get; set; }

    /// <inheritdoc/>
    public override Space ObservationSpace { get; }

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        Normalise(observation);
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        Normalise(observation);
        return result;
    }

    /// <inheritdoc/>
    protected override void SaveOwn(StateWriter writer)
    {
        writer.Write("moments", Moments);
        writer.Write("frozen", Frozen);
    }

    /// <inheritdoc/>
    protected override void LoadOwn(StateReader reader)
    {
        reader.Read("moments", Moments);
        Frozen = reader.ReadBoolean("frozen");
    }

    private void Normalise(Span<double> observation)
    {
        if (!Frozen)
        {
            Moments.Add(observation);
        }

        Moments.Normalise(observation, epsilon);
    }
}
