using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stackelberg.Experiments.Runs;

/// <summary>The form of the small JSON files of a run: snake_case, indented, enumerations by name, NaN and infinities as words.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // these files are not put into web pages; names and paths stay readable
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static byte[] Write<TValue>(TValue value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];

    /// <summary>Reads a file, or returns null when there is none.</summary>
    /// <exception cref="RunException">It cannot be read or is not of this form.</exception>
    public static TValue? Read<TValue>(string path)
        where TValue : class
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<TValue>(File.ReadAllBytes(path), Options);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RunException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
