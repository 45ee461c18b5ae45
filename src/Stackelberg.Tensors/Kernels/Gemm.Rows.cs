using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Tensors.Kernels;

/// <content>Products with a single column, and column sums.</content>
internal static unsafe partial class Gemm
{
    /// <summary>out[i] = bias + Σ_p a[i, p] w[p] for each of m rows (the product with a single column).</summary>
    public static void RowDots<T>(int m, int k, T* a, nint lda, T* w, T bias, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                Lanes.RowDots<Vector512<T>, Simd512<T>, T>(m, k, a, lda, w, bias, output);
                break;
            case 256:
                Lanes.RowDots<Vector256<T>, Simd256<T>, T>(m, k, a, lda, w, bias, output);
                break;
            case 128:
                Lanes.RowDots<Vector128<T>, Simd128<T>, T>(m, k, a, lda, w, bias, output);
                break;
            default:
                Lanes.RowDots<T, Scalar<T>, T>(m, k, a, lda, w, bias, output);
                break;
        }
    }

    /// <summary>out[j] (+)= Σ_i a[i, j] for n columns, n a multiple of 16; rows are added in order.</summary>
    public static void ColumnSums<T>(int m, int n, T* a, nint lda, T* output, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                ColumnSums<Vector512<T>, Simd512<T>, T>(m, n, a, lda, output, accumulate);
                break;
            case 256:
                ColumnSums<Vector256<T>, Simd256<T>, T>(m, n, a, lda, output, accumulate);
                break;
            case 128:
                ColumnSums<Vector128<T>, Simd128<T>, T>(m, n, a, lda, output, accumulate);
                break;
            default:
                ColumnSums<T, Scalar<T>, T>(m, n, a, lda, output, accumulate);
                break;
        }
    }

    /// <summary>Column sums with one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ColumnSums<TVector, TSimd, T>(int m, int n, T* a, nint lda, T* output, bool accumulate)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = TSimd.Count;
        int j = 0;
        for (; j + (4 * width) <= n; j += 4 * width)
        {
            T* target = output + j;
            TVector s0 = accumulate ? TSimd.Load(target) : TSimd.Zero;
            TVector s1 = accumulate ? TSimd.Load(target + width) : TSimd.Zero;
            TVector s2 = accumulate ? TSimd.Load(target + (2 * width)) : TSimd.Zero;
            TVector s3 = accumulate ? TSimd.Load(target + (3 * width)) : TSimd.Zero;
            T* row = a + j;
            for (int i = 0; i < m; i++)
            {
                s0 = TSimd.Add(s0, TSimd.Load(row));
                s1 = TSimd.Add(s1, TSimd.Load(row + width));
                s2 = TSimd.Add(s2, TSimd.Load(row + (2 * width)));
                s3 = TSimd.Add(s3, TSimd.Load(row + (3 * width)));
                row += lda;
            }

            TSimd.Store(s0, target);
            TSimd.Store(s1, target + width);
            TSimd.Store(s2, target + (2 * width));
            TSimd.Store(s3, target + (3 * width));
        }

        for (; j < n; j += width)
        {
            TVector sum = accumulate ? TSimd.Load(output + j) : TSimd.Zero;
            T* row = a + j;
            for (int i = 0; i < m; i++)
            {
                sum = TSimd.Add(sum, TSimd.Load(row));
                row += lda;
            }

            TSimd.Store(sum, output + j);
        }
    }
}
