using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Transposed weights, the right factors of backward products.</summary>
internal sealed unsafe class WeightTransposes<T>(Layer[] layers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T>[] transposes =
        [.. layers.Select(layer => new FlatVector<T>(layer.NeedsTranspose ? layer.Out * layer.InStride : 0))];

    private T* source;
    private bool hiddenValid, inputValid;

    /// <summary>Sets the parameters; nothing is computed yet.</summary>
    public void Reset(T* parameters)
    {
        source = parameters;
        hiddenValid = inputValid = false;
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
