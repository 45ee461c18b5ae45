using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>What happens to an accumulated tile on its way to memory. A struct, so that the product is compiled once per epilogue.</summary>
internal unsafe interface IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Distance between output rows.</summary>
    nint Stride { get; }

    /// <summary>
    /// Whether <see cref="Apply"/> is so short (a few operations) that it belongs behind the accumulation, compiled into every block.
    /// Otherwise the block leaves its tile in first-level cache and one compact loop applies the epilogue.
    /// </summary>
    static virtual bool AppliesInRegisters => false;

    /// <summary>Consumes one vector of the product that belongs at <paramref name="offset"/> elements from the output's start.</summary>
    void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>C ← value.</summary>
internal readonly unsafe struct StoreEpilogue<T>(T* output, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Store(value, output + offset);
}

/// <summary>C ← C + value.</summary>
internal readonly unsafe struct AccumulateEpilogue<T>(T* output, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Store(TSimd.Add(TSimd.Load(output + offset), value), output + offset);
}

/// <summary>C ← max(value, 0).</summary>
internal readonly unsafe struct ReluEpilogue<T>(T* output, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Store(TSimd.Max(TSimd.Zero, value), output + offset);
}

/// <summary>C ← tanh value.</summary>
internal readonly unsafe struct TanhEpilogue<T>(T* output, nint stride) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => false;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Store(VectorMath.Tanh<TVector, TSimd, T>(value), output + offset);
}

/// <summary>C ← value where the activation is positive, else 0 (backward through ReLU).</summary>
internal readonly unsafe struct ReluBackwardEpilogue<T>(T* output, nint stride, T* activation) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T> =>
        TSimd.Store(TSimd.WherePositive(TSimd.Load(activation + offset), value), output + offset);
}

/// <summary>C ← value (1 − h²), h the activation (backward or forward tangent through tanh).</summary>
internal readonly unsafe struct TanhBackwardEpilogue<T>(T* output, nint stride, T* activation) : IEpilogue<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool AppliesInRegisters => true;

    public nint Stride => stride;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply<TVector, TSimd>(TVector value, nint offset)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector h = TSimd.Load(activation + offset);
        TSimd.Store(TSimd.MultiplySubtract(TSimd.Multiply(h, value), h, value), output + offset);
    }
}
