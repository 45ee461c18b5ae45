namespace Stackelberg.Primitives.Internals;

/// <summary>
/// 32-bit words and single-precision numbers in lanes, so that one source serves every register width. Every operation rounds as IEEE 754 says,
/// lane by lane, so that all widths give the same bits.
/// </summary>
internal interface ILanes<TWords, TSingles>
{
    /// <summary>Lanes; divides 16.</summary>
    static abstract int Count { get; }

    static abstract TWords Create(uint value);

    static abstract TSingles Create(float value);

    /// <summary>0, 1, …, <see cref="Count"/> − 1.</summary>
    static abstract TWords Indices { get; }

    static abstract void Store(TSingles value, ref float into);

    static abstract TWords Add(TWords x, TWords y);

    static abstract TWords Subtract(TWords x, TWords y);

    static abstract TWords And(TWords x, TWords y);

    static abstract TWords Xor(TWords x, TWords y);

    static abstract TWords RotateLeft(TWords x, int bits);

    static abstract TWords ShiftLeft(TWords x, int bits);

    static abstract TWords ShiftRight(TWords x, int bits);

    /// <summary>Copies of the sign bit move in.</summary>
    static abstract TWords ShiftRightSigned(TWords x, int bits);

    /// <summary>The nearest number to each word read as a signed integer.</summary>
    static abstract TSingles ToSingles(TWords x);

    static abstract TSingles BitsToSingles(TWords x);

    static abstract TWords SinglesToBits(TSingles x);

    static abstract TSingles Add(TSingles x, TSingles y);

    static abstract TSingles Multiply(TSingles x, TSingles y);

    static abstract TSingles Divide(TSingles x, TSingles y);

    static abstract TSingles SquareRoot(TSingles x);

    /// <summary>x y + z with one rounding.</summary>
    static abstract TSingles MultiplyAdd(TSingles x, TSingles y, TSingles z);
}
