using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Internals;

/// <summary>
/// C ← value, and D ← value where the activation is positive, else 0. The tape keeps both, since the derivative of D needs C.
/// </summary>
internal readonly unsafe struct ReluGradientStoreEpilogue<T>(T* sum, T* gradient, T* activation, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TSimd.Store(value, sum + offset);
        TSimd.Store(TSimd.WherePositive(TSimd.Load(activation + offset), value), gradient + offset);
    }
}

/// <summary>C ← value, and D ← value (1 − h²), h the activation.</summary>
internal readonly unsafe struct TanhGradientStoreEpilogue<T>(T* sum, T* gradient, T* activation, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector h = TSimd.Load(activation + offset);
        TSimd.Store(value, sum + offset);
        TSimd.Store(TSimd.MultiplySubtract(TSimd.Multiply(h, value), h, value), gradient + offset);
    }
}
