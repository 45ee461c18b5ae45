using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Agents.Internals;

/// <summary>Conversions between a network's numbers and double precision for inner loops, where the generic ones are not inlined.</summary>
internal static class Widths
{
    /// <summary>x in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widen<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(x)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<T, double>(x)
        : double.CreateTruncating(x);

    /// <summary>x rounded to T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Narrow<T>(double x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)x)
        : typeof(T) == typeof(double) ? Unsafe.BitCast<double, T>(x)
        : T.CreateTruncating(x);
}
