using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>
/// Sums over a fixed number of lanes, element i going to lane i mod lanes, and the lanes added by halving: the order of a sum depends on its
/// length alone, not on the vector width.
/// </summary>
internal static unsafe class Lanes
{
    /// <summary>Lanes of a dot product: four accumulators of 512 bits.</summary>
    private const int DotLanes = 32;

    /// <summary>Lanes of the dot product of a short row: one accumulator of single precision in 512 bits.</summary>
    private const int RowLanes = 16;

    /// <summary>Σ xᵢ yᵢ in double precision; for single precision every product is exact.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot<TVector, TSimd, T>(nint count, T* x, T* y)
        where TSimd : struct, ISimd<TVector, double>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double* lanes = stackalloc double[DotLanes];
        int width = TSimd.Count;
        nint blocked = count & ~(DotLanes - 1);
        for (int first = 0; first < DotLanes; first += 4 * width)
        {
            TVector a = TSimd.Zero, b = TSimd.Zero, c = TSimd.Zero, d = TSimd.Zero;
            for (nint i = first; i < blocked; i += DotLanes)
            {
                a = TSimd.MultiplyAdd(Load<TVector, TSimd, T>(x + i), Load<TVector, TSimd, T>(y + i), a);
                b = TSimd.MultiplyAdd(Load<TVector, TSimd, T>(x + i + width), Load<TVector, TSimd, T>(y + i + width), b);
                c = TSimd.MultiplyAdd(Load<TVector, TSimd, T>(x + i + (2 * width)), Load<TVector, TSimd, T>(y + i + (2 * width)), c);
                d = TSimd.MultiplyAdd(Load<TVector, TSimd, T>(x + i + (3 * width)), Load<TVector, TSimd, T>(y + i + (3 * width)), d);
            }

            TSimd.Store(a, lanes + first);
            TSimd.Store(b, lanes + first + width);
            TSimd.Store(c, lanes + first + (2 * width));
            TSimd.Store(d, lanes + first + (3 * width));
        }

        for (nint i = blocked; i < count; i++)
        {
            double product = double.CreateTruncating(x[i]);
            lanes[i - blocked] = Math.FusedMultiplyAdd(product, double.CreateTruncating(y[i]), lanes[i - blocked]);
        }

        return Halve(lanes, DotLanes);
    }

    /// <summary>out[i] = bias + Σ_p a[i, p] w[p]: lanes over the first multiple of 16 terms, the others one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowDots<TVector, TSimd, T>(int m, int k, T* a, nint lda, T* w, T bias, T* output)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (TSimd.Count == RowLanes)
        {
            // one vector holds all lanes: eight rows at a time hide the latency and share the loads of w
            for (; i + 8 <= m; i += 8)
            {
                RowDots8<TVector, TSimd, T>(k, a + (i * lda), lda, w, bias, output + i);
            }
        }

        for (; i < m; i++)
        {
            output[i] = RowDot<TVector, TSimd, T>(k, a + (i * lda), w, bias);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RowDots8<TVector, TSimd, T>(int k, T* a, nint lda, T* w, T bias, T* output)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        TVector s4 = TSimd.Zero, s5 = TSimd.Zero, s6 = TSimd.Zero, s7 = TSimd.Zero;
        T* a4 = a + (4 * lda);
        int blocked = k & ~(RowLanes - 1);
        for (nint p = 0; p < blocked; p += RowLanes)
        {
            TVector v = TSimd.Load(w + p);
            s0 = TSimd.MultiplyAdd(TSimd.Load(a + p), v, s0);
            s1 = TSimd.MultiplyAdd(TSimd.Load(a + lda + p), v, s1);
            s2 = TSimd.MultiplyAdd(TSimd.Load(a + (2 * lda) + p), v, s2);
            s3 = TSimd.MultiplyAdd(TSimd.Load(a + (3 * lda) + p), v, s3);
            s4 = TSimd.MultiplyAdd(TSimd.Load(a4 + p), v, s4);
            s5 = TSimd.MultiplyAdd(TSimd.Load(a4 + lda + p), v, s5);
            s6 = TSimd.MultiplyAdd(TSimd.Load(a4 + (2 * lda) + p), v, s6);
            s7 = TSimd.MultiplyAdd(TSimd.Load(a4 + (3 * lda) + p), v, s7);
        }

        output[0] = bias + TSimd.Sum(s0);
        output[1] = bias + TSimd.Sum(s1);
        output[2] = bias + TSimd.Sum(s2);
        output[3] = bias + TSimd.Sum(s3);
        output[4] = bias + TSimd.Sum(s4);
        output[5] = bias + TSimd.Sum(s5);
        output[6] = bias + TSimd.Sum(s6);
        output[7] = bias + TSimd.Sum(s7);
        for (int i = 0; blocked < k && i < 8; i++)
        {
            output[i] = Remaining(blocked, k, a + (i * lda), w, output[i]);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T RowDot<TVector, TSimd, T>(int k, T* a, T* w, T bias)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* lanes = stackalloc T[RowLanes];
        int blocked = k & ~(RowLanes - 1);
        for (int first = 0; first < RowLanes; first += TSimd.Count)
        {
            TVector s = TSimd.Zero;
            for (nint p = first; p < blocked; p += RowLanes)
            {
                s = TSimd.MultiplyAdd(TSimd.Load(a + p), TSimd.Load(w + p), s);
            }

            TSimd.Store(s, lanes + first);
        }

        return Remaining(blocked, k, a, w, bias + Halve(lanes, RowLanes));
    }

    private static T Remaining<T>(int from, int k, T* a, T* w, T sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int p = from; p < k; p++)
        {
            sum = T.FusedMultiplyAdd(a[p], w[p], sum);
        }

        return sum;
    }

    private static T Halve<T>(T* lanes, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int half = count / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        return lanes[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TVector, TSimd, T>(T* address)
        where TSimd : struct, ISimd<TVector, double>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? TSimd.LoadWidened((float*)address) : TSimd.Load((double*)address);
}
