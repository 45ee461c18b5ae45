using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>
/// Elementary functions on vectors, right to 2.5 units in the last place in single precision (tanh to 5) and to 4 in double; NaN propagates.
/// One source for all widths gives the same bits at all widths.
/// </summary>
internal static class VectorMath
{
    // ln 2 rounded to few bits, so that small integers times it are exact, and the rest
    private const double Ln2HighSingle = 0.693359375;
    private const double Ln2LowSingle = -2.1219444005469057e-4;
    private const double Ln2HighDouble = 0.6931471803691238;
    private const double Ln2LowDouble = 1.9082149292705877e-10;

    /// <summary>tanh x; in double precision t / (t + 2) with t = exp(2 |x|) − 1, which loses no digits near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return TanhSingle<TVector, TSimd, T>(x);
        }

        // beyond the limit tanh rounds to 1
        TVector magnitude = TSimd.Min(TSimd.Constant(20.0), TSimd.Abs(x));
        TVector t = ExpMinusOne<TVector, TSimd, T>(TSimd.Add(magnitude, magnitude));
        TVector y = TSimd.Divide(t, TSimd.Add(t, TSimd.Constant(2.0)));
        return TSimd.CopySign(y, x);
    }

    /// <summary>
    /// tanh x = x P(x²) / Q(x²), with P and Q fitted to the relative error on [0, 9.02] (7e-9, far below rounding): the activation of networks,
    /// for which a form by way of exp costs half as much again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector TanhSingle<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // beyond the limit tanh rounds to 1
        TVector z = TSimd.Min(TSimd.Constant(9.02), TSimd.Abs(x));
        TVector s = TSimd.Multiply(z, z);
        TVector p = TSimd.MultiplyAdd(TSimd.Constant(-8.437340104036135e-14), s, TSimd.Constant(5.258321702477548e-11));
        p = TSimd.MultiplyAdd(p, s, TSimd.Constant(-2.0185165869507846e-08));
        p = TSimd.MultiplyAdd(p, s, TSimd.Constant(1.1144564814374416e-05));
        p = TSimd.MultiplyAdd(p, s, TSimd.Constant(0.00310303165081175));
        p = TSimd.MultiplyAdd(p, s, TSimd.Constant(0.1308318426549128));
        p = TSimd.MultiplyAdd(p, s, TSimd.Constant(0.9999999932877197));
        TVector q = TSimd.MultiplyAdd(TSimd.Constant(0.0002544794834001458), s, TSimd.Constant(0.02449150249929831));
        q = TSimd.MultiplyAdd(q, s, TSimd.Constant(0.46416511249971293));
        q = TSimd.MultiplyAdd(q, s, TSimd.Constant(1.0));

        // near saturation the quotient can round to just above 1
        TVector y = TSimd.Min(TSimd.Constant(1.0), TSimd.Divide(TSimd.Multiply(p, z), q));
        return TSimd.CopySign(y, x);
    }

    /// <summary>exp x: 2ⁿ exp(r). Overflows to infinity, underflows through subnormal numbers to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // just beyond the ends where the result is 0 or infinite
        TVector lowest = TSimd.Constant(typeof(T) == typeof(float) ? -104.0 : -746.0);
        TVector highest = TSimd.Constant(typeof(T) == typeof(float) ? 89.0 : 710.0);
        TVector n = Reduce<TVector, TSimd, T>(TSimd.Min(highest, TSimd.Max(lowest, x)), out TVector r);
        TVector p = TSimd.Add(ReducedExpMinusOne<TVector, TSimd, T>(r), TSimd.Constant(1.0));

        // two factors, because 2ⁿ alone may not be a normal number
        TVector half = TSimd.Round(TSimd.Multiply(n, TSimd.Constant(0.5)));
        return TSimd.Multiply(TSimd.Multiply(p, TSimd.PowerOfTwo(half)), TSimd.PowerOfTwo(TSimd.Subtract(n, half)));
    }

    /// <summary>log x: −∞ at 0, NaN below.</summary>
    /// <remarks>
    /// x = 2ᵉ (1 + f) with 1 + f in [√½, √2); log(1 + f) = f − f²/2 + s (f²/2 + R), s = f / (2 + f), R the rest of the series of 2 artanh s.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector one = TSimd.Constant(1.0);
        TVector half = TSimd.Constant(0.5);
        TVector digits = TSimd.Constant(typeof(T) == typeof(float) ? 24 : 53);
        TVector smallestNormal = TSimd.Constant(typeof(T) == typeof(float) ? 1.1754943508222875e-38 : 2.2250738585072014e-308);
        TVector subnormal = TSimd.GreaterThan(smallestNormal, x);
        TVector normal = TSimd.Select(subnormal, TSimd.Multiply(x, TSimd.PowerOfTwo(digits)), x);
        TVector e = TSimd.Subtract(TSimd.Exponent(normal), TSimd.Select(subnormal, digits, TSimd.Zero));
        TVector m = TSimd.Mantissa(normal);
        TVector above = TSimd.GreaterThan(m, TSimd.Constant(1.4142135623730951));
        m = TSimd.Select(above, TSimd.Multiply(m, half), m);
        e = TSimd.Select(above, TSimd.Add(e, one), e);

        TVector f = TSimd.Subtract(m, one);
        TVector s = TSimd.Divide(f, TSimd.Add(f, TSimd.Constant(2.0)));
        TVector z = TSimd.Multiply(s, s);
        TVector rest = TSimd.Multiply(z, ArtanhSeries<TVector, TSimd, T>(z, typeof(T) == typeof(float) ? 4 : 10));
        TVector square = TSimd.Multiply(half, TSimd.Multiply(f, f));
        TVector low = TSimd.MultiplyAdd(e, TSimd.Constant(typeof(T) == typeof(float) ? Ln2LowSingle : Ln2LowDouble), TSimd.Multiply(s, TSimd.Add(square, rest)));
        TVector y = TSimd.MultiplyAdd(e, TSimd.Constant(typeof(T) == typeof(float) ? Ln2HighSingle : Ln2HighDouble), TSimd.Subtract(f, TSimd.Subtract(square, low)));

        TVector infinity = TSimd.Constant(double.PositiveInfinity);
        TVector atZero = TSimd.Select(TSimd.Equal(x, TSimd.Zero), TSimd.Constant(double.NegativeInfinity), TSimd.Constant(double.NaN));
        y = TSimd.Select(TSimd.Equal(x, infinity), infinity, y);
        return TSimd.Select(TSimd.GreaterThan(x, TSimd.Zero), y, atZero);
    }

    /// <summary>log(1 + exp x) = max(x, 0) + 2 artanh(u / (2 + u)) with u = exp(−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Softplus<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector two = TSimd.Constant(2.0);
        TVector u = Exp<TVector, TSimd, T>(TSimd.Subtract(TSimd.Zero, TSimd.Abs(x)));
        TVector s = TSimd.Divide(u, TSimd.Add(u, two));
        TVector z = TSimd.Multiply(s, s);
        TVector series = TSimd.MultiplyAdd(ArtanhSeries<TVector, TSimd, T>(z, typeof(T) == typeof(float) ? 7 : 16), z, two);
        return TSimd.MultiplyAdd(s, series, TSimd.Max(TSimd.Zero, x));
    }

    /// <summary>1 / (1 + exp(−x)), the derivative of softplus.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector one = TSimd.Constant(1.0);
        return TSimd.Divide(one, TSimd.Add(one, Exp<TVector, TSimd, T>(TSimd.Subtract(TSimd.Zero, x))));
    }

    /// <summary>2/3 + 2/5 z + … + 2/(2n + 1) zⁿ⁻¹ for n ≤ 16 terms: what 2 artanh(s) / s − 2 is, divided by z = s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ArtanhSeries<TVector, TSimd, T>(TVector z, int terms)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector sum = TSimd.Create(T.CreateTruncating(2.0 / ((2 * terms) + 1)));
        sum = terms > 15 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 31)) : sum;
        sum = terms > 14 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 29)) : sum;
        sum = terms > 13 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 27)) : sum;
        sum = terms > 12 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 25)) : sum;
        sum = terms > 11 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 23)) : sum;
        sum = terms > 10 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 21)) : sum;
        sum = terms > 9 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 19)) : sum;
        sum = terms > 8 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 17)) : sum;
        sum = terms > 7 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 15)) : sum;
        sum = terms > 6 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 13)) : sum;
        sum = terms > 5 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 11)) : sum;
        sum = terms > 4 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 9)) : sum;
        sum = terms > 3 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 7)) : sum;
        sum = terms > 2 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 5)) : sum;
        sum = terms > 1 ? TSimd.MultiplyAdd(sum, z, TSimd.Constant(2.0 / 3)) : sum;
        return sum;
    }

    /// <summary>exp(x) − 1 for 0 ≤ x ≤ 40: 2ⁿ (exp(r) − 1) + (2ⁿ − 1) with x = n ln 2 + r, |r| ≤ ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpMinusOne<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector n = Reduce<TVector, TSimd, T>(x, out TVector r);
        TVector power = TSimd.PowerOfTwo(n);
        TVector p = ReducedExpMinusOne<TVector, TSimd, T>(r);
        return TSimd.MultiplyAdd(power, p, TSimd.Subtract(power, TSimd.Constant(1.0)));
    }

    /// <summary>n = round(x / ln 2) and r = x − n ln 2, the logarithm in two parts so that r is accurate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TVector, TSimd, T>(TVector x, out TVector r)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Constant(1.4426950408889634)));
        r = TSimd.MultiplyAdd(n, TSimd.Constant(typeof(T) == typeof(float) ? -Ln2HighSingle : -Ln2HighDouble), x);
        r = TSimd.MultiplyAdd(n, TSimd.Constant(typeof(T) == typeof(float) ? -Ln2LowSingle : -Ln2LowDouble), r);
        return n;
    }

    /// <summary>exp(r) − 1 for |r| ≤ ln 2 / 2 by the Taylor series to r⁷ (float) or r¹³ (double): truncation below 1/4 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReducedExpMinusOne<TVector, TSimd, T>(TVector r)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector p = TSimd.Constant(1.0 / 5040);
        if (typeof(T) == typeof(double))
        {
            p = TSimd.Constant(1.0 / 6227020800);
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 479001600));
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 39916800));
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 3628800));
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 362880));
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 40320));
            p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 5040));
        }

        p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 720));
        p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 120));
        p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 24));
        p = TSimd.MultiplyAdd(p, r, TSimd.Constant(1.0 / 6));
        p = TSimd.MultiplyAdd(p, r, TSimd.Constant(0.5));
        return TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), r);
    }
}
