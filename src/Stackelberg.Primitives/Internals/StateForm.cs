using System.Security.Cryptography;

namespace Stackelberg.Primitives.Internals;

/// <summary>What an entry of the binary form holds; the numbers are part of the form.</summary>
internal enum StateKind : byte
{
    End = 0,
    Int64 = 1,
    UInt64 = 2,
    Double = 3,
    Boolean = 4,
    Text = 5,
    Singles = 6,
    Doubles = 7,
    Int64s = 8,
    Bytes = 9,
    Tensor = 10,
    Group = 11,
}

/// <summary>The binary form of a saved state, described at <see cref="MemoryState.WriteTo"/>.</summary>
internal static class StateForm
{
    public const int Version = 1;

    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Groups within groups; a bound keeps a damaged file from exhausting the stack.</summary>
    public const int MaximumDepth = 256;

    /// <summary>Bytes that are hashed and handed on at a time.</summary>
    public const int Chunk = 1 << 16;

    public static ReadOnlySpan<byte> Magic => "STKLSTAT"u8;

    public static long Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            count *= size;
        }

        return count;
    }

    /// <summary>Arrays go from memory to the stream as they lie there.</summary>
    public static void CheckByteOrder()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Saved states are little-endian, and this processor is not.");
        }
    }
}
