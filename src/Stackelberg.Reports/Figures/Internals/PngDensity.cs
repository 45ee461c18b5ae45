using System.Buffers.Binary;

namespace Stackelberg.Reports.Figures.Internals;

/// <summary>Says in a PNG how large its pixels are meant to be, which the encoder does not: without it a text system sets the figure at another size.</summary>
internal static class PngDensity
{
    private const int SignatureBytes = 8, HeaderChunkBytes = 25, ContentBytes = 9;
    private const double InchesPerMetre = 1 / 0.0254;

    /// <summary>The same picture with a pHYs chunk after its header.</summary>
    public static byte[] With(byte[] png, int dpi)
    {
        byte[] chunk = new byte[4 + 4 + ContentBytes + 4];
        uint pixels = (uint)Math.Round(dpi * InchesPerMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk, ContentBytes);
        "pHYs"u8.CopyTo(chunk.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8), pixels);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(12), pixels);
        chunk[16] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(17), Checksum(chunk.AsSpan(4, 4 + ContentBytes)));
        int header = SignatureBytes + HeaderChunkBytes;
        return [.. png.AsSpan(0, header), .. chunk, .. png.AsSpan(header)];
    }

    // CRC-32 as the PNG specification has it, bit by bit: it is of 13 bytes
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ 0xEDB88320;
            }
        }

        return ~sum;
    }
}
