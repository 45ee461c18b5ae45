using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Passes over a batch that are not matrix products.</summary>
internal static unsafe class RowPasses
{
    /// <summary>Sends <paramref name="count"/> contiguous elements through an epilogue.</summary>
    public static void Apply<T, TEpilogue>(int count, T* source, ref TEpilogue epilogue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        for (int i = 0; i < count; i++)
        {
            epilogue.Apply<T, Scalar<T>>(source[i], i);
        }
    }

    /// <summary>out[i] = bias + Σ_p a[i, p] w[p] + Σ_p a2[i, p] w2[p].</summary>
    public static void TwoDots<T>(int m, int k, T* a, nint lda, T* w, T* a2, T* w2, T bias, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            T sum = bias;
            for (int p = 0; p < k; p++)
            {
                sum = T.FusedMultiplyAdd(a[(i * lda) + p], w[p], sum);
                sum = T.FusedMultiplyAdd(a2[(i * lda) + p], w2[p], sum);
            }

            output[i] = sum;
        }
    }

    /// <summary>Σ_i a[i] in order.</summary>
    public static T Sum<T>(int m, T* a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T sum = T.Zero;
        for (int i = 0; i < m; i++)
        {
            sum += a[i];
        }

        return sum;
    }

    /// <summary>out ← a ∘ a.</summary>
    public static void Square<T>(int count, T* a, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var epilogue = new MultiplyEpilogue<T>(output, 0, a);
        Apply(count, a, ref epilogue);
    }

    /// <summary>a[i, :] ← weight[i] a[i, :]² for rows of <paramref name="stride"/> elements.</summary>
    public static void WeightedSquare<T>(int m, nint stride, T* a, T* weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            T* row = a + (i * stride);
            for (int j = 0; j < stride; j++)
            {
                row[j] *= row[j] * weight[i];
            }
        }
    }
}
