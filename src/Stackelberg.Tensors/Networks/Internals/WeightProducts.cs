using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Products over the rows of a batch that land in a parameter tensor.</summary>
internal static unsafe class WeightProducts
{
    /// <summary>weight ← Aᵀ Δ (+ A2ᵀ Δ2), bias ← Σ_i Δ_i; the padding of both blocks becomes zero.</summary>
    public static void Write<T>(in Layer layer, int rows, T* a, nint strideA, T* delta, T* a2, T* delta2, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* weight = target + layer.Weight;
        T* bias = target + layer.Bias;
        if (layer.Out > 1)
        {
            var store = new StoreEpilogue<T>(weight, layer.OutStride);
            Gemm.Run(true, layer.In, layer.OutStride, rows, a, strideA, delta, layer.OutStride, a2, delta2, null, ref store);
            Gemm.ColumnSums(rows, layer.OutStride, delta, layer.OutStride, bias, accumulate: false);
            return;
        }

        WriteColumn(layer, rows, a, strideA, delta, a2, delta2, weight);
        new Span<T>(bias, Padding.Unit).Clear();
        *bias = RowPasses.Sum(rows, delta);
    }

    private static void WriteColumn<T>(in Layer layer, int rows, T* a, nint strideA, T* delta, T* a2, T* delta2, T* weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (layer.In > 1)
        {
            // one output column: the batch is the right factor, so the column comes out as one padded row
            var store = new StoreEpilogue<T>(weight, Padding.RoundUp(layer.In));
            Gemm.Run(true, 1, Padding.RoundUp(layer.In), rows, delta, 1, a, strideA, delta2, a2, null, ref store);
            return;
        }

        new Span<T>(weight, Padding.Unit).Clear();
        Gemm.RowDots(1, rows, a, rows, delta, T.Zero, weight);
        if (a2 != null)
        {
            T second;
            Gemm.RowDots(1, rows, a2, rows, delta2, T.Zero, &second);
            *weight += second;
        }
    }
}
