using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

internal readonly unsafe partial struct Chunk<T>
{
    /// <summary>Fills the record's Δ and S from its gradient with respect to the outputs. Rows of the record start at <paramref name="row"/>.</summary>
    public void Record(LossRecord<T> loss, int row)
    {
        T* given = loss.Gradient(row);
        T* delta = loss.Cotangent(Last, row);
        int count = Rows * Layers[Last].OutStride;
        switch (Layers[Last].Activation)
        {
            case Activation.Relu:
                RowPasses.Apply(count, given, new ReluBackwardEpilogue<T>(delta, 0, Outputs));
                break;
            case Activation.Tanh:
                RowPasses.Apply(count, given, new TanhBackwardKeepEpilogue<T>(delta, 0, Outputs, loss.Second(Last, row)));
                break;
            default:
                new ReadOnlySpan<T>(given, count).CopyTo(new Span<T>(delta, count));
                break;
        }

        int top = Last;
        if (HasScalarHead)
        {
            BackThroughHead(delta, loss.Cotangent(Last - 1, row), null);
            top--;
        }

        for (int i = top; i > 0; i--)
        {
            BackProduct(i, loss.Cotangent(i, row)).DifferentiateAndKeep(
                Layers[i - 1].Activation, Leaving(i - 1), loss.Cotangent(i - 1, row), loss.Second(i - 1, row));
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

    /// <summary>
    /// H v by the forward tangent of the backward pass (Pearlmutter 1994): RΔ = φ′ ∘ (RΔ′·Wᵀ + Δ′·Vᵀ) + S ∘ Rh for the layers above Δ′,
    /// and each weight's share is Aᵀ·RΔ + RAᵀ·Δ.
    /// </summary>
    public void Hessian(LossRecord<T> loss, int row, T* direction, T* target)
    {
        T* tangent = Workspace.Values[Last].Pointer;
        Tangents(direction, tangent);
        Curve(loss, row, tangent);
        OutputCurvature(loss, row, tangent);
        for (int i = Last; i >= 0; i--)
        {
            T* delta = loss.Cotangent(i, row);
            T* deltaTangent = Workspace.Cotangents[i].Pointer;
            if (i == Last && HasScalarHead)
            {
                WeightProducts.Bias(Layers[i], Rows, deltaTangent, target);
                TangentBackThroughHead(delta, deltaTangent, direction, target);
                continue;
            }

            // nothing but constants enters the first layer
            T* enteringTangent = i == 0 ? null : Workspace.Values[i - 1].Pointer;
            WeightProducts.Weight(Layers[i], Rows, Entering(i), deltaTangent, enteringTangent, i == 0 ? null : delta, target);
            if (i != Last - 1 || !HasScalarHead)
            {
                WeightProducts.Bias(Layers[i], Rows, deltaTangent, target);
            }

            if (i > 0)
            {
                BatchProduct<T> product = BackProduct(i, deltaTangent) with { A2 = delta, B2 = loss.DirectionTransposes.Of(i) };
                product.DifferentiateTwice(
                    Layers[i - 1].Activation,
                    Leaving(i - 1),
                    loss.Second(i - 1, row),
                    Workspace.Values[i - 1].Pointer,
                    Workspace.Cotangents[i - 1].Pointer);
            }
        }
    }

    /// <summary>The output's cotangent ← D ∘ tangent.</summary>
    private void Curve(LossRecord<T> loss, int row, T* tangent)
    {
        T* into = Workspace.Cotangents[Last].Pointer;
        RowPasses.Apply(Rows * Layers[Last].OutStride, tangent, new MultiplyEpilogue<T>(into, 0, loss.Curvature(row)));
    }

    /// <summary>The output's RΔ ← φ′ ∘ (what is there) + S ∘ tangent.</summary>
    private void OutputCurvature(LossRecord<T> loss, int row, T* tangent)
    {
        T* into = Workspace.Cotangents[Last].Pointer;
        if (Layers[Last].Activation == Activation.Tanh)
        {
            var tanh = new TanhSecondOrderEpilogue<T>(into, 0, Outputs, loss.Second(Last, row), tangent);
            RowPasses.Apply(Rows * Layers[Last].OutStride, into, tanh);
        }
        else if (Layers[Last].Activation == Activation.Relu)
        {
            ThroughOutput(into);
        }
    }
}
