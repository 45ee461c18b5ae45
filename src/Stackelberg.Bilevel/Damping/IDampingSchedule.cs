using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>The damping λ over the course of training.</summary>
public interface IDampingSchedule : IStateful
{
    /// <summary>λ ≥ 0 to use now.</summary>
    double Damping { get; }

    /// <summary>Goes on after one leader update.</summary>
    /// <param name="actualReduction">
    /// How much the objective fell, in its own units (negative when it rose); NaN when it was not measured, or is itself not a number.
    /// </param>
    /// <param name="predictedReduction">How much the quadratic model said it would fall, above 0.</param>
    /// <remarks>Schedules of time alone ignore both.</remarks>
    void Advance(double actualReduction = double.NaN, double predictedReduction = double.NaN);
}
