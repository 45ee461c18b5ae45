using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Stackelberg.Experiments.Runs;

/// <summary>
/// Two sums over the rows of a table, Σ h and Σ i·h modulo the prime 2⁶¹ − 1 with h a hash of row i. They tell whether the rows are what they were,
/// and, where a single one is not, which: the differences of the sums are d and i·d.
/// </summary>
/// <remarks>Empty cells at the end of a row do not count, since later columns add them.</remarks>
/// <param name="Plain">Σ h.</param>
/// <param name="Weighted">Σ i·h, i counted from 1.</param>
internal readonly record struct RowSums(ulong Plain, ulong Weighted)
{
    private const ulong Prime = (1UL << 61) - 1;

    /// <summary>The sums with one more row.</summary>
    /// <param name="number">Which row it is, from 1.</param>
    public RowSums With(long number, ReadOnlySpan<char> row)
    {
        row = row.TrimEnd(',');
        Span<byte> text = row.Length <= 256 ? stackalloc byte[3 * 256] : new byte[Encoding.UTF8.GetMaxByteCount(row.Length)];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..Encoding.UTF8.GetBytes(row, text)], digest);
        ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(digest) % Prime;
        return new RowSums((Plain + hash) % Prime, (Weighted + Times((ulong)number, hash)) % Prime);
    }

    /// <summary>The row in which a table of these sums differs from one of <paramref name="expected"/>; null when it is not just one.</summary>
    public long? Altered(RowSums expected, long rows)
    {
        ulong difference = (Plain + Prime - expected.Plain) % Prime;
        ulong row = Times((Weighted + Prime - expected.Weighted) % Prime, Inverse(difference));
        return difference != 0 && row >= 1 && row <= (ulong)rows ? (long)row : null;
    }

    private static ulong Times(ulong a, ulong b) => (ulong)((UInt128)a * b % Prime);

    // a^(p−2), by Fermat's theorem
    private static ulong Inverse(ulong value)
    {
        ulong power = 1;
        for (ulong exponent = Prime - 2; exponent > 0; exponent >>= 1)
        {
            power = (exponent & 1) == 1 ? Times(power, value) : power;
            value = Times(value, value);
        }

        return power;
    }
}
