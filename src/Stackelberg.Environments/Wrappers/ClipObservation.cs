namespace Stackelberg.Environments.Wrappers;

/// <summary>Clips every entry of an observation to an interval. NaN stays NaN: clipping hides no fault.</summary>
public sealed class ClipObservation : EnvironmentWrapper
{
    private readonly double low;
    private readonly double high;

    /// <summary>Clips to [<paramref name="low"/>, <paramref name="high"/>].</summary>
    /// <exception cref="ArgumentException">The bounds are not in order, or the observations are not a box.</exception>
    public ClipObservation(IEnvironment inner, double low, double high)
        : base(inner)
    {
        (this.low, this.high) = low <= high
            ? (low, high)
            : throw new ArgumentException($"Observations cannot be clipped to [{low}, {high}]; the lower bound must not exceed the upper.", nameof(low));
        if (inner.ObservationSpace is not BoxSpace box)
        {
            throw new ArgumentException($"Only box observations can be clipped; {inner.Spec.Id} has {inner.ObservationSpace}.", nameof(inner));
        }

        double[] lower = box.Low.ToArray(), upper = box.High.ToArray();
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = Math.Clamp(lower[i], low, high);
            upper[i] = Math.Clamp(upper[i], low, high);
        }

        ObservationSpace = new BoxSpace(lower, upper);
    }

    /// <inheritdoc/>
    public override Space ObservationSpace { get; }

    /// <inheritdoc/>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        Clip(observation);
    }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        Clip(observation);
        return result;
    }

    private void Clip(Span<double> observation)
    {
        foreach (ref double entry in observation)
        {
            entry = Math.Clamp(entry, low, high);
        }
    }
}
