using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>w = f(x, y, z), element by element. A struct, so that the loop is compiled once per operation.</summary>
internal interface ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0, 0, 0) = 0; if not, the driver clears the padding afterwards.</summary>
    bool KeepsZero { get; }

    TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>y where x &gt; 0, else z (also where x is NaN).</summary>
internal readonly struct WherePositiveOperation<T> : ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThan(x, TSimd.Zero), y, z);
}

/// <summary>x y + z with one rounding</summary>
internal readonly struct MultiplyAddOperation<T> : ITernaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y, TVector z)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplyAdd(x, y, z);
}
