using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <content>Products with a single column, sums and transposes.</content>
internal static unsafe partial class Gemm
{
    /// <summary>out[i] = bias + Σ_p a[i, p] w[p] for each of m rows (the product with a single column).</summary>
    public static void RowDots<T>(int m, int k, T* a, nint lda, T* w, T bias, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            T sum = bias;
            for (int p = 0; p < k; p++)
            {
                sum = T.FusedMultiplyAdd(a[(i * lda) + p], w[p], sum);
            }

            output[i] = sum;
        }
    }

    /// <summary>out[j] (+)= Σ_i a[i, j] for n columns, n a multiple of 16.</summary>
    public static void ColumnSums<T>(int m, int n, T* a, nint lda, T* output, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int j = 0; j < n; j++)
        {
            T sum = accumulate ? output[j] : T.Zero;
            for (int i = 0; i < m; i++)
            {
                sum += a[(i * lda) + j];
            }

            output[j] = sum;
        }
    }

    /// <summary>target[c, r] = source[r, c]; columns of the target beyond <paramref name="rows"/> become zero up to its stride.</summary>
    public static void Transpose<T>(T* source, int rows, int columns, nint sourceStride, T* target, nint targetStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int c = 0; c < columns; c++)
        {
            for (int r = 0; r < targetStride; r++)
            {
                target[(c * targetStride) + r] = r < rows ? source[(r * sourceStride) + c] : T.Zero;
            }
        }
    }
}
