using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// What second-order products need of a loss at the fixed point: the cotangents Δ of all pre-activations, the terms S = −2 h g of tanh, and the
/// loss' own curvature.
/// </summary>
internal sealed unsafe class LossRecord<T>(Layer[] layers, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T>[] cotangents = Workspace<T>.PerLayer(layers, rows);

    private readonly FlatVector<T>[] seconds =
        [.. layers.Select((layer, i) => new FlatVector<T>(KeepsSecond(layers, i) ? rows * layer.OutStride : 0))];

    private readonly FlatVector<T> gradient = new(rows * layers[^1].OutStride);
    private readonly FlatVector<T> curvature = new(rows * layers[^1].OutStride);

    /// <summary>Transposed weights of the direction of the product in progress.</summary>
    public WeightTransposes<T> DirectionTransposes { get; } = new(layers);

    public T* Gradient(int row) => gradient.Pointer + ((nint)row * layers[^1].OutStride);

    public T* Curvature(int row) => curvature.Pointer + ((nint)row * layers[^1].OutStride);

    public T* Cotangent(int layer, int row) => cotangents[layer].Pointer + ((nint)row * layers[layer].OutStride);

    public T* Second(int layer, int row) => seconds[layer].Pointer + ((nint)row * layers[layer].OutStride);

    /// <summary>Below a scalar head S is a product of what is kept anyway.</summary>
    private static bool KeepsSecond(Layer[] layers, int index) =>
        layers[index].Activation == Activation.Tanh && !(index == layers.Length - 2 && Layer.HaveScalarHead(layers));
}
