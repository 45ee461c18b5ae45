using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>z = f(x, y), element by element. A struct, so that the loop is compiled once per operation.</summary>
internal interface IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether f(0, 0) = 0; if not, the driver clears the padding afterwards.</summary>
    bool KeepsZero { get; }

    TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>x + y</summary>
internal readonly struct AddOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Add(x, y);
}

/// <summary>x − y</summary>
internal readonly struct SubtractOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Subtract(x, y);
}

/// <summary>x y</summary>
internal readonly struct MultiplyOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Multiply(x, y);
}

/// <summary>x / y</summary>
internal readonly struct DivideOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.Divide(x, y);
}

/// <summary>The larger of x and y; NaN where either is NaN.</summary>
internal readonly struct MaxOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => PropagateNan.Select<TVector, TSimd, T>(x, TSimd.Max(x, y));
}

/// <summary>The smaller of x and y; NaN where either is NaN.</summary>
internal readonly struct MinOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => PropagateNan.Select<TVector, TSimd, T>(x, TSimd.Min(x, y));
}

/// <summary>x a + y with one rounding</summary>
internal readonly struct AddScaledOperation<T>(T a) : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => T.IsFinite(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplyAdd(TSimd.Create(a), x, y);
}

/// <summary>a x + b y</summary>
internal readonly struct CombineOperation<T>(T a, T b) : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => T.IsFinite(a) && T.IsFinite(b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplyAdd(TSimd.Create(a), x, TSimd.Multiply(TSimd.Create(b), y));
}

/// <summary>y where x &gt; 0, else 0: the gradient y through max(x, 0), x before or after it.</summary>
internal readonly struct ReluBackwardOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.WherePositive(x, y);
}

/// <summary>y (1 − x²): the gradient y through tanh, x its result.</summary>
internal readonly struct TanhBackwardOperation<T> : IBinaryOperation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public bool KeepsZero => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TVector, TSimd>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector, T> => TSimd.MultiplySubtract(TSimd.Multiply(x, y), x, y);
}

internal static class PropagateNan
{
    /// <summary><paramref name="x"/> where it is NaN, else <paramref name="value"/>, which carries the NaN of the other operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Select<TVector, TSimd, T>(TVector x, TVector value)
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(x, x), value, x);
}
