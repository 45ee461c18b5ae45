using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Internals;

/// <summary>Kernels that know rows and columns: reductions, broadcasts, slices, softmax. All leave the target's padding zero.</summary>
internal static unsafe class RowKernels
{
    /// <summary>Sets everything beyond the real columns and rows to zero.</summary>
    public static void ClearPadding<T>(ref readonly TapeNode<T> node)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (node.Columns != node.Stride)
        {
            for (int r = 0; r < node.Rows; r++)
            {
                new Span<T>(node.Data + ((nint)r * node.Stride) + node.Columns, node.Stride - node.Columns).Clear();
            }
        }

        int used = node.Rows * node.Stride;
        new Span<T>(node.Data + used, node.Size - used).Clear();
    }

    /// <summary>Σ x over n elements, n a multiple of 16: sixteen running sums added by halving, so the order does not depend on the vector width.</summary>
    public static T Sum<T>(T* x, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* partial = stackalloc T[Padding.Unit];
        Gemm.ColumnSums(n / Padding.Unit, Padding.Unit, x, Padding.Unit, partial, accumulate: false);
        for (int half = Padding.Unit / 2; half > 0; half /= 2)
        {
            for (int j = 0; j < half; j++)
            {
                partial[j] += partial[j + half];
            }
        }

        return partial[0];
    }

    public static void SumOverColumns<T>(ref readonly TapeNode<T> source, ref readonly TapeNode<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int r = 0; r < source.Rows; r++)
        {
            T* x = source.Data + ((nint)r * source.Stride);
            target.Data[r] = target.Scale * (source.Stride == 1 ? x[0] : Sum(x, source.Stride));
        }
    }

    /// <summary>Writes scale · row (or adds it, when <paramref name="accumulate"/>) to every row.</summary>
    public static void BroadcastRow<T>(T* row, T scale, ref readonly TapeNode<T> target, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stride = target.Stride;
        for (int r = 0; r < target.Rows; r++)
        {
            T* y = target.Data + ((nint)r * stride);
            if (accumulate)
            {
                Elementwise.Binary(stride, row, y, y, new AddScaledOperation<T>(scale));
            }
            else
            {
                Elementwise.Unary(stride, row, y, new ScaleOperation<T>(scale));
            }
        }
    }

    public static void BroadcastColumn<T>(T* column, ref readonly TapeNode<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int r = 0; r < target.Rows; r++)
        {
            new Span<T>(target.Data + ((nint)r * target.Stride), target.Columns).Fill(target.Scale * column[r]);
        }
    }

    /// <summary>Copies <paramref name="columns"/> columns from one place to another; the rest of the target is the caller's.</summary>
    public static void CopyBlock<T>(T* source, int sourceStride, T* target, int targetStride, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int r = 0; r < rows; r++)
        {
            T* x = source + ((nint)r * sourceStride);
            T* y = target + ((nint)r * targetStride);
            for (int c = 0; c < columns; c++)
            {
                y[c] = x[c];
            }
        }
    }

    /// <summary>x − max − ln Σ exp(x − max), or its exponential.</summary>
    public static void LogSoftmax<T>(ref readonly TapeNode<T> source, ref readonly TapeNode<T> target, bool exponential)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int r = 0; r < source.Rows; r++)
        {
            T* x = source.Data + ((nint)r * source.Stride);
            T* y = target.Data + ((nint)r * target.Stride);
            T largest = x[0];
            for (int c = 1; c < source.Columns; c++)
            {
                largest = T.Max(largest, x[c]);
            }

            T sum = T.Zero;
            for (int c = 0; c < source.Columns; c++)
            {
                y[c] = T.Exp(x[c] - largest);
                sum += y[c];
            }

            T logarithm = largest + T.Log(sum);
            for (int c = 0; c < source.Columns; c++)
            {
                y[c] = exponential ? y[c] / sum : x[c] - logarithm;
            }
        }
    }

    /// <summary>See <see cref="Operation.DiscountedSum"/> and <see cref="Operation.DiscountedSumForward"/>.</summary>
    public static void DiscountedSum<T>(ref readonly TapeNode<T> source, T* decays, ref readonly TapeNode<T> target, bool forward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stride = source.Stride;
        int rows = source.Rows;
        for (int step = 0; step < rows; step++)
        {
            int t = forward ? step : rows - 1 - step;
            T* x = source.Data + ((nint)t * stride);
            T* y = target.Data + ((nint)t * stride);
            T* before = step == 0 ? null : target.Data + ((nint)(forward ? t - 1 : t + 1) * stride);
            for (int c = 0; c < stride; c++)
            {
                y[c] = before == null ? x[c] : T.FusedMultiplyAdd(decays[forward ? t - 1 : t], before[c], x[c]);
            }
        }
    }
}
