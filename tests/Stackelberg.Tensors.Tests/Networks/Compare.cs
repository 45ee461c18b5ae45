using System.Numerics;

namespace Stackelberg.Tensors.Tests.Networks;

internal static class Compare
{
    /// <summary>‖actual − expected‖ ≤ tolerance · ‖expected‖, element count equal.</summary>
    public static void ShouldMatch<T>(this ReadOnlySpan<T> actual, ReadOnlySpan<double> expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        actual.Length.ShouldBe(expected.Length);
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = double.CreateTruncating(actual[i]) - expected[i];
            difference += error * error;
            size += expected[i] * expected[i];
        }

        Math.Sqrt(difference).ShouldBeLessThanOrEqualTo(tolerance * Math.Sqrt(size));
    }

    public static void ShouldMatch<T>(this Span<T> actual, ReadOnlySpan<double> expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ((ReadOnlySpan<T>)actual).ShouldMatch(expected, tolerance);

    public static void ShouldMatch<T>(this T[] actual, ReadOnlySpan<double> expected, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ((ReadOnlySpan<T>)actual).ShouldMatch(expected, tolerance);

    public static void ShouldHaveZeroPadding<T>(this ReadOnlySpan<T> vector, ParameterLayout layout)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var real = new bool[layout.Length];
        for (int i = 0; i < layout.Count; i++)
        {
            real[layout.Coordinates[i]] = true;
        }

        for (int i = 0; i < real.Length; i++)
        {
            if (!real[i] && vector[i] != T.Zero)
            {
                vector[i].ShouldBe(T.Zero, $"padding at {i}");
            }
        }
    }

    public static void ShouldBeSameBits<T>(this ReadOnlySpan<T> actual, ReadOnlySpan<T> expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(actual)
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected)).ShouldBeTrue();
}
