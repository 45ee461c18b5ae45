using System.Numerics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>
/// bias + A·B (+ A2·B2) for a batch of rows, where a result of one column is stored densely and a wider one with padded rows.
/// </summary>
internal readonly unsafe struct BatchProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required int Rows { get; init; }

    public required int Inner { get; init; }

    public required int Columns { get; init; }

    public required T* A { get; init; }

    public required nint StrideA { get; init; }

    public required T* B { get; init; }

    /// <summary>A second left factor with A's stride, or null.</summary>
    public T* A2 { get; init; }

    public T* B2 { get; init; }

    public T* Bias { get; init; }

    /// <summary>Room for <see cref="Rows"/> elements.</summary>
    public required T* Scratch { get; init; }

    public nint Stride => Padding.Stride(Columns);

    public void Into<TEpilogue>(TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue<T>
    {
        if (Columns > 1)
        {
            Gemm.Run(false, Rows, Padding.RoundUp(Columns), Inner, A, StrideA, B, Stride, A2, B2, Bias, ref epilogue);
            return;
        }

        // padding is zero, so the dots run over whole vectors
        int inner = Inner == 1 ? 1 : Padding.RoundUp(Inner);
        T bias = Bias == null ? T.Zero : *Bias;
        if (A2 == null)
        {
            Gemm.RowDots(Rows, inner, A, StrideA, B, bias, Scratch);
        }
        else
        {
            SimdPass.Run<T, TwoDotsPass<T>>(new(Rows, inner, A, StrideA, B, A2, B2, bias, Scratch));
        }

        RowPasses.Apply(Rows, Scratch, epilogue);
    }

    /// <summary>output ← φ(product).</summary>
    public void Activate(Activation activation, T* output)
    {
        switch (activation)
        {
            case Activation.Relu:
                Into(new ReluEpilogue<T>(output, Stride));
                break;
            case Activation.Tanh:
                Into(new TanhEpilogue<T>(output, Stride));
                break;
            default:
                Into(new StoreEpilogue<T>(output, Stride));
                break;
        }
    }

    /// <summary>output ← φ′ ∘ product, with φ′ from the activation h = φ(z).</summary>
    public void Differentiate(Activation activation, T* h, T* output)
    {
        switch (activation)
        {
            case Activation.Relu:
                Into(new ReluBackwardEpilogue<T>(output, Stride, h));
                break;
            case Activation.Tanh:
                Into(new TanhBackwardEpilogue<T>(output, Stride, h));
                break;
            default:
                Into(new StoreEpilogue<T>(output, Stride));
                break;
        }
    }

    /// <summary>As <see cref="Differentiate"/>, and keeps the second-derivative term of a smooth activation.</summary>
    public void DifferentiateAndKeep(Activation activation, T* h, T* output, T* second)
    {
        if (activation == Activation.Tanh)
        {
            Into(new TanhBackwardKeepEpilogue<T>(output, Stride, h, second));
        }
        else
        {
            Differentiate(activation, h, output);
        }
    }

    /// <summary>output ← φ′ ∘ product + S ∘ tangent of h.</summary>
    public void DifferentiateTwice(Activation activation, T* h, T* second, T* tangent, T* output)
    {
        if (activation == Activation.Tanh)
        {
            Into(new TanhSecondOrderEpilogue<T>(output, Stride, h, second, tangent));
        }
        else
        {
            Differentiate(activation, h, output);
        }
    }
}
