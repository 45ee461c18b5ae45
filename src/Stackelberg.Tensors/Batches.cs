using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors;

/// <summary>Row-wise operations on batches that are short per row, where slicing rows would cost more than the arithmetic.</summary>
public static unsafe class Batches
{
    /// <summary>
    /// Row i of the result ← (leftᵢ, shift + scale ∘ rightᵢ), each element with one rounding: observations joined with actions that a network gave in units of
    /// half the range.
    /// </summary>
    /// <param name="left">[at least rows × m]</param>
    /// <param name="right">[at least rows × n]</param>
    /// <param name="scale">n factors.</param>
    /// <param name="shift">n summands.</param>
    /// <param name="result">[at least rows × (m + n)]; neither operand.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static void Join<T>(
        Matrix<T> left, Matrix<T> right, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, int rows, Matrix<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        Require.Batch(left, rows, left.Columns, nameof(left));
        Require.Batch(right, rows, right.Columns, nameof(right));
        Require.Batch(result, rows, left.Columns + right.Columns, nameof(result));
        Require.Length(scale.Length, right.Columns, "one factor per column", nameof(scale));
        Require.Length(shift.Length, right.Columns, "one summand per column", nameof(shift));
        fixed (T* a = scale, b = shift)
        {
            SimdPass.Run<T, JoinPass<T>>(new(
                rows, left.Pointer, left.Stride, right.Pointer, right.Stride, right.Columns, a, b, result.Pointer, left.Columns, result.Stride));
        }

        GC.KeepAlive(left);
        GC.KeepAlive(right);
        GC.KeepAlive(result);
    }

    /// <summary>Row i of the result ← scale ∘ sourceᵢ.</summary>
    /// <param name="source">[at least rows × n]</param>
    /// <param name="scale">n factors.</param>
    /// <param name="result">[at least rows × n]; may be the source.</param>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static void ScaleColumns<T>(Matrix<T> source, ReadOnlySpan<T> scale, int rows, Matrix<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(source);
        Require.Batch(source, rows, source.Columns, nameof(source));
        Require.Batch(result, rows, source.Columns, nameof(result));
        Require.Length(scale.Length, source.Columns, "one factor per column", nameof(scale));
        T* from = source.Pointer;
        T* to = result.Pointer;
        fixed (T* a = scale)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < scale.Length; j++)
                {
                    to[j] = a[j] * from[j];
                }

                from += source.Stride;
                to += result.Stride;
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(result);
    }

    private readonly struct JoinPass<T>(
        int rows, T* left, int leftStride, T* right, int rightStride, int count, T* scale, T* shift, T* result, int first, int stride) : ISimdPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<TVector, TSimd>()
            where TSimd : struct, ISimd<TVector, T>
        {
            T* x = left;
            T* y = right;
            T* to = result;
            for (int i = 0; i < rows; i++)
            {
                if (leftStride == 1)
                {
                    *to = *x;
                }

                // whole padded rows; what follows overwrites the zeros
                for (int j = 0; j <= leftStride - TSimd.Count; j += TSimd.Count)
                {
                    TSimd.Store(TSimd.Load(x + j), to + j);
                }

                T* joined = to + first;
                for (int j = 0; j < count; j++)
                {
                    joined[j] = T.FusedMultiplyAdd(scale[j], y[j], shift[j]);
                }

                x += leftStride;
                y += rightStride;
                to += stride;
            }
        }
    }
}
