using System.Numerics;

namespace Stackelberg.Tensors.Internals;

internal readonly struct AddOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => x + y;
}

internal readonly struct SubtractOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => x - y;
}

internal readonly struct MultiplyOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => x * y;
}

internal readonly struct DivideOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => x / y;
}

/// <summary>The smaller; NaN if either is.</summary>
internal readonly struct MinimumOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => T.Min(x, y);
}

/// <summary>The larger; NaN if either is.</summary>
internal readonly struct MaximumOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => T.Max(x, y);
}

internal readonly struct TripleProductOperator<T>(T scale) : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y, T z) => scale * x * y * z;
}

internal readonly struct WhereAtMostOperator<T> : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y, T z) => y <= z ? x : T.Zero;
}

internal readonly struct WhereGreaterOperator<T> : ITernaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y, T z) => y > z ? x : T.Zero;
}

internal readonly struct WhereBetweenOperator<T>(T low, T high) : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x, T y) => y >= low && y <= high ? x : T.Zero;
}

/// <summary>x limited to [low, high]; NaN stays NaN.</summary>
internal readonly struct ClampOperator<T>(T low, T high) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => x < low ? low : x > high ? high : x;
}

internal readonly struct AffineOperator<T>(T scale, T shift) : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.FusedMultiplyAdd(scale, x, shift);
}

internal readonly struct SquareOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => x * x;
}

internal readonly struct SqrtOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Sqrt(x);
}

internal readonly struct ExpOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Exp(x);
}

internal readonly struct LogOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Log(x);
}

/// <summary>max(x, 0) + ln(1 + exp(−|x|)), which neither overflows nor loses digits.</summary>
internal readonly struct SoftplusOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Max(x, T.Zero) + T.LogP1(T.Exp(-T.Abs(x)));
}

internal readonly struct SigmoidOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.One / (T.One + T.Exp(-x));
}

internal readonly struct ReluOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Max(x, T.Zero);
}

internal readonly struct TanhOperator<T> : IUnaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T x) => T.Tanh(x);
}

/// <summary>g where the activation y is positive.</summary>
internal readonly struct ReluGradientOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T g, T y) => y > T.Zero ? g : T.Zero;
}

/// <summary>g (1 − y²), y the activation.</summary>
internal readonly struct TanhGradientOperator<T> : IBinaryOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Apply(T g, T y) => T.FusedMultiplyAdd(-(y * g), y, g);
}
