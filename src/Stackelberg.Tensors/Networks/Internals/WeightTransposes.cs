using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Transposed weights, the right factors of backward products.</summary>
internal sealed unsafe class WeightTransposes<T>(Layer[] layers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T>[] transposes =
        [.. layers.Select(layer => new FlatVector<T>(layer.NeedsTranspose ? layer.Out * layer.InStride : 0))];

    private FlatVector<T>? lastInputs;
    private T* source;
    private bool hiddenValid, inputValid;
    private int lastInputsFrom = -1;

    /// <summary>Sets the parameters; nothing is computed yet.</summary>
    public void Reset(T* parameters)
    {
        source = parameters;
        hiddenValid = inputValid = false;
        lastInputsFrom = -1;
    }

    /// <summary>Computes the transposes of all layers but the first, unless they are there.</summary>
    public void RequireHidden()
    {
        for (int i = 1; i < layers.Length && !hiddenValid; i++)
        {
            Transpose(i);
        }

        hiddenValid = true;
    }

    /// <summary>Computes the transpose of the first layer, unless it is there.</summary>
    public void RequireInput()
    {
        if (!inputValid)
        {
            Transpose(0);
            inputValid = true;
        }
    }

    /// <summary>The rows of the first weight from the input <paramref name="first"/> on, transposed: [outputs × inputs from there], padded.</summary>
    public T* OfLastInputs(int first)
    {
        Layer layer = layers[0];
        T* from = source + layer.Weight + ((nint)first * layer.OutStride);
        int count = layer.In - first;
        if (count == 1)
        {
            return from;
        }

        if (lastInputsFrom != first)
        {
            int stride = Padding.Stride(count);
            if (lastInputs is null || lastInputs.Length < layer.Out * stride)
            {
                lastInputs = new FlatVector<T>(layer.Out * stride);
            }

            Gemm.Transpose(from, count, layer.Out, layer.OutStride, lastInputs.Pointer, stride);
            lastInputsFrom = first;
        }

        return lastInputs!.Pointer;
    }

    public T* Of(int layer) => layers[layer].NeedsTranspose ? transposes[layer].Pointer : source + layers[layer].Weight;

    private void Transpose(int index)
    {
        Layer layer = layers[index];
        if (layer.NeedsTranspose)
        {
            Gemm.Transpose(source + layer.Weight, layer.In, layer.Out, layer.OutStride, transposes[index].Pointer, layer.InStride);
        }
    }
}
