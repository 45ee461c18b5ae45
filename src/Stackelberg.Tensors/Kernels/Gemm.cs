using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>Matrix products with bias and epilogue fused.</summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// For every vector of the m × n product <c>bias + A·B (+ A2·B2)</c> calls the epilogue.
    /// </summary>
    /// <param name="transposeA">A(i, p) is <c>a[p * lda + i]</c> instead of <c>a[i * lda + p]</c>; the same holds for A2.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Columns of the product; a multiple of 16 (padding included).</param>
    /// <param name="k">Inner dimension, without padding.</param>
    /// <param name="a2">A second left factor with A's stride, or null.</param>
    /// <param name="b2">A second right factor with B's stride, or null.</param>
    /// <param name="bias">n elements added to every row, or null.</param>
    public static void Run<T, TEpilogue>(
        bool transposeA, int m, int n, int k, T* a, nint lda, T* b, nint ldb, T* a2, T* b2, T* bias, ref TEpilogue epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                T sum = bias == null ? T.Zero : bias[j];
                for (int p = 0; p < k; p++)
                {
                    sum = T.FusedMultiplyAdd(transposeA ? a[(p * lda) + i] : a[(i * lda) + p], b[(p * ldb) + j], sum);
                    if (a2 != null)
                    {
                        sum = T.FusedMultiplyAdd(transposeA ? a2[(p * lda) + i] : a2[(i * lda) + p], b2[(p * ldb) + j], sum);
                    }
                }

                epilogue.Apply<T, Scalar<T>>(sum, (i * epilogue.Stride) + j);
            }
        }
    }

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
