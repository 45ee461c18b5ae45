using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// Some rows of a batch on their way through a network. Notation: A the batch that enters a layer, W and b its parameters, h = φ(A·W + b) what
/// leaves it, Δ the cotangent of A·W + b, R a directional derivative with respect to the parameters.
/// </summary>
internal readonly unsafe partial struct Chunk<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required Layer[] Layers { get; init; }

    public required int Rows { get; init; }

    public required T* Parameters { get; init; }

    public required WeightTransposes<T> Transposes { get; init; }

    /// <summary>First of these rows in the inputs.</summary>
    public required T* Inputs { get; init; }

    /// <summary>The batches that leave the hidden layers.</summary>
    public required FlatVector<T>[] Hidden { get; init; }

    /// <summary>First of these rows in <see cref="Hidden"/>.</summary>
    public required int HiddenRow { get; init; }

    /// <summary>First of these rows in the outputs.</summary>
    public required T* Outputs { get; init; }

    public required Workspace<T> Workspace { get; init; }

    private int Last => Layers.Length - 1;

    private T* Entering(int layer) => layer == 0 ? Inputs : Leaving(layer - 1);

    private T* Leaving(int layer) =>
        layer == Last ? Outputs : Hidden[layer].Pointer + ((nint)HiddenRow * Layers[layer].OutStride);

    /// <summary>Evaluates the network.</summary>
    public void Forward()
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            Layer layer = Layers[i];
            var product = new BatchProduct<T>
            {
                Rows = Rows,
                Inner = layer.In,
                Columns = layer.Out,
                A = Entering(i),
                StrideA = layer.InStride,
                B = Parameters + layer.Weight,
                Bias = Parameters + layer.Bias,
                Scratch = Workspace.Column,
            };
            product.Activate(layer.Activation, Leaving(i));
        }
    }

    /// <summary>Tangents of all hidden activations (kept in the workspace) and of the outputs.</summary>
    public void Tangents(T* direction, T* outputTangents)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            Layer layer = Layers[i];
            var product = new BatchProduct<T>
            {
                Rows = Rows,
                Inner = layer.In,
                Columns = layer.Out,
                A = Entering(i),
                StrideA = layer.InStride,
                B = direction + layer.Weight,
                A2 = i == 0 ? null : Workspace.Values[i - 1].Pointer,
                B2 = i == 0 ? null : Parameters + layer.Weight,
                Bias = direction + layer.Bias,
                Scratch = Workspace.Column,
            };
            product.Differentiate(layer.Activation, Leaving(i), i == Last ? outputTangents : Workspace.Values[i].Pointer);
        }
    }

    /// <summary>φ′(out) ∘ given, in the workspace.</summary>
    public T* ThroughOutput(T* given)
    {
        T* into = Workspace.Cotangents[Last].Pointer;
        int count = Rows * Layers[Last].OutStride;
        switch (Layers[Last].Activation)
        {
            case Activation.Relu:
                RowPasses.Apply(count, given, new ReluBackwardEpilogue<T>(into, 0, Outputs));
                break;
            case Activation.Tanh:
                RowPasses.Apply(count, given, new TanhBackwardEpilogue<T>(into, 0, Outputs));
                break;
            default:
                new ReadOnlySpan<T>(given, count).CopyTo(new Span<T>(into, count));
                break;
        }

        return into;
    }

    /// <summary>From the output's Δ in the workspace: the gradient, if a target is given, and Δ of every layer in the workspace.</summary>
    public void Backward(T* target)
    {
        for (int i = Last; i >= 0; i--)
        {
            T* delta = Workspace.Cotangents[i].Pointer;
            bool isHead = i == Last && HasScalarHead;
            if (target != null)
            {
                WriteGradient(i, delta, target, weight: !isHead, bias: !(i == Last - 1 && HasScalarHead));
            }

            if (isHead)
            {
                BackThroughHead(delta, Workspace.Cotangents[i - 1].Pointer, target);
            }
            else if (i > 0)
            {
                BackProduct(i, delta).Differentiate(Layers[i - 1].Activation, Leaving(i - 1), Workspace.Cotangents[i - 1].Pointer);
            }
        }
    }

    private void WriteGradient(int index, T* delta, T* target, bool weight = true, bool bias = true)
    {
        Layer layer = Layers[index];
        if (weight)
        {
            WeightProducts.Weight(layer, Rows, Entering(index), delta, null, null, target);
        }

        if (bias)
        {
            WeightProducts.Bias(layer, Rows, delta, target);
        }
    }

    /// <summary>Cotangents of the inputs, after <see cref="Backward"/>.</summary>
    public void ToInputs(T* inputCotangents) =>
        BackProduct(0, Workspace.Cotangents[0].Pointer).Into(new StoreEpilogue<T>(inputCotangents, Layers[0].InStride));

    /// <summary>As <see cref="ToInputs"/>, of the last inputs alone.</summary>
    /// <param name="weight">From <see cref="WeightTransposes{T}.OfLastInputs"/>.</param>
    public void ToLastInputs(T* weight, int count, T* inputCotangents)
    {
        BatchProduct<T> product = BackProduct(0, Workspace.Cotangents[0].Pointer) with { B = weight, Columns = count };
        product.Into(new StoreEpilogue<T>(inputCotangents, product.Stride));
    }

    /// <summary>Δ·Wᵀ.</summary>
    private BatchProduct<T> BackProduct(int index, T* delta) => new()
    {
        Rows = Rows,
        Inner = Layers[index].Out,
        Columns = Layers[index].In,
        A = delta,
        StrideA = Layers[index].OutStride,
        B = Transposes.Of(index),
        Scratch = Workspace.Column,
    };
}
