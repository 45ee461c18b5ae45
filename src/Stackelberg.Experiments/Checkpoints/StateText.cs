using System.Globalization;
using System.Text.Json;

namespace Stackelberg.Experiments.Checkpoints;

/// <summary>
/// How values stand in <c>state.json</c>. 64-bit integers are JSON numbers without point or exponent, doubles JSON numbers with one, in the
/// shortest form that reads back to the same bits. What JSON cannot tell apart is an object whose one key begins with '$': <c>$uint64</c>,
/// <c>$double</c> (the bits of NaN or infinity), <c>$float32 | $float64 | $int64 | $bytes</c> (arrays), <c>$tensor</c>.
/// </summary>
internal static class StateText
{
    public const string UInt64 = "$uint64";
    public const string Double = "$double";
    public const string Float32 = "$float32";
    public const string Float64 = "$float64";
    public const string Int64 = "$int64";
    public const string Bytes = "$bytes";
    public const string Tensor = "$tensor";

    /// <summary>Member of an array that is written in parts.</summary>
    public const string PartBytes = "part_bytes";

    /// <summary>Arrays up to this length stand in <c>state.json</c> itself.</summary>
    public const int LongestInline = 128;

    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Of(ulong value) => $"{{\"{UInt64}\": \"{value.ToString(CultureInfo.InvariantCulture)}\"}}";

    public static string Of(double value) => double.IsFinite(value) ? Number(value.ToString("R", CultureInfo.InvariantCulture)) : $"{{\"{Double}\": {Hex(value)}}}";

    public static string Of(string value) => JsonSerializer.Serialize(value);

    public static string Inline(ReadOnlySpan<float> values)
    {
        var text = new List<string>();
        foreach (float value in values)
        {
            text.Add(float.IsFinite(value) ? Number(value.ToString("R", CultureInfo.InvariantCulture)) : $"\"{BitConverter.SingleToUInt32Bits(value):x8}\"");
        }

        return Array(Float32, text);
    }

    public static string Inline(ReadOnlySpan<double> values)
    {
        var text = new List<string>();
        foreach (double value in values)
        {
            text.Add(double.IsFinite(value) ? Number(value.ToString("R", CultureInfo.InvariantCulture)) : Hex(value));
        }

        return Array(Float64, text);
    }

    public static string Inline(ReadOnlySpan<long> values)
    {
        var text = new List<string>();
        foreach (long value in values)
        {
            text.Add(Of(value));
        }

        return Array(Int64, text);
    }

    public static string Inline(ReadOnlySpan<byte> values) => $"{{\"{Bytes}\": \"{Convert.ToHexStringLower(values)}\"}}";

    /// <summary>An array in files of its own.</summary>
    /// <param name="partBytes">The bytes of each part but the last, where the array is written in parts.</param>
    public static string External(string kind, string file, long length, int? partBytes)
    {
        string parts = partBytes is { } bytes ? $", \"{PartBytes}\": {Of(bytes)}" : "";
        return $"{{\"{kind}\": {{\"file\": {Of(file)}, \"length\": {Of(length)}{parts}}}}}";
    }

    public static string ExternalTensor(string file, string name, ReadOnlySpan<int> shape) =>
        $"{{\"{Tensor}\": {{\"file\": {Of(file)}, \"name\": {Of(name)}, \"shape\": [{string.Join(", ", shape.ToArray())}]}}}}";

    /// <summary>What a stored value is, in words, for messages.</summary>
    public static string Describe(JsonElement value) => Kind(value) switch
    {
        "number" => IsInteger(value) ? "a 64-bit signed integer" : "a double-precision number",
        UInt64 => "a 64-bit unsigned integer",
        Double => "a double-precision number",
        "truth" => "a truth value",
        "text" => "a text",
        Float32 => "an array of single-precision numbers",
        Float64 => "an array of double-precision numbers",
        Int64 => "an array of 64-bit integers",
        Bytes => "an array of bytes",
        Tensor => "a tensor",
        "group" => "a group",
        _ => "nothing known",
    };

    /// <summary>The kind of a stored value: <c>number</c>, <c>truth</c>, <c>text</c>, <c>group</c>, or the key that begins with '$'.</summary>
    public static string Kind(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return "number";
            case JsonValueKind.True or JsonValueKind.False:
                return "truth";
            case JsonValueKind.String:
                return "text";
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    return property.Name.StartsWith('$') ? property.Name : "group";
                }

                return "group";
            default:
                return "";
        }
    }

    public static bool IsInteger(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    public static double ReadDouble(JsonElement item) => item.ValueKind == JsonValueKind.String
        ? BitConverter.UInt64BitsToDouble(ulong.Parse(item.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : double.Parse(item.GetRawText(), CultureInfo.InvariantCulture);

    public static float ReadSingle(JsonElement item) => item.ValueKind == JsonValueKind.String
        ? BitConverter.UInt32BitsToSingle(uint.Parse(item.GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        : float.Parse(item.GetRawText(), CultureInfo.InvariantCulture);

    private static string Hex(double value) => $"\"{BitConverter.DoubleToUInt64Bits(value):x16}\"";

    private static string Number(string shortest) => shortest.AsSpan().IndexOfAny('.', 'E') < 0 ? shortest + ".0" : shortest;

    private static string Array(string kind, List<string> items) => $"{{\"{kind}\": [{string.Join(", ", items)}]}}";
}
