using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>λ(t) = λ₀ exp(−t/τ) after t updates, at least a floor.</summary>
public sealed class DecayingDamping : IDampingSchedule
{
    private readonly double initial, timeConstant, floor;
    private long updates;

    /// <summary>Sets the curve.</summary>
    /// <param name="initial">λ₀, finite and at least 0.</param>
    /// <param name="timeConstant">τ in updates, finite and above 0.</param>
    /// <param name="floor">Smallest λ, finite and at least 0.</param>
    public DecayingDamping(double initial, double timeConstant, double floor = 0)
    {
        SolverArguments.CheckDamping(initial);
        SolverArguments.CheckDamping(floor);
        if (!(timeConstant > 0) || double.IsInfinity(timeConstant))
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeConstant), timeConstant, "The time constant is the number of updates in which λ falls to 1/e: finite and above 0.");
        }

        (this.initial, this.timeConstant, this.floor) = (initial, timeConstant, floor);
    }

    /// <inheritdoc/>
    // from the count, not by repeated multiplication: resuming cannot accumulate other rounding
    public double Damping => Math.Max(floor, initial * Math.Exp(-updates / timeConstant));

    /// <inheritdoc/>
    public void Advance(double actualReduction = double.NaN, double predictedReduction = double.NaN) => updates++;

    /// <inheritdoc/>
    public void Save(StateWriter writer) => writer.Write("updates", updates);

    /// <inheritdoc/>
    public void Load(StateReader reader) => updates = reader.ReadInt64("updates");
}
