using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Tensors.Kernels;

/// <content>Operations of one operand.</content>
internal static unsafe partial class Elementwise
{
    /// <summary>Applies an operation to padded rows; result and operands share the stride and may be the same memory.</summary>
    /// <param name="columns">Columns without padding; the result's other columns up to the stride are zero.</param>
    public static void Unary<T, TOperation>(int rows, int columns, nint stride, T* x, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        Unary(rows * stride, x, result, operation);
        if (!operation.KeepsZero)
        {
            ClearPadding(rows, columns, stride, result);
        }
    }

    /// <summary>Applies an operation to consecutive elements.</summary>
    public static void Unary<T, TOperation>(nint count, T* x, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                Unary<Vector512<T>, Simd512<T>, T, TOperation>(count, x, result, operation);
                break;
            case 256:
                Unary<Vector256<T>, Simd256<T>, T, TOperation>(count, x, result, operation);
                break;
            case 128:
                Unary<Vector128<T>, Simd128<T>, T, TOperation>(count, x, result, operation);
                break;
            default:
                Unary<T, Scalar<T>, T, TOperation>(count, x, result, operation);
                break;
        }
    }

    /// <summary>Applies an operation with one width; what does not fill a vector is computed in scalar form, to the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Unary<TVector, TSimd, T, TOperation>(nint count, T* x, T* result, TOperation operation)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            TSimd.Store(operation.Apply<TVector, TSimd>(TSimd.Load(x + i)), result + i);
        }

        if (i < count)
        {
            UnaryRest(count - i, x + i, result + i, operation);
        }
    }

    // a method of its own, because the compiler stops inlining when a method grows too large
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void UnaryRest<T, TOperation>(nint count, T* x, T* result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        for (nint i = 0; i < count; i++)
        {
            result[i] = operation.Apply<T, Scalar<T>>(x[i]);
        }
    }
}
