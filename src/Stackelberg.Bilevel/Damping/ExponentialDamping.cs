using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>λ(t) = λ₀ exp(−t/τ), at least a floor.</summary>
public sealed class ExponentialDamping : IDampingSchedule
{
    private readonly double initial, timeConstant, floor;

    /// <summary>Sets the curve.</summary>
    /// <param name="initial">λ₀, finite and at least 0.</param>
    /// <param name="timeConstant">τ in steps, finite and above 0.</param>
    /// <param name="floor">Smallest λ, finite and at least 0.</param>
    public ExponentialDamping(double initial, double timeConstant, double floor = 0)
    {
        SolverArguments.CheckDamping(initial);
        SolverArguments.CheckDamping(floor);
        if (!(timeConstant > 0) || double.IsInfinity(timeConstant))
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeConstant), timeConstant, "The time constant is the number of steps in which λ falls to 1/e: finite and above 0.");
        }

        (this.initial, this.timeConstant, this.floor) = (initial, timeConstant, floor);
    }

    /// <inheritdoc/>
    public double Value(long step) => Math.Max(floor, initial * Math.Exp(-step / timeConstant));

    /// <summary>A function of the step alone, so nothing is written.</summary>
    public void Save(StateWriter writer)
    {
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
    }
}
