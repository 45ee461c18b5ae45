using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>y = f(x), element by element. A struct, so that the loop is compiled once per operation.</summary>
internal interface IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0) = 0; if not, the driver clears the padding afterwards.</summary>
    bool KeepsZero { get; }

    TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>−x</summary>
internal readonly struct NegateOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Subtract(TSimd.Zero, x);
}

/// <summary>x²</summary>
internal readonly struct SquareOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Multiply(x, x);
}

/// <summary>√x; NaN for negative x.</summary>
internal readonly struct SquareRootOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.SquareRoot(x);
}

/// <summary>max(x, 0)</summary>
internal readonly struct ReluOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Max(TSimd.Zero, x);
}

/// <summary>tanh x</summary>
internal readonly struct TanhOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => VectorMath.Tanh<TVector, TSimd, T>(x);
}

/// <summary>exp x</summary>
internal readonly struct ExpOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => VectorMath.Exp<TVector, TSimd, T>(x);
}

/// <summary>log x</summary>
internal readonly struct LogOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => VectorMath.Log<TVector, TSimd, T>(x);
}

/// <summary>log(1 + exp x)</summary>
internal readonly struct SoftplusOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => VectorMath.Softplus<TVector, TSimd, T>(x);
}

/// <summary>1 / (1 + exp(−x))</summary>
internal readonly struct SigmoidOperation<T> : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => VectorMath.Sigmoid<TVector, TSimd, T>(x);
}

/// <summary>a x</summary>
internal readonly struct ScaleOperation<T>(T a) : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => T.IsFinite(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Multiply(TSimd.Create(a), x);
}

/// <summary>x limited to low … high; NaN stays NaN.</summary>
internal readonly struct ClampOperation<T>(T low, T high) : IUnaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => low <= T.Zero && high >= T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Min(TSimd.Create(high), TSimd.Max(TSimd.Create(low), x));
}
