using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Primitives.Internals;

/// <summary>
/// Standard normals from a key, in groups of 32: the words a and b of <see cref="Threefry"/> at counter (n, 0) give, after Box and Muller (1958),
/// √(−2 log u) cos θ as number 32 ⌊n/16⌋ + n mod 16 and √(−2 log u) sin θ sixteen places on, with u = (⌊a/2⌋ + ½) / 2³¹ and θ = (b₁ + b₀) π/2,
/// b₁ the upper two bits of b and b₀ in [−½, ½) the other thirty as a signed fraction.
/// </summary>
internal static class NormalBlock
{
    private const int Half = 16;
    private const int Group = 2 * Half;
    private const uint SignBit = 0x8000_0000;
    private const uint LargestU = 0x7FFF_FFFF;

    // bits of √½: exponents are counted from there, so that what is left lies in [√½, √2)
    private const uint RootHalf = 0x3F35_04F3;

    public static void Fill(uint key0, uint key1, Span<float> values)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Fill<Vector512<uint>, Vector512<float>, Lanes512>(key0, key1, values);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Fill<Vector256<uint>, Vector256<float>, Lanes256>(key0, key1, values);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Fill<Vector128<uint>, Vector128<float>, Lanes128>(key0, key1, values);
        }
        else
        {
            Fill<uint, float, LanesScalar>(key0, key1, values);
        }
    }

    /// <summary>The same numbers in double precision.</summary>
    public static void Fill(uint key0, uint key1, Span<double> values)
    {
        for (int first = 0; first < values.Length; first += Group)
        {
            Span<double> group = values[first..];
            for (int lane = 0; lane < Math.Min(Half, group.Length); lane++)
            {
                uint a = (uint)((first / 2) + lane), b = 0;
                Threefry.Encrypt<uint, float, LanesScalar>(key0, key1, ref a, ref b);
                double u = ((a >> 1) + 0.5) / SignBit;
                double radius = Math.Sqrt(-2 * Math.Log(u));
                (double sine, double cosine) = Math.SinCos(Math.PI / 2 * ((b >> 30) + ((int)(b << 2) / 4294967296.0)));
                group[lane] = radius * cosine;
                if (Half + lane < group.Length)
                {
                    group[Half + lane] = radius * sine;
                }
            }
        }
    }

    /// <summary>With one width.</summary>
    internal static void Fill<TWords, TSingles, TLanes>(uint key0, uint key1, Span<float> values)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        uint counter = 0;
        for (; values.Length >= Group; values = values[Group..])
        {
            FillGroup<TWords, TSingles, TLanes>(key0, key1, counter, ref MemoryMarshal.GetReference(values));
            counter += Half;
        }

        if (values.Length > 0)
        {
            Span<float> group = stackalloc float[Group];
            FillGroup<TWords, TSingles, TLanes>(key0, key1, counter, ref MemoryMarshal.GetReference(group));
            group[..values.Length].CopyTo(values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillGroup<TWords, TSingles, TLanes>(uint key0, uint key1, uint counter, ref float group)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        for (int lane = 0; lane < Half; lane += TLanes.Count)
        {
            TWords a = TLanes.Add(TLanes.Indices, TLanes.Create(counter + (uint)lane));
            TWords b = TLanes.Create(0u);
            Threefry.Encrypt<TWords, TSingles, TLanes>(key0, key1, ref a, ref b);
            TSingles radius = Radius<TWords, TSingles, TLanes>(TLanes.ShiftRight(a, 1));
            Direction<TWords, TSingles, TLanes>(b, out TSingles cosine, out TSingles sine);
            TLanes.Store(TLanes.Multiply(radius, cosine), ref Unsafe.Add(ref group, lane));
            TLanes.Store(TLanes.Multiply(radius, sine), ref Unsafe.Add(ref group, Half + lane));
        }
    }

    /// <summary>
    /// √(−2 log u) for u = (k + ½) / 2³¹ = 2ᵉ (1 + f) with 1 + f in [√½, √2): log(1 + f) = 2 artanh s, s = f / (2 + f), by its series. With e = 0 the
    /// distance of u from 1 comes from the integer, so that small radii are as accurate as large ones.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TSingles Radius<TWords, TSingles, TLanes>(TWords k)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        TSingles half = TLanes.Create(0.5f);
        TSingles u = TLanes.Multiply(TLanes.Add(TLanes.ToSingles(k), half), TLanes.Create(1f / SignBit));
        TWords bits = TLanes.SinglesToBits(u);
        TWords exponent = TLanes.ShiftRightSigned(TLanes.Subtract(bits, TLanes.Create(RootHalf)), 23);
        TSingles mantissa = TLanes.BitsToSingles(TLanes.Subtract(bits, TLanes.ShiftLeft(exponent, 23)));
        TWords below = TLanes.SinglesToBits(TLanes.Add(mantissa, TLanes.Create(-1f)));
        TSingles distance = TLanes.Add(TLanes.ToSingles(TLanes.Xor(k, TLanes.Create(LargestU))), half);
        TWords near = TLanes.SinglesToBits(TLanes.Multiply(distance, TLanes.Create(-1f / SignBit)));
        TSingles f = TLanes.BitsToSingles(Select<TWords, TSingles, TLanes>(TLanes.ShiftRightSigned(exponent, 31), below, near));

        TSingles s = TLanes.Divide(f, TLanes.Add(f, TLanes.Create(2f)));
        TSingles z = TLanes.Multiply(s, s);
        TSingles series = TLanes.MultiplyAdd(TLanes.Create(2f / 9), z, TLanes.Create(2f / 7));
        series = TLanes.MultiplyAdd(series, z, TLanes.Create(2f / 5));
        series = TLanes.MultiplyAdd(series, z, TLanes.Create(2f / 3));
        series = TLanes.MultiplyAdd(series, z, TLanes.Create(2f));
        TSingles log = TLanes.MultiplyAdd(TLanes.ToSingles(exponent), TLanes.Create(0.6931472f), TLanes.Multiply(s, series));
        return TLanes.SquareRoot(TLanes.Multiply(log, TLanes.Create(-2f)));
    }

    /// <summary>cos θ and sin θ: the series of both on an eighth of the circle to either side of 0, turned by whole quarters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Direction<TWords, TSingles, TLanes>(TWords b, out TSingles cosine, out TSingles sine)
        where TLanes : struct, ILanes<TWords, TSingles>
    {
        // the angle in units of π/4, in [−1, 1]
        TSingles x = TLanes.Multiply(TLanes.ToSingles(TLanes.ShiftLeft(b, 2)), TLanes.Create(1f / SignBit));
        TSingles z = TLanes.Multiply(x, x);
        const double Unit = Math.PI / 4;
        const double Square = Unit * Unit;
        TSingles s = TLanes.MultiplyAdd(
            TLanes.Create((float)(Square * Square * Square * Square * Unit / 362880)), z, TLanes.Create((float)(-Square * Square * Square * Unit / 5040)));
        s = TLanes.MultiplyAdd(s, z, TLanes.Create((float)(Square * Square * Unit / 120)));
        s = TLanes.MultiplyAdd(s, z, TLanes.Create((float)(-Square * Unit / 6)));
        s = TLanes.Multiply(TLanes.MultiplyAdd(s, z, TLanes.Create((float)Unit)), x);
        TSingles c = TLanes.MultiplyAdd(
            TLanes.Create((float)(Square * Square * Square * Square / 40320)), z, TLanes.Create((float)(-Square * Square * Square / 720)));
        c = TLanes.MultiplyAdd(c, z, TLanes.Create((float)(Square * Square / 24)));
        c = TLanes.MultiplyAdd(c, z, TLanes.Create((float)(-Square / 2)));
        c = TLanes.MultiplyAdd(c, z, TLanes.Create(1f));

        // quarters 1 and 3 exchange the two; 1 and 2 turn the sign of the cosine, 2 and 3 that of the sine
        TWords oneLower = TLanes.ShiftLeft(b, 1);
        TWords odd = TLanes.ShiftRightSigned(oneLower, 31);
        TWords sign = TLanes.Create(SignBit);
        TWords cosineBits = TLanes.SinglesToBits(c), sineBits = TLanes.SinglesToBits(s);
        cosine = TLanes.BitsToSingles(TLanes.Xor(
            Select<TWords, TSingles, TLanes>(odd, sineBits, cosineBits), TLanes.And(TLanes.Xor(b, oneLower), sign)));
        sine = TLanes.BitsToSingles(TLanes.Xor(Select<TWords, TSingles, TLanes>(odd, cosineBits, sineBits), TLanes.And(b, sign)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWords Select<TWords, TSingles, TLanes>(TWords mask, TWords whenSet, TWords whenClear)
        where TLanes : struct, ILanes<TWords, TSingles> =>
        TLanes.Xor(whenClear, TLanes.And(mask, TLanes.Xor(whenSet, whenClear)));
}
