using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// A backward pass kept for its tangents: the cotangents Δ of all pre-activations and the terms S = −2 h g of tanh.
/// </summary>
internal sealed unsafe class BackwardRecord<T>(Layer[] layers, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T>[] cotangents = Workspace<T>.PerLayer(layers, rows);

    private readonly FlatVector<T>[] seconds =
        [.. layers.Select((layer, i) => new FlatVector<T>(KeepsSecond(layers, i) ? rows * layer.OutStride : 0))];

    public T* Cotangent(int layer, int row) => cotangents[layer].Pointer + ((nint)row * layers[layer].OutStride);

    public T* Second(int layer, int row) => seconds[layer].Pointer + ((nint)row * layers[layer].OutStride);

    /// <summary>Below a scalar head S is a product of what is kept anyway.</summary>
    private static bool KeepsSecond(Layer[] layers, int index) =>
        layers[index].Activation == Activation.Tanh && !(index == layers.Length - 2 && Layer.HaveScalarHead(layers));
}
