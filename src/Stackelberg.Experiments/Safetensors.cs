using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stackelberg.Agents;
using Stackelberg.Experiments.Checkpoints;

namespace Stackelberg.Experiments;

/// <summary>A named array of single-precision numbers, row-major.</summary>
/// <param name="Shape">Sizes of the axes; empty for a single number.</param>
/// <param name="Values">As many as the product of <paramref name="Shape"/>.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>
/// The safetensors format: eight bytes with the length of the header (little-endian), the header as JSON (name → dtype, shape, offsets), the raw
/// data without gaps. The header is padded with spaces so that the data begins at a multiple of eight.
/// </summary>
public static class Safetensors
{
    // as in the reference implementation: no sound header is longer
    private const long LongestHeader = 100_000_000;

    /// <summary>Writes tensors as F32, in the order given.</summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or given twice, or a shape does not fit its values.</exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors)
    {
        WriteHeader(stream, "F32", sizeof(float), [.. tensors.Select(static t => (t.Name, t.Shape, t.Values.Length))]);
        foreach (NamedTensor tensor in tensors)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(tensor.Values));
        }
    }

    /// <summary>Writes tensors as F64, in the order given.</summary>
    /// <inheritdoc cref="Write(Stream, IReadOnlyList{NamedTensor})" path="/exception"/>
    public static void Write(Stream stream, IReadOnlyList<NamedArray> tensors)
    {
        WriteHeader(stream, "F64", sizeof(double), [.. tensors.Select(static t => (t.Name, t.Shape, t.Values.Length))]);
        foreach (NamedArray tensor in tensors)
        {
            stream.Write(MemoryMarshal.AsBytes<double>(tensor.Values));
        }
    }

    /// <summary>Reads a file of F32 tensors and checks all of it: header, types, shapes, and that the tensors cover the data without gap or overlap.</summary>
    /// <exception cref="CheckpointException">The file is missing or malformed; the message names it and the fault.</exception>
    public static IReadOnlyDictionary<string, NamedTensor> Read(string path)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"Cannot read '{path}': {e.Message}", e);
        }

        if (content.Length < 8)
        {
            throw Malformed(path, $"it has {content.Length} bytes; the length of the header alone takes 8");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(content);
        if (length < 2 || length > LongestHeader || length > content.Length - 8)
        {
            throw Malformed(path, $"its header claims {length} bytes; the file has {content.Length - 8} after the length");
        }

        try
        {
            using JsonDocument header = JsonDocument.Parse(content.AsMemory(8, (int)length));
            return Tensors(path, header.RootElement, content.AsSpan(8 + (int)length));
        }
        catch (JsonException e)
        {
            throw new CheckpointException($"'{path}' is no sound safetensors file: its header is no JSON ({e.Message})", e);
        }
    }

    private static void WriteHeader(Stream stream, string type, int elementSize, (string Name, IReadOnlyList<int> Shape, int Count)[] tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach ((string name, IReadOnlyList<int> shape, int count) in tensors)
            {
                if (name.Length == 0 || name == SafetensorsEntry.Metadata || !names.Add(name))
                {
                    throw new ArgumentException($"The tensor name '{name}' is empty, reserved or given twice.", nameof(tensors));
                }

                if (shape.Aggregate(1L, static (product, size) => product * size) != count)
                {
                    throw new ArgumentException($"The tensor '{name}' of shape [{string.Join(", ", shape)}] has {count} values.", nameof(tensors));
                }

                long end = offset + ((long)elementSize * count);
                SafetensorsEntry.Write(json, name, type, shape, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, buffer.Length);
        stream.Write(length);
        buffer.WriteTo(stream);
    }

    private static Dictionary<string, NamedTensor> Tensors(string path, JsonElement header, ReadOnlySpan<byte> data)
    {
        if (header.ValueKind != JsonValueKind.Object)
        {
            throw Malformed(path, "its header is no JSON object");
        }

        var entries = new List<SafetensorsEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in header.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw Malformed(path, $"the name '{property.Name}' occurs twice");
            }

            if (property.Name != SafetensorsEntry.Metadata)
            {
                entries.Add(SafetensorsEntry.Parse(property) ?? throw Malformed(
                    path, $"the entry '{property.Name}' is not {{\"dtype\": \"F32\", \"shape\": [sizes], \"data_offsets\": [begin, end]}}: {property.Value.GetRawText()}"));
            }
        }

        entries.Sort((x, y) => x.Begin != y.Begin ? x.Begin.CompareTo(y.Begin) : x.End.CompareTo(y.End));
        var tensors = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        long covered = 0;
        foreach (SafetensorsEntry entry in entries)
        {
            if (entry.Begin != covered || entry.End < entry.Begin || entry.End > data.Length || entry.End - entry.Begin != 4 * entry.Count)
            {
                throw Malformed(path, string.Create(
                    null,
                    $"'{entry.Name}' of shape [{string.Join(", ", entry.Shape)}] lies at [{entry.Begin}, {entry.End}) of {data.Length} bytes; it should begin at {covered} and take {4 * entry.Count}"));
            }

            float[] values = MemoryMarshal.Cast<byte, float>(data[(int)entry.Begin..(int)entry.End]).ToArray();
            tensors.Add(entry.Name, new NamedTensor(entry.Name, entry.Shape, values));
            covered = entry.End;
        }

        return covered == data.Length
            ? tensors
            : throw Malformed(path, $"its tensors take {covered} bytes; {data.Length} follow the header");
    }

    private static CheckpointException Malformed(string path, string fault) => new($"'{path}' is no sound safetensors file: {fault}.");
}
