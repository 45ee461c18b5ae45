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
}
