namespace Stackelberg.Environments.Wrappers;

/// <summary>Accepts any finite continuous action and clips it to the inner action space. NaN and infinities are refused, not clipped.</summary>
public sealed class ClipAction : EnvironmentWrapper
{
    private readonly BoxSpace box;
    private readonly double[] clipped;

    /// <summary>Clips to the bounds of the inner action space.</summary>
    /// <exception cref="ArgumentException">The action space is not a box.</exception>
    public ClipAction(IEnvironment inner)
        : base(inner)
    {
        box = inner.ActionSpace as BoxSpace
            ?? throw new ArgumentException($"Only box actions can be clipped; {inner.Spec.Id} has {inner.ActionSpace}.", nameof(inner));
        clipped = new double[box.Size];
        ActionSpace = new BoxSpace(box.Size, double.NegativeInfinity, double.PositiveInfinity);
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

        for (int i = 0; i < clipped.Length; i++)
        {
            clipped[i] = Math.Clamp(action[i], box.Low[i], box.High[i]);
        }

        return Inner.Step(clipped, observation);
    }
}
