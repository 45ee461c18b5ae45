using System.Text.Json;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>One entry of a safetensors header.</summary>
internal sealed record SafetensorsEntry(string Name, int[] Shape, long Count, long Begin, long End)
{
    /// <summary>The key that holds free text instead of a tensor.</summary>
    public const string Metadata = "__metadata__";

    public static void Write(Utf8JsonWriter json, string name, string type, IReadOnlyList<int> shape, long begin, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type);
        json.WriteStartArray("shape");
        foreach (int size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The entry, or null when it is not of the form the format asks for, or not of type F32.</summary>
    public static SafetensorsEntry? Parse(JsonProperty property)
    {
        if (property.Value.ValueKind != JsonValueKind.Object
            || !property.Value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String || dtype.GetString() != "F32"
            || !property.Value.TryGetProperty("shape", out JsonElement shape) || Integers(shape) is not { } sizes
            || !property.Value.TryGetProperty("data_offsets", out JsonElement offsets) || Integers(offsets) is not { Length: 2 } range)
        {
            return null;
        }

        long count = 1;
        foreach (long size in sizes)
        {
            // no file holds more than an int of values here; the bound also keeps the product from overflowing
            if (size < 0 || size > int.MaxValue || (count *= size) > int.MaxValue)
            {
                return null;
            }
        }

        return new SafetensorsEntry(property.Name, Array.ConvertAll(sizes, s => (int)s), count, range[0], range[1]);
    }

    private static long[]? Integers(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        long[] values = new long[element.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out values[i++]))
            {
                return null;
            }
        }

        return values;
    }
}
