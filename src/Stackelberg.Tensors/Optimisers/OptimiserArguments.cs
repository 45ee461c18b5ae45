using System.Numerics;

namespace Stackelberg.Tensors.Optimisers;

internal static class OptimiserArguments
{
    public static void ThrowIfNotBelowOne(double value, string name)
    {
        if (!(value >= 0 && value < 1))
        {
            throw new ArgumentOutOfRangeException(name, value, "Must be at least 0 and below 1.");
        }
    }

    public static void ThrowIfLengthsDiffer<T>(int length, FlatVector<T> parameters, FlatVector<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(other);
        if (parameters.Length != length || other.Length != length)
        {
            throw new ArgumentException(
                $"The optimiser was made for {length} elements; it was given {parameters.Length} parameters and a vector of {other.Length}.");
        }
    }
}
