using Stackelberg.Primitives;

namespace Stackelberg.Environments.Wrappers;

/// <summary>Stops at the first NaN or infinity in an observation or reward, naming environment, step and entry.</summary>
/// <remarks>Put it next to the dynamics, inside normalisation: a NaN that enters running statistics never leaves them.</remarks>
public sealed class FiniteCheck(IEnvironment inner) : EnvironmentWrapper(inner)
{
    private long step;

    /// <inheritdoc/>
    /// <exception cref="EnvironmentException">An entry is not finite.</exception>
    public override void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation);
        step = 0;
        Check(observation);
    }

    /// <inheritdoc/>
    /// <exception cref="EnvironmentException">An entry or the reward is not finite.</exception>
    public override StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        StepResult result = Inner.Step(action, observation);
        step++;
        Check(observation);
        return double.IsFinite(result.Reward) ? result : throw EnvironmentException.NotFinite(Spec.Id, "the reward", result.Reward, step);
    }

    /// <inheritdoc/>
    protected override void SaveOwn(StateWriter writer) => writer.Write("step", step);

    /// <inheritdoc/>
    protected override void LoadOwn(StateReader reader) => step = reader.ReadInt64("step");

    private void Check(ReadOnlySpan<double> observation)
    {
        for (int i = 0; i < observation.Length; i++)
        {
            if (!double.IsFinite(observation[i]))
            {
                throw EnvironmentException.NotFinite(Spec.Id, $"observation entry {i}", observation[i], step);
            }
        }
    }
}
