using System.Numerics;
using System.Runtime.Intrinsics;
using Stackelberg.Tensors.Kernels;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>A pass over memory, written once for every vector width. A struct, so that each is compiled by itself.</summary>
internal interface ISimdPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Run<TVector, TSimd>()
        where TSimd : struct, ISimd<TVector, T>;
}

internal static class SimdPass
{
    /// <summary>Runs a pass with the vector width in force.</summary>
    public static void Run<T, TPass>(TPass pass)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPass : struct, ISimdPass<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                pass.Run<Vector512<T>, Simd512<T>>();
                break;
            case 256:
                pass.Run<Vector256<T>, Simd256<T>>();
                break;
            case 128:
                pass.Run<Vector128<T>, Simd128<T>>();
                break;
            default:
                pass.Run<T, Scalar<T>>();
                break;
        }
    }
}
