using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>Reads what a <see cref="CheckpointStateWriter"/> wrote.</summary>
/// <param name="folder">The checkpoint.</param>
/// <param name="tensors">Files of tensors read so far, shared by all groups.</param>
internal sealed class CheckpointStateReader(
    string folder, Dictionary<string, IReadOnlyDictionary<string, NamedTensor>> tensors, JsonElement group, string path) : StateReader
{
    private const int ChunkBytes = 1 << 22;

    public override bool Contains(string key) => group.TryGetProperty(key, out _);

    public override long ReadInt64(string key)
    {
        JsonElement value = Find(key, "number", "a 64-bit signed integer");
        return StateText.IsInteger(value) && value.TryGetInt64(out long number) ? number : throw OtherKind(key, value, "a 64-bit signed integer");
    }

    public override ulong ReadUInt64(string key) =>
        ulong.Parse(Find(key, StateText.UInt64, "a 64-bit unsigned integer").GetProperty(StateText.UInt64).GetString()!, CultureInfo.InvariantCulture);

    public override double ReadDouble(string key)
    {
        JsonElement value = Find(key);
        return StateText.Kind(value) switch
        {
            StateText.Double => StateText.ReadDouble(value.GetProperty(StateText.Double)),
            "number" when !StateText.IsInteger(value) => StateText.ReadDouble(value),
            _ => throw OtherKind(key, value, "a double-precision number"),
        };
    }

    public override bool ReadBoolean(string key) => Find(key, "truth", "a truth value").GetBoolean();

    public override string ReadString(string key) => Find(key, "text", "a text").GetString()!;

    public override long Length(string key)
    {
        JsonElement value = Find(key);
        string kind = StateText.Kind(value);
        switch (kind)
        {
            case StateText.Tensor:
                return value.GetProperty(kind).GetProperty("shape").EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64());
            case StateText.Float32 or StateText.Float64 or StateText.Int64 or StateText.Bytes:
                JsonElement array = value.GetProperty(kind);
                return array.ValueKind switch
                {
                    JsonValueKind.Array => array.GetArrayLength(),
                    JsonValueKind.String => array.GetString()!.Length / 2,
                    _ => array.GetProperty("length").GetInt64(),
                };
            default:
                throw new StateException($"'{PathOf(key)}' is {StateText.Describe(value)} and has no length; an array or tensor was expected.");
        }
    }

    public override bool IsSingle(string key) => StateText.Kind(Find(key)) is StateText.Float32 or StateText.Tensor;

    public override void ReadArray(string key, Span<float> into) => Read(key, StateText.Float32, "an array of single-precision numbers", into, StateText.ReadSingle);

    public override void ReadArray(string key, Span<double> into) => Read(key, StateText.Float64, "an array of double-precision numbers", into, StateText.ReadDouble);

    public override void ReadArray(string key, Span<long> into) => Read(key, StateText.Int64, "an array of 64-bit integers", into, static i => i.GetInt64());

    public override void ReadArray(string key, Span<byte> into)
    {
        JsonElement array = Find(key, StateText.Bytes, "an array of bytes").GetProperty(StateText.Bytes);
        CheckLength(key, into.Length);
        if (array.ValueKind == JsonValueKind.String)
        {
            Convert.FromHexString(array.GetString()!).CopyTo(into);
        }
        else
        {
            ReadFile(array, into);
        }
    }

    public override void ReadTensor(string key, Span<float> into, ReadOnlySpan<int> shape)
    {
        JsonElement value = Find(key, StateText.Tensor, "a tensor").GetProperty(StateText.Tensor);
        int[] stored = [.. value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        if (!Fits(stored, shape) || Length(key) != into.Length)
        {
            throw new StateException(
                $"'{PathOf(key)}' is a tensor of shape [{string.Join(", ", stored)}] in the saved state; shape [{string.Join(", ", shape.ToArray())}] with {into.Length} values was expected.");
        }

        string file = value.GetProperty("file").GetString()!;
        if (!tensors.TryGetValue(file, out IReadOnlyDictionary<string, NamedTensor>? found))
        {
            tensors.Add(file, found = Safetensors.Read(Path.Combine(folder, file)));
        }

        string name = value.GetProperty("name").GetString()!;
        if (!found.TryGetValue(name, out NamedTensor? tensor) || tensor.Values.Length != into.Length)
        {
            throw new CheckpointException($"'{Path.Combine(folder, file)}' has no tensor '{name}' of shape [{string.Join(", ", stored)}].");
        }

        tensor.Values.CopyTo(into);
    }

    public override StateReader Group(string key) => new CheckpointStateReader(folder, tensors, Find(key, "group", "a group"), PathOf(key));

    private void Read<TElement>(string key, string kind, string expected, Span<TElement> into, Func<JsonElement, TElement> parse)
        where TElement : unmanaged
    {
        JsonElement array = Find(key, kind, expected).GetProperty(kind);
        CheckLength(key, into.Length);
        if (array.ValueKind == JsonValueKind.Array)
        {
            int i = 0;
            foreach (JsonElement item in array.EnumerateArray())
            {
                into[i++] = parse(item);
            }
        }
        else
        {
            ReadFile(array, into);
        }
    }

    private void ReadFile<TElement>(JsonElement reference, Span<TElement> into)
        where TElement : unmanaged
    {
        string file = reference.GetProperty("file").GetString()!;
        if (!reference.TryGetProperty(StateText.PartBytes, out JsonElement partBytes))
        {
            ReadFile(file, into);
            return;
        }

        int length = partBytes.GetInt32() / Marshal.SizeOf<TElement>();
        for (int start = 0; start < into.Length; start += length)
        {
            ReadFile(CheckpointFiles.PartOf(file, start / length), into.Slice(start, Math.Min(length, into.Length - start)));
        }
    }

    private void ReadFile<TElement>(string file, Span<TElement> into)
        where TElement : unmanaged
    {
        using FileStream stream = new(Path.Combine(folder, file), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        int chunk = ChunkBytes / Marshal.SizeOf<TElement>();
        for (int start = 0; start < into.Length; start += chunk)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(into.Slice(start, Math.Min(chunk, into.Length - start))));
        }
    }

    private void CheckLength(string key, int expected)
    {
        if (Length(key) != expected)
        {
            throw new StateException($"'{PathOf(key)}' has {Length(key)} elements in the saved state; {expected} were expected.");
        }
    }

    private JsonElement Find(string key) => group.TryGetProperty(key, out JsonElement value)
        ? value
        : throw new StateException(
            $"The saved state has no '{PathOf(key)}'; its group has: {string.Join(", ", group.EnumerateObject().Select(p => p.Name).DefaultIfEmpty("nothing"))}.");

    private JsonElement Find(string key, string kind, string expected)
    {
        JsonElement value = Find(key);
        return StateText.Kind(value) == kind ? value : throw OtherKind(key, value, expected);
    }

    private StateException OtherKind(string key, JsonElement value, string expected) =>
        new($"'{PathOf(key)}' is {StateText.Describe(value)} in the saved state; {expected} was expected.");

    private string PathOf(string key) => $"{path}/{key}";
}
