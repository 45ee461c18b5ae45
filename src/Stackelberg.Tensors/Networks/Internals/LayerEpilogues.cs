using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>C ← g (1 − h²) and keeps S ← −2 h g, the part of the second derivative of tanh that does not depend on a direction.</summary>
internal readonly unsafe struct TanhBackwardKeepEpilogue<T>(T* output, nint stride, T* activation, T* second) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector h = TSimd.Load(activation + offset);
        TVector product = TSimd.Multiply(h, value);
        TSimd.Store(TSimd.Subtract(TSimd.Zero, TSimd.Add(product, product)), second + offset);
        TSimd.Store(TSimd.MultiplySubtract(product, h, value), output + offset);
    }
}

/// <summary>C ← Rg (1 − h²) + S ∘ Rh: the tangent of a backward pass through tanh.</summary>
internal readonly unsafe struct TanhSecondOrderEpilogue<T>(T* output, nint stride, T* activation, T* second, T* tangent) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector h = TSimd.Load(activation + offset);
        TVector first = TSimd.MultiplySubtract(TSimd.Multiply(h, value), h, value);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(second + offset), TSimd.Load(tangent + offset), first), output + offset);
    }
}

/// <summary>C ← value ∘ factor.</summary>
internal readonly unsafe struct MultiplyEpilogue<T>(T* output, nint stride, T* factor) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Store(TSimd.Multiply(value, TSimd.Load(factor + offset)), output + offset);
}

/// <summary>C ← C + factor ∘ (value + 1): one layer's share of the kernel of per-sample gradients.</summary>
internal readonly unsafe struct SampleKernelEpilogue<T>(T* output, nint stride, T* factor) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector f = TSimd.Load(factor + offset);
        TSimd.Store(TSimd.Add(TSimd.MultiplyAdd(value, f, f), TSimd.Load(output + offset)), output + offset);
    }
}
