using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>The derivatives of an activation, from its value h.</summary>
internal interface ISlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>φ′ g.</summary>
    static abstract TVector Once<TVector, TSimd>(TVector h, TVector g)
        where TSimd : struct, ISimd<TVector, T>;

    /// <summary>φ′ Rg + φ″ Rz g, given Rh = φ′ Rz.</summary>
    static abstract TVector Twice<TVector, TSimd>(TVector h, TVector tangentOfG, TVector g, TVector tangentOfH)
        where TSimd : struct, ISimd<TVector, T>;
}

internal readonly struct IdentitySlope<T> : ISlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Once<TVector, TSimd>(TVector h, TVector g)
        where TSimd : struct, ISimd<TVector, T> => g;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Twice<TVector, TSimd>(TVector h, TVector tangentOfG, TVector g, TVector tangentOfH)
        where TSimd : struct, ISimd<TVector, T> => tangentOfG;
}

internal readonly struct ReluSlope<T> : ISlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Once<TVector, TSimd>(TVector h, TVector g)
        where TSimd : struct, ISimd<TVector, T> => TSimd.WherePositive(h, g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Twice<TVector, TSimd>(TVector h, TVector tangentOfG, TVector g, TVector tangentOfH)
        where TSimd : struct, ISimd<TVector, T> => TSimd.WherePositive(h, tangentOfG);
}

internal readonly struct TanhSlope<T> : ISlope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Once<TVector, TSimd>(TVector h, TVector g)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplySubtract(TSimd.Multiply(h, g), h, g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Twice<TVector, TSimd>(TVector h, TVector tangentOfG, TVector g, TVector tangentOfH)
        where TSimd : struct, ISimd<TVector, T>
    {
        // (1 − h²) Rg − 2 h Rh g
        TVector twice = TSimd.Add(tangentOfH, tangentOfH);
        return TSimd.MultiplySubtract(h, TSimd.MultiplyAdd(h, tangentOfG, TSimd.Multiply(g, twice)), tangentOfG);
    }
}
