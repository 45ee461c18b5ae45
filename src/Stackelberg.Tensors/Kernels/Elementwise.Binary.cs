using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Tensors.Kernels;

/// <content>Operations of two operands.</content>
internal static unsafe partial class Elementwise
{
    /// <summary>Applies an operation to padded rows; result and operands share the stride and may be the same memory.</summary>
    /// <param name="columns">Columns without padding; the result's other columns up to the stride are zero.</param>
    public static void Binary<T, TOperation>(int rows, int columns, nint stride, T* x, T* y, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        Binary(rows * stride, x, y, result, operation);
        if (!operation.KeepsZero)
        {
            ClearPadding(rows, columns, stride, result);
        }
    }

    /// <summary>Applies an operation to consecutive elements.</summary>
    public static void Binary<T, TOperation>(nint count, T* x, T* y, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                Binary<Vector512<T>, Simd512<T>, T, TOperation>(count, x, y, result, operation);
                break;
            case 256:
                Binary<Vector256<T>, Simd256<T>, T, TOperation>(count, x, y, result, operation);
                break;
            case 128:
                Binary<Vector128<T>, Simd128<T>, T, TOperation>(count, x, y, result, operation);
                break;
            default:
                Binary<T, Scalar<T>, T, TOperation>(count, x, y, result, operation);
                break;
        }
    }

    /// <summary>Applies an operation with one width; what does not fill a vector is computed in scalar form, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Binary<TVector, TSimd, T, TOperation>(nint count, T* x, T* y, T* result, TOperation operation)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(operation.Apply<TVector, TSimd>(TSimd.Load(x + i), TSimd.Load(y + i)), result + i);
        }

        if (i < count)
        {
            BinaryRest(count - i, x + i, y + i, result + i, operation);
        }
    }

    // a method of its own, because the compiler stops inlining when a method grows too large
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void BinaryRest<T, TOperation>(nint count, T* x, T* y, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        for (nint i = 0; i < count; i++)
        {
            result[i] = operation.Apply<T, Scalar<T>>(x[i], y[i]);
        }
    }
}
