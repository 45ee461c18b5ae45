using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>Elementary functions on vectors.</summary>
internal static class VectorMath
{
    /// <summary>tanh.</summary>
    public static TVector Tanh<TVector, TSimd, T>(TVector x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        x is T scalar ? (TVector)(object)T.Tanh(scalar) : throw new NotSupportedException();
}
