using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>Elementary functions on vectors, accurate to a few units in the last place; NaN propagates.</summary>
internal static partial class VectorMath
{
    /// <summary>tanh x = t / (t + 2) with t = exp(2 |x|) − 1, which loses no digits near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // beyond the limit tanh rounds to 1
        T limit = typeof(T) == typeof(float) ? T.CreateTruncating(9.5f) : T.CreateTruncating(20.0);
        TVector magnitude = TSimd.Min(TSimd.Create(limit), TSimd.Abs(x));
        TVector t = ExpMinusOne<TVector, TSimd, T>(TSimd.Add(magnitude, magnitude));
        TVector y = TSimd.Divide(t, TSimd.Add(t, TSimd.Create(T.CreateTruncating(2.0))));
        return TSimd.CopySign(y, x);
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
        return TSimd.MultiplyAdd(power, p, TSimd.Subtract(power, TSimd.Create(T.One)));
    }

    /// <summary>n = round(x / ln 2) and r = x − n ln 2, the logarithm in two parts so that r is accurate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TVector, TSimd, T>(TVector x, out TVector r)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector n = TSimd.Round(TSimd.Multiply(x, TSimd.Create(T.CreateTruncating(1.4426950408889634))));
        r = TSimd.MultiplySubtract(n, TSimd.Create(Ln2High<T>()), x);
        r = TSimd.MultiplySubtract(n, TSimd.Create(Ln2Low<T>()), r);
        return n;
    }

    /// <summary>exp(r) − 1 for |r| ≤ ln 2 / 2 by the Taylor series to r⁷ (float) or r¹³ (double): truncation below 1/4 ulp.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ReducedExpMinusOne<TVector, TSimd, T>(TVector r)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector p = TSimd.Create(T.CreateTruncating(1.0 / 5040));
        if (typeof(T) == typeof(double))
        {
            p = TSimd.Create(T.CreateTruncating(1.0 / 6227020800));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 479001600)));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 39916800)));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 3628800)));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 362880)));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 40320)));
            p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 5040)));
        }

        p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 720)));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 120)));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 24)));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(1.0 / 6)));
        p = TSimd.MultiplyAdd(p, r, TSimd.Create(T.CreateTruncating(0.5)));
        return TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), r);
    }

    // ln 2 rounded to few bits, so that n times it is exact, and the rest
    private static T Ln2High<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? T.CreateTruncating(0.693359375f) : T.CreateTruncating(0.6931471803691238);

    private static T Ln2Low<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? T.CreateTruncating(-2.12194440e-4f) : T.CreateTruncating(1.9082149292705877e-10);
}
