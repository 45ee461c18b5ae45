using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests.Kernels;

/// <summary>Numbers for kernel tests.</summary>
internal static class KernelData
{
    public static FlatVector<T> Uniform<T>(string name, int length, double low = -1, double high = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = RandomStream.FromSeed(7).Split(name);
        var vector = new FlatVector<T>(length);
        foreach (ref T value in vector.Span)
        {
            value = T.CreateTruncating(random.NextUniform(low, high));
        }

        return vector;
    }

    /// <summary>Rows of random numbers with zero padding, as every kernel finds its operands.</summary>
    public static FlatVector<T> Rows<T>(string name, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = RandomStream.FromSeed(7).Split(name);
        int stride = Padding.Stride(columns);
        var vector = new FlatVector<T>(rows * stride);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                vector[(row * stride) + column] = T.CreateTruncating(random.NextUniform(-1, 1));
            }
        }

        return vector;
    }

    public static FlatVector<T> Filled<T>(int length, double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var vector = new FlatVector<T>(length);
        vector.Span.Fill(T.CreateTruncating(value));
        return vector;
    }

    /// <summary>The vector widths of this processor, 0 being the scalar form.</summary>
    public static IEnumerable<int> Widths => new[] { 512, 256, 128, 0 }.Where(width => width <= SimdSupport.Hardware);

    /// <summary>The rounding unit of the element type.</summary>
    public static double Epsilon<T>() => typeof(T) == typeof(float) ? 1.0 / (1 << 24) : 1.0 / (1L << 53);
}
