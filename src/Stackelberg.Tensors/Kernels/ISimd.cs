using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>
/// The vector operations a kernel is written in, so that one source serves every register width and element type. An implementation is an
/// empty struct; <typeparamref name="TVector"/> is <c>Vector512&lt;T&gt;</c>, <c>Vector256&lt;T&gt;</c>, <c>Vector128&lt;T&gt;</c> or
/// <typeparamref name="T"/> itself (scalar form, the reference of the tests).
/// </summary>
internal unsafe interface ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements per vector; divides 16.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(T value);

    /// <summary>A compile-time constant, rounded to <typeparamref name="T"/>.</summary>
    static abstract TVector Constant(double value);

    static abstract TVector Load(T* address);

    /// <summary>As many single-precision numbers as fit, widened; only where <typeparamref name="T"/> is <see cref="double"/>.</summary>
    static abstract TVector LoadWidened(float* address);

    static abstract void Store(TVector value, T* address);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x where x &gt; y, else y: a NaN in <paramref name="y"/> survives, so pass the data second.</summary>
    static abstract TVector Max(TVector x, TVector y);

    /// <summary>x where x &lt; y, else y: a NaN in <paramref name="y"/> survives, so pass the data second.</summary>
    static abstract TVector Min(TVector x, TVector y);

    static abstract TVector Abs(TVector x);

    static abstract TVector CopySign(TVector magnitude, TVector sign);

    static abstract TVector SquareRoot(TVector x);

    /// <summary>x y + z with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>z − x y with one rounding.</summary>
    static abstract TVector MultiplySubtract(TVector x, TVector y, TVector z);

    /// <summary>To the nearest integer, halves to even.</summary>
    static abstract TVector Round(TVector x);

    /// <summary>2ⁿ for integral n in the range of normal exponents; any value for NaN.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>⌊log₂ x⌋ for positive normal x; any value otherwise.</summary>
    static abstract TVector Exponent(TVector x);

    /// <summary>x / 2^Exponent(x), in [1, 2), for positive normal x; any value otherwise.</summary>
    static abstract TVector Mantissa(TVector x);

    /// <summary>A mask for <see cref="Select"/>; false where either is NaN.</summary>
    static abstract TVector GreaterThan(TVector x, TVector y);

    /// <summary>A mask for <see cref="Select"/>; false where either is NaN.</summary>
    static abstract TVector Equal(TVector x, TVector y);

    static abstract TVector Select(TVector mask, TVector whenTrue, TVector whenFalse);

    /// <summary><paramref name="value"/> where <paramref name="test"/> &gt; 0, else 0.</summary>
    static abstract TVector WherePositive(TVector test, TVector value);

    /// <summary>
    /// Sum of the elements by halving: first xᵢ + xᵢ₊ₙ⸝₂, then again on the n / 2 sums. Together with <see cref="Lanes"/> this gives the same bits at
    /// every width.
    /// </summary>
    static abstract T Sum(TVector value);
}

/// <summary>Bit patterns of IEEE 754 numbers.</summary>
internal static class IeeeBits
{
    public const int SingleMantissa = 0x007F_FFFF;
    public const int SingleOne = 0x3F80_0000;
    public const long DoubleMantissa = 0x000F_FFFF_FFFF_FFFF;
    public const long DoubleOne = 0x3FF0_0000_0000_0000;

    /// <summary>1.5 · 2⁵²: added to a small integral double, it leaves the integer in the low mantissa bits.</summary>
    public const double IntegerShift = 6755399441055744.0;

    /// <summary>Bits of 2⁵² + 2⁵¹: or-ed with a small non-negative integer, they make the double <see cref="IntegerShift"/> plus it.</summary>
    public const long IntegerShiftBits = 0x4338_0000_0000_0000;
}
