using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Computes the kernel of per-sample gradients tile by tile.</summary>
internal sealed unsafe class SampleKernelRoom<T>(Layer[] layers, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows and columns of a tile.</summary>
    public const int Tile = 128;

    private readonly FlatVector<T>[] cotangents = Workspace<T>.PerLayer(layers, rows);
    private readonly FlatVector<T>[] cotangentColumns = [.. layers.Select(layer => new FlatVector<T>(layer.Out * Tile))];
    private readonly FlatVector<T>[] enteringColumns = [.. layers.Select(layer => new FlatVector<T>(layer.In * Tile))];
    private readonly FlatVector<T> cotangentProducts = new(Tile * Tile);
    private readonly FlatVector<T> sums = new(Tile * Tile);
    private int firstColumn, columns;

    /// <summary>Keeps Δ of some rows.</summary>
    public void Keep(int layer, T* source, int row, int count)
    {
        int stride = layers[layer].OutStride;
        new ReadOnlySpan<T>(source, count * stride).CopyTo(new Span<T>(Cotangent(layer, row), count * stride));
    }

    /// <summary>Transposes the samples that the next tiles have as columns.</summary>
    public void SetColumns(Matrix<T> inputs, FlatVector<T>[] hidden, int first, int count)
    {
        (firstColumn, columns) = (first, count);
        for (int i = 0; i < layers.Length; i++)
        {
            Layer layer = layers[i];
            Gemm.Transpose(Cotangent(i, first), count, layer.Out, layer.OutStride, cotangentColumns[i].Pointer, Tile);
            Gemm.Transpose(Entering(i, first, inputs, hidden), count, layer.In, layer.InStride, enteringColumns[i].Pointer, Tile);
        }
    }

    /// <summary>Writes the tile of some rows and the columns set last, and its mirror image.</summary>
    public void WriteTile(Matrix<T> inputs, FlatVector<T>[] hidden, int first, int count, T* result, int size)
    {
        sums.Clear();
        for (int i = 0; i < layers.Length; i++)
        {
            Layer layer = layers[i];
            var store = new StoreEpilogue<T>(cotangentProducts.Pointer, Tile);
            Product(count, layer.Out, Cotangent(i, first), layer.OutStride, cotangentColumns[i].Pointer, ref store);
            var add = new SampleKernelEpilogue<T>(sums.Pointer, Tile, cotangentProducts.Pointer);
            Product(count, layer.In, Entering(i, first, inputs, hidden), layer.InStride, enteringColumns[i].Pointer, ref add);
        }

        for (int r = 0; r < count; r++)
        {
            nint row = first + r;
            for (int c = 0; c < columns; c++)
            {
                nint column = firstColumn + c;
                if (column >= row)
                {
                    result[(row * size) + column] = result[(column * size) + row] = sums.Pointer[(r * Tile) + c];
                }
            }
        }
    }

    private static void Product<TEpilogue>(int count, int inner, T* left, int stride, T* right, ref TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<T> =>
        Gemm.Run(false, count, Tile, inner, left, stride, right, Tile, null, null, null, ref epilogue);

    private T* Cotangent(int layer, int row) => cotangents[layer].Pointer + ((nint)row * layers[layer].OutStride);

    private T* Entering(int layer, int row, Matrix<T> inputs, FlatVector<T>[] hidden) =>
        (layer == 0 ? inputs.Pointer : hidden[layer - 1].Pointer) + ((nint)row * layers[layer].InStride);
}
