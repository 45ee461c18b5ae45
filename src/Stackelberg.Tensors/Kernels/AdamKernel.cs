using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>The numbers of one Adam step that do not depend on the element.</summary>
/// <param name="Rate">−α / (1 − β₁ᵗ).</param>
/// <param name="Root">1 / √(1 − β₂ᵗ).</param>
/// <param name="Keep">ρ, the share of the target that is kept.</param>
internal readonly record struct AdamCoefficients<T>(
    T Beta1, T OneMinusBeta1, T Beta2, T OneMinusBeta2, T Rate, T Root, T Epsilon, T Keep, T OneMinusKeep);

/// <summary>Adam in one pass over memory, with or without the average of a target network.</summary>
internal static unsafe class AdamKernel
{
    // the least normal numbers: below them arithmetic is slow by a factor of a hundred, and the moments of a unit that no longer fires, which shrink by
    // a constant factor, would stay there for good
    private const double SmallestSingle = 1.17549435082228751e-38;
    private const double SmallestDouble = 2.2250738585072014e-308;

    /// <summary>One step; moments too small for a normal number become 0.</summary>
    /// <param name="count">A multiple of 16.</param>
    /// <param name="target">The averaged parameters, or null.</param>
    public static void Run<T>(nint count, in AdamCoefficients<T> c, T* parameters, T* gradient, T* first, T* second, T* target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (SimdSupport.Width)
        {
            case 512:
                Run<Vector512<T>, Simd512<T>, T>(count, in c, parameters, gradient, first, second, target);
                break;
            case 256:
                Run<Vector256<T>, Simd256<T>, T>(count, in c, parameters, gradient, first, second, target);
                break;
            case 128:
                Run<Vector128<T>, Simd128<T>, T>(count, in c, parameters, gradient, first, second, target);
                break;
            default:
                Run<T, Scalar<T>, T>(count, in c, parameters, gradient, first, second, target);
                break;
        }
    }

    /// <summary>The step with one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TVector, TSimd, T>(
        nint count, in AdamCoefficients<T> c, T* parameters, T* gradient, T* first, T* second, T* target)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector beta1 = TSimd.Create(c.Beta1);
        TVector oneMinusBeta1 = TSimd.Create(c.OneMinusBeta1);
        TVector beta2 = TSimd.Create(c.Beta2);
        TVector oneMinusBeta2 = TSimd.Create(c.OneMinusBeta2);
        TVector rate = TSimd.Create(c.Rate);
        TVector root = TSimd.Create(c.Root);
        TVector epsilon = TSimd.Create(c.Epsilon);
        TVector keep = TSimd.Create(c.Keep);
        TVector oneMinusKeep = TSimd.Create(c.OneMinusKeep);
        TVector smallest = TSimd.Create(typeof(T) == typeof(float) ? T.CreateTruncating(SmallestSingle) : T.CreateTruncating(SmallestDouble));
        for (nint i = 0; i < count; i += TSimd.Count)
        {
            TVector g = TSimd.Load(gradient + i);
            TVector m = TSimd.MultiplyAdd(beta1, TSimd.Load(first + i), TSimd.Multiply(oneMinusBeta1, g));
            TVector v = TSimd.MultiplyAdd(beta2, TSimd.Load(second + i), TSimd.Multiply(TSimd.Multiply(oneMinusBeta2, g), g));
            m = TSimd.Select(TSimd.GreaterThan(smallest, TSimd.Abs(m)), TSimd.Zero, m);
            v = TSimd.Select(TSimd.GreaterThan(smallest, v), TSimd.Zero, v);
            TSimd.Store(m, first + i);
            TSimd.Store(v, second + i);
            TVector denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(v), root, epsilon);
            TVector p = TSimd.MultiplyAdd(rate, TSimd.Divide(m, denominator), TSimd.Load(parameters + i));
            TSimd.Store(p, parameters + i);
            if (target != null)
            {
                TSimd.Store(TSimd.MultiplyAdd(keep, TSimd.Load(target + i), TSimd.Multiply(oneMinusKeep, p)), target + i);
            }
        }
    }
}
