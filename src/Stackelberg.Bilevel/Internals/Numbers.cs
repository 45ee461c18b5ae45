using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Constants that depend on the precision.</summary>
internal static class Numbers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Distance from 1 to the next larger number: 2⁻²³ or 2⁻⁵².</summary>
    public static readonly double Epsilon = double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>The relative residual iterative solvers aim for when nothing is asked: 1e-5 in single, 1e-10 in double precision.</summary>
    public static readonly double DefaultTolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-10;

    private static readonly double LargestNorm = typeof(T) == typeof(float) ? 1e20 : 1e100;
    private static readonly int LargestExponent = typeof(T) == typeof(float) ? 126 : 1022;

    /// <summary>
    /// The power of two by which to divide a vector of this length, above 0, so that squares and products of what is made of it stay in range; 1 for
    /// ordinary ones.
    /// </summary>
    public static double Unit(double norm) => norm > LargestNorm || norm < 1 / LargestNorm
        ? Math.ScaleB(1, Math.Clamp(Math.ILogB(norm), -LargestExponent, LargestExponent))
        : 1;
}
