using System.Buffers;
using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>The parts of a checkpoint that its state writers share: files, and the tensors gathered for them.</summary>
internal sealed class CheckpointContent(CheckpointFiles files)
{
    public CheckpointFiles Files => files;

    /// <summary>Tensors by safetensors file. They wait here because the format wants all their sizes first.</summary>
    public SortedDictionary<string, List<NamedTensor>> Tensors { get; } = new(StringComparer.Ordinal);
}

/// <summary>Writes the values of one group: scalars and small arrays into the tree of <c>state.json</c>, the rest into files of its own.</summary>
/// <param name="path">Keys from the section's root to this group.</param>
internal sealed class CheckpointStateWriter(CheckpointContent content, string[] path) : StateWriter
{
    private static readonly SearchValues<char> AllowedInKeys = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-.");

    private readonly List<(string Key, object Value)> values = [];
    private readonly HashSet<string> keys = new(StringComparer.Ordinal);

    public override void Write(string key, long value) => Add(key, StateText.Of(value));

    public override void Write(string key, ulong value) => Add(key, StateText.Of(value));

    public override void Write(string key, double value) => Add(key, StateText.Of(value));

    public override void Write(string key, bool value) => Add(key, value ? "true" : "false");

    public override void Write(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(key, StateText.Of(value));
    }

    public override void WriteArray(string key, ReadOnlySpan<float> values) =>
        Add(key, values.Length <= StateText.LongestInline ? StateText.Inline(values) : External(StateText.Float32, key, values));

    public override void WriteArray(string key, ReadOnlySpan<double> values) =>
        Add(key, values.Length <= StateText.LongestInline ? StateText.Inline(values) : External(StateText.Float64, key, values));

    public override void WriteArray(string key, ReadOnlySpan<long> values) =>
        Add(key, values.Length <= StateText.LongestInline ? StateText.Inline(values) : External(StateText.Int64, key, values));

    public override void WriteArray(string key, ReadOnlySpan<byte> values) =>
        Add(key, values.Length <= StateText.LongestInline ? StateText.Inline(values) : External(StateText.Bytes, key, values));

    public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            count *= size;
        }

        if (count != values.Length)
        {
            throw new StateException(
                $"The tensor '{PathOf(key)}' has {values.Length} values, but its shape [{string.Join(", ", shape.ToArray())}] asks for {count}.");
        }

        string file = (path.Length == 0 ? key : path[0]) + ".safetensors";
        string name = path.Length <= 1 ? key : string.Join('.', path[1..]) + "." + key;
        Add(key, StateText.ExternalTensor(file, name, shape));
        if (!content.Tensors.TryGetValue(file, out List<NamedTensor>? tensors))
        {
            content.Tensors.Add(file, tensors = []);
        }

        tensors.Add(new NamedTensor(name, shape.ToArray(), values.ToArray()));
    }

    public override StateWriter Group(string key)
    {
        var group = new CheckpointStateWriter(content, [.. path, key]);
        Add(key, group);
        return group;
    }

    /// <summary>Writes the gathered values as members of the JSON object in progress.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        foreach ((string key, object value) in values)
        {
            json.WritePropertyName(key);
            if (value is CheckpointStateWriter group)
            {
                json.WriteStartObject();
                group.WriteTo(json);
                json.WriteEndObject();
            }
            else
            {
                json.WriteRawValue((string)value, skipInputValidation: true);
            }
        }
    }

    private string External<TElement>(string kind, string key, ReadOnlySpan<TElement> values)
        where TElement : unmanaged
    {
        CheckKey(key);
        string file = string.Join('.', [.. path, key]) + ".bin";
        return StateText.External(kind, file, values.Length, content.Files.WriteRaw(file, values));
    }

    private void Add(string key, object value)
    {
        CheckKey(key);
        if (!keys.Add(key))
        {
            throw new StateException($"The key '{PathOf(key)}' was written twice; keys are unique within their group.");
        }

        values.Add((key, value));
    }

    private void CheckKey(string key)
    {
        // keys become names of files and of JSON members, where '$' marks a kind
        if (key.Length == 0 || key[0] == '.' || key.AsSpan().IndexOfAnyExcept(AllowedInKeys) >= 0)
        {
            throw new StateException($"The key '{PathOf(key)}' is not allowed: keys are lower_snake_case, with dots inside at most.");
        }
    }

    private string PathOf(string key) => string.Join('/', [.. path, key]);
}
