using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// out[i] = bias + Σ_p a[i, p] w[p] + Σ_p a2[i, p] w2[p]: the tangent of a scalar output. Both sums share 16 lanes, which are added by
/// halving, so that the result does not depend on the vector width.
/// </summary>
/// <param name="inner">Terms; 1, or a multiple of 16 with zero padding.</param>
internal readonly unsafe struct TwoDotsPass<T>(int rows, int inner, T* a, nint stride, T* w, T* a2, T* w2, T bias, T* output)
    : ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LaneCount = Padding.Unit;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>
    {
        int i = 0;
        if (inner == 1)
        {
            for (; i < rows; i++)
            {
                output[i] = T.FusedMultiplyAdd(a2[i * stride], *w2, T.FusedMultiplyAdd(a[i * stride], *w, bias));
            }

            return;
        }

        for (; TSimd.Count == LaneCount && i + 4 <= rows; i += 4)
        {
            FourRows<TVector, TSimd>(i);
        }

        for (; i < rows; i++)
        {
            OneRow<TVector, TSimd>(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FourRows<TVector, TSimd>(int row)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        T* x = a + (row * stride);
        T* y = a2 + (row * stride);
        for (nint p = 0; p < inner; p += LaneCount)
        {
            TVector v = TSimd.Load(w + p);
            TVector v2 = TSimd.Load(w2 + p);
            s0 = TSimd.MultiplyAdd(TSimd.Load(y + p), v2, TSimd.MultiplyAdd(TSimd.Load(x + p), v, s0));
            s1 = TSimd.MultiplyAdd(TSimd.Load(y + stride + p), v2, TSimd.MultiplyAdd(TSimd.Load(x + stride + p), v, s1));
            s2 = TSimd.MultiplyAdd(TSimd.Load(y + (2 * stride) + p), v2, TSimd.MultiplyAdd(TSimd.Load(x + (2 * stride) + p), v, s2));
            s3 = TSimd.MultiplyAdd(TSimd.Load(y + (3 * stride) + p), v2, TSimd.MultiplyAdd(TSimd.Load(x + (3 * stride) + p), v, s3));
        }

        output[row] = bias + TSimd.Sum(s0);
        output[row + 1] = bias + TSimd.Sum(s1);
        output[row + 2] = bias + TSimd.Sum(s2);
        output[row + 3] = bias + TSimd.Sum(s3);
    }

    [SkipLocalsInit]
    private void OneRow<TVector, TSimd>(int row)
        where TSimd : struct, ISimd<TVector, T>
    {
        T* lanes = stackalloc T[LaneCount];
        T* x = a + (row * stride);
        T* y = a2 + (row * stride);
        for (int first = 0; first < LaneCount; first += TSimd.Count)
        {
            TVector s = TSimd.Zero;
            for (nint p = first; p < inner; p += LaneCount)
            {
                s = TSimd.MultiplyAdd(TSimd.Load(y + p), TSimd.Load(w2 + p), TSimd.MultiplyAdd(TSimd.Load(x + p), TSimd.Load(w + p), s));
            }

            TSimd.Store(s, lanes + first);
        }

        for (int half = LaneCount / 2; half > 0; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        output[row] = bias + lanes[0];
    }
}
