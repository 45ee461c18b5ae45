using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>The same λ throughout.</summary>
public sealed class FixedDamping : IDampingSchedule
{
    private readonly double damping;

    /// <summary>Fixes λ, finite and at least 0.</summary>
    public FixedDamping(double damping)
    {
        SolverArguments.CheckDamping(damping);
        this.damping = damping;
    }

    /// <inheritdoc/>
    public double Value(long step) => damping;

    /// <summary>Nothing changes, so nothing is written: λ belongs to the configuration.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }
}
