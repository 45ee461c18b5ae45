using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>What second-order products need of a loss at the fixed point: its backward pass and its own curvature.</summary>
internal sealed unsafe class LossRecord<T>(Layer[] layers, int rows)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> gradient = new(rows * layers[^1].OutStride);
    private readonly FlatVector<T> curvature = new(rows * layers[^1].OutStride);

    public BackwardRecord<T> Backward { get; } = new(layers, rows);

    /// <summary>Transposed weights of the direction of the product in progress.</summary>
    public WeightTransposes<T> DirectionTransposes { get; } = new(layers);

    public T* Gradient(int row) => gradient.Pointer + ((nint)row * layers[^1].OutStride);

    public T* Curvature(int row) => curvature.Pointer + ((nint)row * layers[^1].OutStride);

    public T* Cotangent(int layer, int row) => Backward.Cotangent(layer, row);
}
