using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Diagnostics;

/// <summary>How many single-precision operations per second one core can do at most, with the vector width in force.</summary>
public static class PeakFlops
{
    private const int Chains = 12;
    private const int Steps = 2000;

    /// <summary>Measures independent chains of fused multiply-adds that stay in registers.</summary>
    /// <param name="seconds">How long to measure, above 0; the fastest of many short slices counts.</param>
    /// <returns>GFLOP/s of one core; a multiply-add counts two operations.</returns>
    public static double Measure(double seconds = 0.5)
    {
        float sink = 0;
        double best = Timing.FastestCall(seconds, () => sink += Slice());
        GC.KeepAlive(sink);
        int lanes = SimdSupport.Width == 0 ? 1 : SimdSupport.Width / 32;
        return 2.0 * lanes * Chains * Steps / best * 1e-9;
    }

    private static float Slice() => SimdSupport.Width switch
    {
        512 => Chain<Vector512<float>, Simd512<float>>(0.999f),
        256 => Chain<Vector256<float>, Simd256<float>>(0.999f),
        128 => Chain<Vector128<float>, Simd128<float>>(0.999f),
        _ => Chain<float, Scalar<float>>(0.999f),
    };

    // more chains than latency times pipes, and locals only, so that nothing but the multiply-add units limits the loop
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain<TVector, TSimd>(float factor)
        where TSimd : struct, ISimd<TVector, float>
    {
        TVector f = TSimd.Create(factor);
        TVector z = TSimd.Create(1 - factor);
        TVector a = z, b = z, c = z, d = z, e = z, g = z, h = z, i = z, j = z, k = z, l = z, m = z;
        for (int step = 0; step < Steps; step++)
        {
            a = TSimd.MultiplyAdd(a, f, z);
            b = TSimd.MultiplyAdd(b, f, z);
            c = TSimd.MultiplyAdd(c, f, z);
            d = TSimd.MultiplyAdd(d, f, z);
            e = TSimd.MultiplyAdd(e, f, z);
            g = TSimd.MultiplyAdd(g, f, z);
            h = TSimd.MultiplyAdd(h, f, z);
            i = TSimd.MultiplyAdd(i, f, z);
            j = TSimd.MultiplyAdd(j, f, z);
            k = TSimd.MultiplyAdd(k, f, z);
            l = TSimd.MultiplyAdd(l, f, z);
            m = TSimd.MultiplyAdd(m, f, z);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a, b), TSimd.Add(c, d)), TSimd.Add(TSimd.Add(e, g), TSimd.Add(h, i)));
        return TSimd.Sum(TSimd.Add(sum, TSimd.Add(TSimd.Add(j, k), TSimd.Add(l, m))));
    }
}

/// <summary>Wall-clock time of short calls.</summary>
internal static class Timing
{
    /// <summary>
    /// Seconds of the fastest call. On a shared machine a short call often runs undisturbed while an average never does.
    /// </summary>
    public static double FastestCall(double seconds, Action call)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        call();
        long until = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long best = long.MaxValue;
        long start = Stopwatch.GetTimestamp();
        while (start < until)
        {
            call();
            long end = Stopwatch.GetTimestamp();
            best = Math.Min(best, end - start);
            start = Stopwatch.GetTimestamp();
        }

        return Math.Max(best, 1) / (double)Stopwatch.Frequency;
    }
}
