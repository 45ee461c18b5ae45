using System.Numerics;
using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Internals;

/// <summary>a x + b with one rounding</summary>
internal readonly struct AffineOperation<T>(T a, T b) : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => b == T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplyAdd(TSimd.Create(a), x, TSimd.Create(b));
}

/// <summary>a x y z</summary>
internal readonly struct TripleProductOperation<T>(T a) : ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T> =>
        TSimd.Multiply(TSimd.Multiply(TSimd.Create(a), x), TSimd.Multiply(y, z));
}

/// <summary>x where y &gt; z, else 0 (also where y or z is NaN).</summary>
internal readonly struct WhereGreaterOperation<T> : ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThan(y, z), x, TSimd.Zero);
}

/// <summary>x where not y &gt; z, else 0.</summary>
internal readonly struct WhereAtMostOperation<T> : ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThan(y, z), TSimd.Zero, x);
}

/// <summary>x where low ≤ y ≤ high, else 0.</summary>
internal readonly struct WhereBetweenOperation<T>(T low, T high) : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T>
    {
        TVector belowHigh = TSimd.Select(TSimd.GreaterThan(y, TSimd.Create(high)), TSimd.Zero, x);
        return TSimd.Select(TSimd.GreaterThan(TSimd.Create(low), y), TSimd.Zero, belowHigh);
    }
}
