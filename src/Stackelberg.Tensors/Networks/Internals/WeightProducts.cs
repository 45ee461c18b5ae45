using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Products over the rows of a batch that land in a parameter tensor.</summary>
internal static unsafe class WeightProducts
{
    /// <summary>weight ← Aᵀ Δ (+ A2ᵀ Δ2); the padding of the block becomes zero.</summary>
    public static void Weight<T>(in Layer layer, int rows, T* a, T* delta, T* a2, T* delta2, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* weight = target + layer.Weight;
        if (layer.Out > 1)
        {
            var store = new StoreEpilogue<T>(weight, layer.OutStride);
            Gemm.Run(true, layer.In, layer.OutStride, rows, a, layer.InStride, delta, layer.OutStride, a2, delta2, null, ref store);
        }
        else if (layer.In > 1)
        {
            // one output column: the batch is the right factor, so the column comes out as one padded row
            var store = new StoreEpilogue<T>(weight, layer.InStride);
            Gemm.Run(true, 1, layer.InStride, rows, delta, 1, a, layer.InStride, delta2, a2, null, ref store);
        }
        else
        {
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

    /// <summary>bias ← Σ_i Δ_i; the padding of the block becomes zero.</summary>
    public static void Bias<T>(in Layer layer, int rows, T* delta, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* bias = target + layer.Bias;
        if (layer.Out > 1)
        {
            Gemm.ColumnSums(rows, layer.OutStride, delta, layer.OutStride, bias, accumulate: false);
        }
        else
        {
            new Span<T>(bias, Padding.Unit).Clear();
            *bias = RowPasses.Sum(rows, delta);
        }
    }
}
