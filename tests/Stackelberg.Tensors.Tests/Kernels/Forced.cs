using System.Numerics;
using System.Runtime.Intrinsics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Tests.Kernels;

/// <summary>Kernels with a given vector width instead of the one in force.</summary>
internal static unsafe class Forced
{
    public static T[] Unary<T, TOperation>(int width, ReadOnlySpan<T> x, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        var result = new T[x.Length];
        fixed (T* px = x, pr = result)
        {
            switch (width)
            {
                case 512:
                    Elementwise.Unary<Vector512<T>, Simd512<T>, T, TOperation>(x.Length, px, pr, operation);
                    break;
                case 256:
                    Elementwise.Unary<Vector256<T>, Simd256<T>, T, TOperation>(x.Length, px, pr, operation);
                    break;
                case 128:
                    Elementwise.Unary<Vector128<T>, Simd128<T>, T, TOperation>(x.Length, px, pr, operation);
                    break;
                default:
                    Elementwise.Unary<T, Scalar<T>, T, TOperation>(x.Length, px, pr, operation);
                    break;
            }
        }

        return result;
    }

    public static T[] Binary<T, TOperation>(int width, ReadOnlySpan<T> x, ReadOnlySpan<T> y, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        var result = new T[x.Length];
        fixed (T* px = x, py = y, pr = result)
        {
            switch (width)
            {
                case 512:
                    Elementwise.Binary<Vector512<T>, Simd512<T>, T, TOperation>(x.Length, px, py, pr, operation);
                    break;
                case 256:
                    Elementwise.Binary<Vector256<T>, Simd256<T>, T, TOperation>(x.Length, px, py, pr, operation);
                    break;
                case 128:
                    Elementwise.Binary<Vector128<T>, Simd128<T>, T, TOperation>(x.Length, px, py, pr, operation);
                    break;
                default:
                    Elementwise.Binary<T, Scalar<T>, T, TOperation>(x.Length, px, py, pr, operation);
                    break;
            }
        }

        return result;
    }

    public static T[] Ternary<T, TOperation>(int width, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, ITernaryOperation<T>
    {
        var result = new T[x.Length];
        fixed (T* px = x, py = y, pz = z, pr = result)
        {
            switch (width)
            {
                case 512:
                    Elementwise.Ternary<Vector512<T>, Simd512<T>, T, TOperation>(x.Length, px, py, pz, pr, operation);
                    break;
                case 256:
                    Elementwise.Ternary<Vector256<T>, Simd256<T>, T, TOperation>(x.Length, px, py, pz, pr, operation);
                    break;
                case 128:
                    Elementwise.Ternary<Vector128<T>, Simd128<T>, T, TOperation>(x.Length, px, py, pz, pr, operation);
                    break;
                default:
                    Elementwise.Ternary<T, Scalar<T>, T, TOperation>(x.Length, px, py, pz, pr, operation);
                    break;
            }
        }

        return result;
    }

    public static double Dot<T>(int width, ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y)
        {
            return width switch
            {
                512 => Lanes.Dot<Vector512<double>, Simd512<double>, T>(x.Length, px, py),
                256 => Lanes.Dot<Vector256<double>, Simd256<double>, T>(x.Length, px, py),
                128 => Lanes.Dot<Vector128<double>, Simd128<double>, T>(x.Length, px, py),
                _ => Lanes.Dot<double, Scalar<double>, T>(x.Length, px, py),
            };
        }
    }

    public static void RowDots<T>(int width, int m, int k, T* a, nint lda, T* w, T bias, T* output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
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

    public static void ColumnSums<T>(int width, int m, int n, T* a, nint lda, T* output, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (width)
        {
            case 512:
                Gemm.ColumnSums<Vector512<T>, Simd512<T>, T>(m, n, a, lda, output, accumulate);
                break;
            case 256:
                Gemm.ColumnSums<Vector256<T>, Simd256<T>, T>(m, n, a, lda, output, accumulate);
                break;
            case 128:
                Gemm.ColumnSums<Vector128<T>, Simd128<T>, T>(m, n, a, lda, output, accumulate);
                break;
            default:
                Gemm.ColumnSums<T, Scalar<T>, T>(m, n, a, lda, output, accumulate);
                break;
        }
    }
}
