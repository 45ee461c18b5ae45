using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors;

/// <summary>
/// Level-1 operations on spans of equal length. Sums have a fixed order that depends on the length alone, so results do not depend on
/// threads, alignment or vector width.
/// </summary>
/// <remarks>Unequal lengths are an <see cref="ArgumentException"/>. A result may lie in the memory of an operand if it starts where that does.</remarks>
public static unsafe class Vectors
{
    // a sum of squares outside these has lost digits, or all of them
    private const double SmallestSquare = 1e-280;
    private const double LargestSquare = 1e300;

    /// <summary>Σ xᵢ yᵢ, accumulated in double precision.</summary>
    public static double Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ThrowIfLengthsDiffer(x.Length, y.Length);
        fixed (T* px = x, py = y)
        {
            return SimdSupport.Width switch
            {
                512 => Lanes.Dot<Vector512<double>, Simd512<double>, T>(x.Length, px, py),
                256 => Lanes.Dot<Vector256<double>, Simd256<double>, T>(x.Length, px, py),
                128 => Lanes.Dot<Vector128<double>, Simd128<double>, T>(x.Length, px, py),
                _ => Lanes.Dot<double, Scalar<double>, T>(x.Length, px, py),
            };
        }
    }

    /// <summary>√(Σ xᵢ²), accumulated in double precision; squares that double cannot hold are taken of scaled elements.</summary>
    public static double Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double square = Dot(x, x);
        return square is >= SmallestSquare and <= LargestSquare || double.IsNaN(square) ? Math.Sqrt(square) : ScaledNorm(x);
    }

    /// <summary>xᵀy / (‖x‖‖y‖), whatever the lengths; NaN where a vector is zero or not finite.</summary>
    public static double Cosine<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double xx = Dot(x, x), yy = Dot(y, y);
        if (xx is >= SmallestSquare and <= LargestSquare && yy is >= SmallestSquare and <= LargestSquare)
        {
            return Dot(x, y) / (Math.Sqrt(xx) * Math.Sqrt(yy));
        }

        double a = Largest(x), b = Largest(y), sum = 0, first = 0, second = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double u = double.CreateTruncating(x[i]) / a, v = double.CreateTruncating(y[i]) / b;
            (sum, first, second) = (sum + (u * v), first + (u * u), second + (v * v));
        }

        return sum / (Math.Sqrt(first) * Math.Sqrt(second));
    }

    /// <summary>y ← y + a x, each element with one rounding.</summary>
    public static void AddScaled<T>(Span<T> y, double a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(x, y, y, new AddScaledOperation<T>(T.CreateTruncating(a)));

    /// <summary>y ← y − Σₚ factorₚ rowₚ, each term with one rounding, in the order of p (the update of a factorisation by blocks).</summary>
    /// <param name="factors">One per row.</param>
    /// <param name="rows">The first row and all that follow; a row has as many elements as y.</param>
    /// <param name="stride">Distance between the beginnings of two rows, at least the length of y.</param>
    /// <exception cref="ArgumentException">The rows are shorter, or the stride is.</exception>
    public static void SubtractCombination<T>(Span<T> y, ReadOnlySpan<T> factors, ReadOnlySpan<T> rows, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (stride < y.Length || rows.Length < ((long)stride * (factors.Length - 1)) + y.Length)
        {
            throw new ArgumentException(
                $"{factors.Length} rows of {y.Length} elements, {stride} apart, do not fit into {rows.Length} elements.", nameof(rows));
        }

        fixed (T* to = y, weights = factors, from = rows)
        {
            SimdPass.Run<T, CombinationPass<T>>(new(y.Length, to, factors.Length, weights, from, stride));
        }
    }

    /// <summary>y ← x + a y, each element with one rounding (the direction update of conjugate gradients).</summary>
    public static void ScaleAndAdd<T>(Span<T> y, double a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(y, x, y, new AddScaledOperation<T>(T.CreateTruncating(a)));

    /// <summary>x ← a x.</summary>
    public static void Scale<T>(Span<T> x, double a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Unary(x, x, new ScaleOperation<T>(T.CreateTruncating(a)));

    /// <summary>result ← a x.</summary>
    public static void Scale<T>(ReadOnlySpan<T> x, double a, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Unary(x, result, new ScaleOperation<T>(T.CreateTruncating(a)));

    /// <summary>result ← x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(x, y, result, default(AddOperation<T>));

    /// <summary>result ← x − y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(x, y, result, default(SubtractOperation<T>));

    /// <summary>result ← x ∘ y (elementwise product).</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(x, y, result, default(MultiplyOperation<T>));

    /// <summary>result ← x / y, element by element.</summary>
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Binary(x, y, result, default(DivideOperation<T>));

    /// <summary>x ← −x.</summary>
    public static void Negate<T>(Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Unary(x, x, default(NegateOperation<T>));

    /// <summary>target ← ρ target + (1 − ρ) source (polyak averaging of target networks).</summary>
    /// <param name="rho">Share of the target that is kept, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rho"/> is outside [0, 1] or NaN.</exception>
    public static void Interpolate<T>(Span<T> target, double rho, ReadOnlySpan<T> source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(rho >= 0 && rho <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rho), rho, "The share of the target that is kept must lie in [0, 1].");
        }

        Binary(target, source, target, new CombineOperation<T>(T.CreateTruncating(rho), T.CreateTruncating(1 - rho)));
    }

    /// <summary>Whether every element is finite.</summary>
    public static bool AllFinite<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x)
        {
            return SimdSupport.Width switch
            {
                512 => AllFinite<Vector512<T>, Simd512<T>, T>(x.Length, px),
                256 => AllFinite<Vector256<T>, Simd256<T>, T>(x.Length, px),
                128 => AllFinite<Vector128<T>, Simd128<T>, T>(x.Length, px),
                _ => AllFinite<T, Scalar<T>, T>(x.Length, px),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static bool AllFinite<TVector, TSimd, T>(nint count, T* x)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // 0 · x is 0 for finite x and NaN otherwise, and a NaN stays in a sum
        TVector sum = TSimd.Zero;
        nint i = 0;
        for (; i + TSimd.Count <= count; i += TSimd.Count)
        {
            sum = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Zero, sum);
        }

        T rest = TSimd.Sum(sum);
        for (; i < count; i++)
        {
            rest = T.FusedMultiplyAdd(x[i], T.Zero, rest);
        }

        return !T.IsNaN(rest);
    }

    private static double ScaledNorm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = Largest(x), sum = 0;
        if (largest == 0 || double.IsInfinity(largest))
        {
            return largest;
        }

        foreach (T element in x)
        {
            double share = double.CreateTruncating(element) / largest;
            sum += share * share;
        }

        return largest * Math.Sqrt(sum);
    }

    private static double Largest<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0;
        foreach (T element in x)
        {
            largest = Math.Max(largest, Math.Abs(double.CreateTruncating(element)));
        }

        return largest;
    }

    private static void Unary<T, TOperation>(ReadOnlySpan<T> x, Span<T> result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IUnaryOperation<T>
    {
        ThrowIfLengthsDiffer(x.Length, result.Length);
        fixed (T* px = x, pr = result)
        {
            Elementwise.Unary(x.Length, px, pr, operation);
        }
    }

    private static void Binary<T, TOperation>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result, TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IBinaryOperation<T>
    {
        ThrowIfLengthsDiffer(x.Length, y.Length);
        ThrowIfLengthsDiffer(x.Length, result.Length);
        fixed (T* px = x, py = y, pr = result)
        {
            Elementwise.Binary(x.Length, px, py, pr, operation);
        }
    }

    private static void ThrowIfLengthsDiffer(int first, int second)
    {
        if (first != second)
        {
            throw new ArgumentException($"The vectors have {first} and {second} elements; they must have the same number.");
        }
    }
}
