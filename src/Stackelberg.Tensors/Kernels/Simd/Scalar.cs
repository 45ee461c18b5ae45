using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Kernels;

/// <summary>One element at a time.</summary>
internal readonly unsafe struct Scalar<T> : ISimd<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Count => 1;

    public static T Zero => T.Zero;

    public static T Create(T value) => value;

    public static T Constant(double value) => T.CreateTruncating(value);

    public static T Load(T* address) => *address;

    public static T LoadWidened(float* address) => T.CreateTruncating(*address);

    public static void Store(T value, T* address) => *address = value;

    public static T Add(T x, T y) => x + y;

    public static T Subtract(T x, T y) => x - y;

    public static T Multiply(T x, T y) => x * y;

    public static T Divide(T x, T y) => x / y;

    public static T Max(T x, T y) => x > y ? x : y;

    public static T Min(T x, T y) => x < y ? x : y;

    public static T Abs(T x) => T.Abs(x);

    public static T CopySign(T magnitude, T sign) => T.CopySign(magnitude, sign);

    public static T SquareRoot(T x) => T.Sqrt(x);

    public static T MultiplyAdd(T x, T y, T z) => T.FusedMultiplyAdd(x, y, z);

    public static T MultiplySubtract(T x, T y, T z) => T.FusedMultiplyAdd(-x, y, z);

    public static T Round(T x) => T.Round(x);

    public static T PowerOfTwo(T n)
    {
        if (typeof(T) == typeof(float))
        {
            float power = BitConverter.Int32BitsToSingle((int.CreateTruncating(n) + 127) << 23);
            return Unsafe.BitCast<float, T>(power);
        }

        return Unsafe.BitCast<double, T>(BitConverter.Int64BitsToDouble((long.CreateTruncating(n) + 1023) << 52));
    }

    public static T Exponent(T x) =>
        typeof(T) == typeof(float)
            ? T.CreateTruncating((Unsafe.BitCast<T, int>(x) >> 23) - 127)
            : T.CreateTruncating((Unsafe.BitCast<T, long>(x) >>> 52) - 1023);

    public static T Mantissa(T x) =>
        typeof(T) == typeof(float)
            ? Unsafe.BitCast<int, T>((Unsafe.BitCast<T, int>(x) & IeeeBits.SingleMantissa) | IeeeBits.SingleOne)
            : Unsafe.BitCast<long, T>((Unsafe.BitCast<T, long>(x) & IeeeBits.DoubleMantissa) | IeeeBits.DoubleOne);

    public static T GreaterThan(T x, T y) => x > y ? T.One : T.Zero;

    public static T Equal(T x, T y) => x == y ? T.One : T.Zero;

    public static T Select(T mask, T whenTrue, T whenFalse) => mask == T.Zero ? whenFalse : whenTrue;

    public static T WherePositive(T test, T value) => test > T.Zero ? value : T.Zero;

    public static T Sum(T value) => value;
}
