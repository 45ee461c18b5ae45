using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Internals;

/// <summary>Noise in the arithmetic of a network.</summary>
internal static class Noise
{
    /// <summary>Fills with standard normal numbers, in blocks.</summary>
    public static void FillNormals<T>(this RandomStream random, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            random.FillNormalBlock(MemoryMarshal.Cast<T, float>(values));
        }
        else
        {
            random.FillNormalBlock(MemoryMarshal.Cast<T, double>(values));
        }
    }
}
