namespace Stackelberg.Tensors.Networks.Internals;

/// <content>A scalar output layer is one pass over the rows instead of three products.</content>
internal readonly unsafe partial struct Chunk<T>
{
    private bool HasScalarHead => Layer.HaveScalarHead(Layers);

    /// <summary>Δ of the layer below the head and, if a target is given, the head's weight and the bias below.</summary>
    private void BackThroughHead(T* delta, T* below, T* target)
    {
        switch (Layers[Last - 1].Activation)
        {
            case Activation.Relu:
                BackThroughHead<ReluSlope<T>>(delta, below, target);
                break;
            case Activation.Tanh:
                BackThroughHead<TanhSlope<T>>(delta, below, target);
                break;
            default:
                BackThroughHead<IdentitySlope<T>>(delta, below, target);
                break;
        }
    }

    private void BackThroughHead<TSlope>(T* delta, T* below, T* target)
        where TSlope : struct, ISlope<T>
    {
        Layer head = Layers[Last];
        SimdPass.Run<T, HeadBackwardPass<T, TSlope>>(new(
            Rows,
            head.InStride,
            Leaving(Last - 1),
            delta,
            Parameters + head.Weight,
            below,
            target == null ? Workspace.Spare : target + head.Weight,
            target == null ? Workspace.Spare : target + Layers[Last - 1].Bias));
    }

    /// <summary>
    /// RΔ of the layer below the head and, if a target is given, the tangents of the head's weight and of the bias below. Without a direction only the
    /// inputs move.
    /// </summary>
    private void TangentBackThroughHead(T* delta, T* deltaTangent, T* direction, T* target)
    {
        switch (Layers[Last - 1].Activation)
        {
            case Activation.Relu:
                TangentBackThroughHead<ReluSlope<T>>(delta, deltaTangent, direction, target);
                break;
            case Activation.Tanh:
                TangentBackThroughHead<TanhSlope<T>>(delta, deltaTangent, direction, target);
                break;
            default:
                TangentBackThroughHead<IdentitySlope<T>>(delta, deltaTangent, direction, target);
                break;
        }
    }

    private void TangentBackThroughHead<TSlope>(T* delta, T* deltaTangent, T* direction, T* target)
        where TSlope : struct, ISlope<T>
    {
        Layer head = Layers[Last];
        SimdPass.Run<T, HeadSecondOrderPass<T, TSlope>>(new(
            Rows,
            head.InStride,
            Leaving(Last - 1),
            Workspace.Values[Last - 1].Pointer,
            delta,
            deltaTangent,
            Parameters + head.Weight,
            direction == null ? Workspace.Zeros : direction + head.Weight,
            Workspace.Cotangents[Last - 1].Pointer,
            target == null ? Workspace.Spare : target + head.Weight,
            target == null ? Workspace.Spare : target + Layers[Last - 1].Bias));
    }
}
