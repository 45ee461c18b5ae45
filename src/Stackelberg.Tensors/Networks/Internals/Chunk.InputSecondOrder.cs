using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <content>Second derivatives of Σ cotangent · out that involve the inputs, by the forward tangent of the backward pass.</content>
internal readonly unsafe partial struct Chunk<T>
{
    /// <summary>
    /// The tangent of the inputs' cotangents when the parameters move along a direction: RΔ·Wᵀ + Δ·Vᵀ of the first layer.
    /// </summary>
    public void MixedInput(
        BackwardRecord<T> record, T* cotangents, T* direction, WeightTransposes<T> directionTransposes, T* result)
    {
        T* tangent = Workspace.Values[Last].Pointer;
        Tangents(direction, tangent);
        RecordAndCurve(record, cotangents, tangent);
        BackwardTangents(record, 0, direction, directionTransposes, null, null);
        TangentToInputs(record, directionTransposes, result);
    }

    /// <summary>
    /// When the inputs move: the tangent of the parameters' gradient, if a target is given, and that of the inputs' cotangents, if a result is given.
    /// </summary>
    public void MovingInputs(BackwardRecord<T> record, T* cotangents, T* inputTangents, T* target, T* result)
    {
        T* tangent = Workspace.Values[Last].Pointer;
        InputTangents(inputTangents, tangent);
        RecordAndCurve(record, cotangents, tangent);
        BackwardTangents(record, 0, null, null, inputTangents, target);
        if (result != null)
        {
            TangentToInputs(record, null, result);
        }
    }

    /// <summary>The record of the cotangents, and RΔ of the output, to which only the output's own activation contributes.</summary>
    private void RecordAndCurve(BackwardRecord<T> record, T* cotangents, T* tangent)
    {
        Record(record, 0, cotangents);
        new Span<T>(Workspace.Cotangents[Last].Pointer, Rows * Layers[Last].OutStride).Clear();
        OutputCurvature(record, 0, tangent);
    }

    private void TangentToInputs(BackwardRecord<T> record, WeightTransposes<T>? directionTransposes, T* result) =>
        BackTangentProduct(0, Workspace.Cotangents[0].Pointer, record.Cotangent(0, 0), directionTransposes)
            .Into(new StoreEpilogue<T>(result, Layers[0].InStride));

    /// <summary>Tangents of all hidden activations (kept in the workspace) and of the outputs when the inputs move.</summary>
    private void InputTangents(T* inputTangents, T* outputTangents)
    {
        for (int i = 0; i < Layers.Length; i++)
        {
            Layer layer = Layers[i];
            var product = new BatchProduct<T>
            {
                Rows = Rows,
                Inner = layer.In,
                Columns = layer.Out,
                A = i == 0 ? inputTangents : Workspace.Values[i - 1].Pointer,
                StrideA = layer.InStride,
                B = Parameters + layer.Weight,
                Scratch = Workspace.Column,
            };
            product.Differentiate(layer.Activation, Leaving(i), i == Last ? outputTangents : Workspace.Values[i].Pointer);
        }
    }
}
