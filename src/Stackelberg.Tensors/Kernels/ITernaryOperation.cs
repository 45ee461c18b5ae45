using System.Numerics;

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
