using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>The same λ throughout.</summary>
public sealed class FixedDamping : IDampingSchedule
{
    /// <summary>Fixes λ, finite and at least 0.</summary>
    public FixedDamping(double damping)
    {
        SolverArguments.CheckDamping(damping);
        Damping = damping;
    }

    /// <inheritdoc/>
    public double Damping { get; }

    /// <inheritdoc/>
    public void Advance(double actualReduction = double.NaN, double predictedReduction = double.NaN)
    {
    }

    /// <summary>Nothing changes, so nothing is written: λ belongs to the configuration.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }
}
