using System.Numerics;

namespace Stackelberg.Primitives.Internals;

/// <summary>One lane, without vector registers.</summary>
internal readonly struct LanesScalar : ILanes<uint, float>
{
    public static int Count => 1;

    public static uint Indices => 0;

    public static uint Create(uint value) => value;

    public static float Create(float value) => value;

    public static void Store(float value, ref float into) => into = value;

    public static uint Add(uint x, uint y) => x + y;

    public static uint Subtract(uint x, uint y) => x - y;

    public static uint And(uint x, uint y) => x & y;

    public static uint Xor(uint x, uint y) => x ^ y;

    public static uint RotateLeft(uint x, int bits) => BitOperations.RotateLeft(x, bits);

    public static uint ShiftLeft(uint x, int bits) => x << bits;

    public static uint ShiftRight(uint x, int bits) => x >> bits;

    public static uint ShiftRightSigned(uint x, int bits) => (uint)((int)x >> bits);

    public static float ToSingles(uint x) => (int)x;

    public static float BitsToSingles(uint x) => BitConverter.UInt32BitsToSingle(x);

    public static uint SinglesToBits(float x) => BitConverter.SingleToUInt32Bits(x);

    public static float Add(float x, float y) => x + y;

    public static float Multiply(float x, float y) => x * y;

    public static float Divide(float x, float y) => x / y;

    public static float SquareRoot(float x) => MathF.Sqrt(x);

    public static float MultiplyAdd(float x, float y, float z) => MathF.FusedMultiplyAdd(x, y, z);
}
