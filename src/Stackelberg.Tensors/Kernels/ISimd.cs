using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>
/// The vector operations a kernel is written in, so that one source serves every register width and element type. An implementation is an
/// empty struct; <typeparamref name="TVector"/> is <c>Vector512&lt;T&gt;</c>, <c>Vector256&lt;T&gt;</c>, <c>Vector128&lt;T&gt;</c> or
/// <typeparamref name="T"/> itself (scalar form, the reference of the tests).
/// </summary>
internal unsafe interface ISimd<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements per vector; divides 16.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Create(T value);

    static abstract TVector Load(T* address);

    static abstract void Store(TVector value, T* address);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    static abstract TVector Max(TVector x, TVector y);

    static abstract TVector Min(TVector x, TVector y);

    /// <summary>x y + z with one rounding.</summary>
    static abstract TVector MultiplyAdd(TVector x, TVector y, TVector z);

    /// <summary>z − x y with one rounding.</summary>
    static abstract TVector MultiplySubtract(TVector x, TVector y, TVector z);

    /// <summary><paramref name="value"/> where <paramref name="test"/> &gt; 0, else 0.</summary>
    static abstract TVector WherePositive(TVector test, TVector value);

    /// <summary>Sum of the elements in a fixed order.</summary>
    static abstract T Sum(TVector value);
}

/// <summary>One element at a time.</summary>
internal readonly unsafe struct Scalar<T> : ISimd<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;

    public static T Zero => T.Zero;

    public static T Create(T value) => value;

    public static T Load(T* address) => *address;

    public static void Store(T value, T* address) => *address = value;

    public static T Add(T x, T y) => x + y;

    public static T Subtract(T x, T y) => x - y;

    public static T Multiply(T x, T y) => x * y;

    public static T Divide(T x, T y) => x / y;

    public static T Max(T x, T y) => x > y ? x : y;

    public static T Min(T x, T y) => x < y ? x : y;

    public static T MultiplyAdd(T x, T y, T z) => T.FusedMultiplyAdd(x, y, z);

    public static T MultiplySubtract(T x, T y, T z) => T.FusedMultiplyAdd(-x, y, z);

    public static T WherePositive(T test, T value) => test > T.Zero ? value : T.Zero;

    public static T Sum(T value) => value;
}
