using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Iteration budget and tolerance with their defaults and checks.</summary>
internal readonly struct IterationControl<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int? iterations;

    public IterationControl(int? iterations, double? tolerance)
    {
        if (iterations is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(iterations), iterations, "An iteration budget is at least 1.");
        }

        if (tolerance is { } given && !(given >= 0 && given < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A relative tolerance lies in [0, 1).");
        }

        this.iterations = iterations;
        Tolerance = tolerance ?? Numbers<T>.DefaultTolerance;
    }

    public double Tolerance { get; }

    /// <summary>At least 20 even for a scalar: a budget derived from the dimension must never round down to nothing.</summary>
    public int Budget(int coordinates) => iterations ?? (int)Math.Clamp(4L * coordinates, 20, 1000);
}
