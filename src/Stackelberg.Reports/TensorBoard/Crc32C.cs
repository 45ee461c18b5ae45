using System.Buffers.Binary;
using System.Numerics;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>The checksum of event files: CRC-32C (Castagnoli, RFC 3720 appendix B.4), masked as TensorFlow masks it.</summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xa282ead8;

    /// <summary>The plain checksum; 0xE3069283 for the nine characters <c>123456789</c>.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        uint sum = ~0u;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte b in data)
        {
            sum = BitOperations.Crc32C(sum, b);
        }

        return ~sum;
    }

    /// <summary>The checksum turned right by 15 bits, plus a constant: a checksum of data that holds checksums would say little otherwise.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + MaskDelta;
}
