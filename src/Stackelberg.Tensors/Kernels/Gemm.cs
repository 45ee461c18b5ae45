using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>Matrix products with bias and epilogue fused.</summary>
/// <remarks>
/// The product is cut into tiles that fit the registers (6 rows × 4 vectors, 12 × 2, 12 × 1; half the rows with 16 registers), the row
/// blocks evened out. Factors are read where they lie, nothing is packed: at the widths of reinforcement learning they stay in cache.
/// The terms of every element are added in the order p = 0 … k − 1, first of A·B, then of A2·B2, starting from the bias, whatever the tile.
/// </remarks>
internal static unsafe partial class Gemm
{
    // a tile is at most 24 vectors of 64 bytes; one more to align it
    private const int TileBytes = 25 * 64;

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
        var product = new Product<T>(m, n, k, a, lda, b, ldb, a2, b2, bias);
        bool many = SimdSupport.HasManyRegisters;
        switch (SimdSupport.Width)
        {
            case 512:
                Run<Vector512<T>, Simd512<T>, T, TEpilogue>(transposeA, many, in product, ref epilogue);
                break;
            case 256:
                Run<Vector256<T>, Simd256<T>, T, TEpilogue>(transposeA, many, in product, ref epilogue);
                break;
            case 128:
                Run<Vector128<T>, Simd128<T>, T, TEpilogue>(transposeA, many, in product, ref epilogue);
                break;
            default:
                Run<T, Scalar<T>, T, TEpilogue>(transposeA, many, in product, ref epilogue);
                break;
        }
    }

    /// <summary>The product with one width; <paramref name="manyRegisters"/> chooses the blocks for 32 registers or for 16.</summary>
    internal static void Run<TVector, TSimd, T, TEpilogue>(
        bool transposeA, bool manyRegisters, in Product<T> product, ref TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        if (transposeA)
        {
            Tiles<TVector, TSimd, T, N1, TEpilogue>(manyRegisters, in product, ref epilogue);
        }
        else
        {
            Tiles<TVector, TSimd, T, N0, TEpilogue>(manyRegisters, in product, ref epilogue);
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TVector, TSimd, T, TTransposed, TEpilogue>(bool manyRegisters, in Product<T> product, ref TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TTransposed : struct, IConstant
        where TEpilogue : struct, IEpilogue<T>
    {
        byte* memory = stackalloc byte[TileBytes];
        var tile = (T*)(((nint)memory + 63) & ~63);
        int width = TSimd.Count;
        for (int column = 0; column < product.N;)
        {
            int left = (product.N - column) / width;
            int vectors = left >= 4 && manyRegisters ? 4 : left >= 2 ? 2 : 1;
            int most = vectors == 4 || (vectors == 2 && !manyRegisters) ? 6 : 12;
            int blocks = (product.M + most - 1) / most;
            int row = 0;
            for (int block = 0; block < blocks; block++)
            {
                int rows = (product.M - row) / (blocks - block);
                nint offset = (row * epilogue.Stride) + column;
                if (TEpilogue.AppliesInRegisters)
                {
                    Block<TVector, TSimd, T, TTransposed, TEpilogue>(rows, vectors, row, column, in product, offset, ref epilogue);
                }
                else
                {
                    var store = new StoreEpilogue<T>(tile, vectors * width);
                    Block<TVector, TSimd, T, TTransposed, StoreEpilogue<T>>(rows, vectors, row, column, in product, 0, ref store);
                    ApplyEpilogue<TVector, TSimd, T, TEpilogue>(rows, vectors, tile, offset, ref epilogue);
                }

                row += rows;
            }

            column += vectors * width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ApplyEpilogue<TVector, TSimd, T, TEpilogue>(int rows, int vectors, T* tile, nint offset, ref TEpilogue epilogue)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TEpilogue : struct, IEpilogue<T>
    {
        nint skip = epilogue.Stride - (vectors * TSimd.Count);
        for (int row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector++)
            {
                epilogue.Apply<TVector, TSimd>(TSimd.Load(tile), offset);
                tile += TSimd.Count;
                offset += TSimd.Count;
            }

            offset += skip;
        }
    }
}

/// <summary>The factors of a matrix product, as <see cref="Gemm.Run{T, TEpilogue}"/> takes them.</summary>
internal readonly unsafe struct Product<T>(int m, int n, int k, T* a, nint lda, T* b, nint ldb, T* a2, T* b2, T* bias)
    where T : unmanaged
{
    public readonly int M = m;
    public readonly int N = n;
    public readonly int K = k;
    public readonly T* A = a;
    public readonly nint Lda = lda;
    public readonly T* B = b;
    public readonly nint Ldb = ldb;
    public readonly T* A2 = a2;
    public readonly T* B2 = b2;
    public readonly T* Bias = bias;
}
