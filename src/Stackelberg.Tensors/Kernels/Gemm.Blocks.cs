using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <content>From numbers of rows and vectors to the compiled tile.</content>
internal static unsafe partial class Gemm
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<TVector, TSimd, T, TTransposed, TEpilogue>(
        int rows, int vectors, int row, int column, in Product<T> product, nint offset, ref TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TTransposed : struct, IConstant
        where TEpilogue : struct, IEpilogue<T>
    {
        nint first = TTransposed.Value == 1 ? row : row * product.Lda;
        T* a = product.A + first;
        T* a2 = product.A2 == null ? null : product.A2 + first;
        T* b = product.B + column;
        T* b2 = product.B2 + column;
        T* bias = product.Bias == null ? null : product.Bias + column;
        nint lda = product.Lda;
        nint ldb = product.Ldb;
        nint k = product.K;
        switch ((vectors << 4) | rows)
        {
            case (4 << 4) | 1:
                Block4.Run<TVector, TSimd, T, N1, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (4 << 4) | 2:
                Block4.Run<TVector, TSimd, T, N2, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (4 << 4) | 3:
                Block4.Run<TVector, TSimd, T, N3, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (4 << 4) | 4:
                Block4.Run<TVector, TSimd, T, N4, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (4 << 4) | 5:
                Block4.Run<TVector, TSimd, T, N5, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (4 << 4) | 6:
                Block4.Run<TVector, TSimd, T, N6, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 1:
                Block2.Run<TVector, TSimd, T, N1, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 2:
                Block2.Run<TVector, TSimd, T, N2, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 3:
                Block2.Run<TVector, TSimd, T, N3, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 4:
                Block2.Run<TVector, TSimd, T, N4, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 5:
                Block2.Run<TVector, TSimd, T, N5, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 6:
                Block2.Run<TVector, TSimd, T, N6, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 7:
                Block2.Run<TVector, TSimd, T, N7, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 8:
                Block2.Run<TVector, TSimd, T, N8, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 9:
                Block2.Run<TVector, TSimd, T, N9, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 10:
                Block2.Run<TVector, TSimd, T, N10, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 11:
                Block2.Run<TVector, TSimd, T, N11, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (2 << 4) | 12:
                Block2.Run<TVector, TSimd, T, N12, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 1:
                Block1.Run<TVector, TSimd, T, N1, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 2:
                Block1.Run<TVector, TSimd, T, N2, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 3:
                Block1.Run<TVector, TSimd, T, N3, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 4:
                Block1.Run<TVector, TSimd, T, N4, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 5:
                Block1.Run<TVector, TSimd, T, N5, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 6:
                Block1.Run<TVector, TSimd, T, N6, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 7:
                Block1.Run<TVector, TSimd, T, N7, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 8:
                Block1.Run<TVector, TSimd, T, N8, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 9:
                Block1.Run<TVector, TSimd, T, N9, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 10:
                Block1.Run<TVector, TSimd, T, N10, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 11:
                Block1.Run<TVector, TSimd, T, N11, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
            case (1 << 4) | 12:
                Block1.Run<TVector, TSimd, T, N12, TTransposed, TEpilogue>(a, lda, b, ldb, k, a2, b2, bias, offset, ref epilogue);
                break;
        }
    }
}
