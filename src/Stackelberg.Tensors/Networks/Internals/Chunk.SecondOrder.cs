using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

internal readonly unsafe partial struct Chunk<T>
{
    /// <summary>Fills a record's Δ and S from cotangents of the outputs. Rows of the record start at <paramref name="row"/>.</summary>
    public void Record(BackwardRecord<T> record, int row, T* given)
    {
        T* delta = record.Cotangent(Last, row);
        int count = Rows * Layers[Last].OutStride;
        switch (Layers[Last].Activation)
        {
            case Activation.Relu:
                RowPasses.Apply(count, given, new ReluBackwardEpilogue<T>(delta, 0, Outputs));
                break;
            case Activation.Tanh:
                RowPasses.Apply(count, given, new TanhBackwardKeepEpilogue<T>(delta, 0, Outputs, record.Second(Last, row)));
                break;
            default:
                new ReadOnlySpan<T>(given, count).CopyTo(new Span<T>(delta, count));
                break;
        }

        int top = Last;
        if (HasScalarHead)
        {
            BackThroughHead(delta, record.Cotangent(Last - 1, row), null);
            top--;
        }

        for (int i = top; i > 0; i--)
        {
            BackProduct(i, record.Cotangent(i, row)).DifferentiateAndKeep(
                Layers[i - 1].Activation, Leaving(i - 1), record.Cotangent(i - 1, row), record.Second(i - 1, row));
        }
    }

    /// <summary>The gradient of the recorded loss.</summary>
    public void LossGradient(LossRecord<T> loss, int row, T* target)
    {
        for (int i = Last; i >= 0; i--)
        {
            WriteGradient(i, loss.Cotangent(i, row), target);
        }
    }

    /// <summary>Jᵀ D J v.</summary>
    public void GaussNewton(LossRecord<T> loss, int row, T* direction, T* target)
    {
        T* tangent = Workspace.Values[Last].Pointer;
        Tangents(direction, tangent);
        Curve(loss, row, tangent);
        ThroughOutput(Workspace.Cotangents[Last].Pointer);
        Backward(target);
    }

    /// <summary>H v by the forward tangent of the backward pass (Pearlmutter 1994).</summary>
    public void Hessian(LossRecord<T> loss, int row, T* direction, T* target)
    {
        T* tangent = Workspace.Values[Last].Pointer;
        Tangents(direction, tangent);
        Curve(loss, row, tangent);
        OutputCurvature(loss.Backward, row, tangent);
        BackwardTangents(loss.Backward, row, direction, loss.DirectionTransposes, null, target);
    }

    /// <summary>
    /// From RΔ of the output and the tangents of the hidden layers in the workspace: RΔ = φ′ ∘ (RΔ′·Wᵀ + Δ′·Vᵀ) + S ∘ Rh for the layers above
    /// Δ′, and each weight's share Aᵀ·RΔ + RAᵀ·Δ.
    /// </summary>
    /// <param name="direction">V in storage; null if the parameters do not move, and then <paramref name="directionTransposes"/> is null too.</param>
    /// <param name="inputTangents">RA of the first layer; null if the inputs do not move.</param>
    /// <param name="target">Null: RΔ of every layer in the workspace is all that is wanted.</param>
    private void BackwardTangents(
        BackwardRecord<T> record, int row, T* direction, WeightTransposes<T>? directionTransposes, T* inputTangents, T* target)
    {
        for (int i = Last; i >= 0; i--)
        {
            T* delta = record.Cotangent(i, row);
            T* deltaTangent = Workspace.Cotangents[i].Pointer;
            bool isHead = i == Last && HasScalarHead;
            if (target != null)
            {
                T* enteringTangent = i == 0 ? inputTangents : Workspace.Values[i - 1].Pointer;
                if (!isHead)
                {
                    WeightProducts.Weight(
                        Layers[i], Rows, Entering(i), deltaTangent, enteringTangent, enteringTangent == null ? null : delta, target);
                }

                if (i != Last - 1 || !HasScalarHead)
                {
                    WeightProducts.Bias(Layers[i], Rows, deltaTangent, target);
                }
            }

            if (isHead)
            {
                TangentBackThroughHead(delta, deltaTangent, direction, target);
            }
            else if (i > 0)
            {
                BackTangentProduct(i, deltaTangent, delta, directionTransposes).DifferentiateTwice(
                    Layers[i - 1].Activation,
                    Leaving(i - 1),
                    record.Second(i - 1, row),
                    Workspace.Values[i - 1].Pointer,
                    Workspace.Cotangents[i - 1].Pointer);
            }
        }
    }

    /// <summary>RΔ·Wᵀ + Δ·Vᵀ.</summary>
    private BatchProduct<T> BackTangentProduct(int index, T* deltaTangent, T* delta, WeightTransposes<T>? directionTransposes)
    {
        BatchProduct<T> product = BackProduct(index, deltaTangent);
        return directionTransposes is null ? product : product with { A2 = delta, B2 = directionTransposes.Of(index) };
    }

    /// <summary>The output's cotangent ← D ∘ tangent.</summary>
    private void Curve(LossRecord<T> loss, int row, T* tangent)
    {
        T* into = Workspace.Cotangents[Last].Pointer;
        RowPasses.Apply(Rows * Layers[Last].OutStride, tangent, new MultiplyEpilogue<T>(into, 0, loss.Curvature(row)));
    }

    /// <summary>The output's RΔ ← φ′ ∘ (what is there) + S ∘ tangent.</summary>
    private void OutputCurvature(BackwardRecord<T> record, int row, T* tangent)
    {
        T* into = Workspace.Cotangents[Last].Pointer;
        if (Layers[Last].Activation == Activation.Tanh)
        {
            var tanh = new TanhSecondOrderEpilogue<T>(into, 0, Outputs, record.Second(Last, row), tangent);
            RowPasses.Apply(Rows * Layers[Last].OutStride, into, tanh);
        }
        else if (Layers[Last].Activation == Activation.Relu)
        {
            ThroughOutput(into);
        }
    }
}
