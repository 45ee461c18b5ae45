using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>The damping λ over the course of training.</summary>
public interface IDampingSchedule : IStateful
{
    /// <summary>λ ≥ 0 at a step.</summary>
    /// <param name="step">Whatever the schedule's time constant counts: environment steps or updates, from 0.</param>
    double Value(long step);
}
