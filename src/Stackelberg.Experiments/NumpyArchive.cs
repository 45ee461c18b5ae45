using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Stackelberg.Experiments;

/// <summary>
/// Writes a <c>.npz</c> file, NumPy's archive of named arrays: a zip with one <c>name.npy</c> of format version 1.0 per array, little-endian and row-major.
/// </summary>
/// <remarks>
/// Format: the page <c>numpy.lib.format</c> of NumPy's reference. Entries are stored without compression and dated 1980-01-01, so equal arrays give equal
/// bytes.
/// </remarks>
/// <param name="stream">Receives the archive; left open.</param>
public sealed class NumpyArchive(Stream stream) : IDisposable
{
    // the magic string, two bytes of version, two of the header's length
    private const int Preamble = 10;
    private const int Alignment = 64;

    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Adds an array of double-precision numbers, <c>&lt;f8</c>.</summary>
    /// <param name="name">Not empty, unique in the archive.</param>
    /// <param name="shape">Sizes of the axes; empty for a single number.</param>
    /// <exception cref="ArgumentException">The name is empty or given twice, or the shape does not fit the values.</exception>
    public void Add(string name, ReadOnlySpan<double> values, params ReadOnlySpan<int> shape) =>
        Add(name, "<f8", MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds an array of whole numbers, <c>&lt;i8</c>.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{int})"/>
    public void Add(string name, ReadOnlySpan<long> values, params ReadOnlySpan<int> shape) =>
        Add(name, "<i8", MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds an array of truth values, <c>|b1</c>.</summary>
    /// <inheritdoc cref="Add(string, ReadOnlySpan{double}, ReadOnlySpan{int})"/>
    public void Add(string name, ReadOnlySpan<bool> values, params ReadOnlySpan<int> shape) =>
        Add(name, "|b1", MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Completes the archive.</summary>
    public void Dispose() => zip.Dispose();

    private void Add(string name, string type, ReadOnlySpan<byte> data, int count, ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int size in shape)
        {
            product *= size;
        }

        if (name.Length == 0 || product != count || !names.Add(name))
        {
            throw new ArgumentException(
                $"The array '{name}' of shape [{string.Join(", ", shape.ToArray())}] has {count} values; names must differ and not be empty, shapes fit the values.");
        }

        ZipArchiveEntry entry = zip.CreateEntry(name + ".npy", CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using Stream file = entry.Open();
        file.Write(Header(type, shape));
        file.Write(data);
    }

    /// <summary>Everything before the data; its length is a multiple of 64.</summary>
    private static byte[] Header(string type, ReadOnlySpan<int> shape)
    {
        string[] sizes = Array.ConvertAll(shape.ToArray(), static s => s.ToString(CultureInfo.InvariantCulture));
        // a Python tuple: one element alone keeps its comma
        string tuple = sizes.Length == 1 ? $"({sizes[0]},)" : $"({string.Join(", ", sizes)})";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {tuple}, }}";
        int length = Preamble + text.Length + 1;
        length = (length + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - Preamble));
        Encoding.ASCII.GetBytes(text.PadRight(length - Preamble - 1) + "\n").CopyTo(header, Preamble);
        return header;
    }
}
