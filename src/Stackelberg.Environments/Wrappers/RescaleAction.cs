namespace Stackelberg.Environments.Wrappers;

/// <summary>Accepts actions in [−1, 1] and maps them linearly onto the bounds of the inner action space.</summary>
public sealed class RescaleAction : EnvironmentWrapper
{
    private readonly BoxSpace box;
    private readonly double[] rescaled;

    /// <summary>Rescales to the bounds of the inner action space.</summary>
    /// <exception cref="ArgumentException">The action space is not a box with finite bounds.</exception>
    public RescaleAction(IEnvironment inner)
        : base(inner)
    {
        box = inner.ActionSpace as BoxSpace
            ?? throw new ArgumentException($"Only box actions can be rescaled; {inner.Spec.Id} has {inner.ActionSpace}.", nameof(inner));
        for (int i = 0; i < box.Size; i++)
        {
            if (!double.IsFinite(box.Low[i]) || !double.IsFinite(box.High[i]))
            {
                throw new ArgumentException(
                    $"Action {i} of {inner.Spec.Id} is bounded by [{box.Low[i]}, {box.High[i]}]; rescaling needs finite bounds.", nameof(inner));
            }
        }

        rescaled = new double[box.Size];
        ActionSpace = new BoxSpace(box.Size, -1, 1);
    }

    /// <inheritdoc/>
    public override Space ActionSpace { get; }

    /// <inheritdoc/>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        if (!ActionSpace.Contains(action))
        {
            throw EnvironmentException.InvalidAction(Spec.Id, ActionSpace, action);
        }

        for (int i = 0; i < rescaled.Length; i++)
        {
            // Weighted by both bounds, so that −1 and 1 hit them exactly; the clamp undoes rounding in between.
            double fraction = 0.5 * (action[i] + 1.0);
            rescaled[i] = Math.Clamp((box.Low[i] * (1.0 - fraction)) + (box.High[i] * fraction), box.Low[i], box.High[i]);
        }

        return Inner.Step(rescaled, observation);
    }
}
