using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Runs;

/// <summary>The form of the small JSON files of a run: snake_case, indented, enumerations by name, NaN and infinities as words.</summary>
internal static class Json
{
    private const int LongestFile = 1 << 26;

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
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
            return JsonSerializer.Deserialize<TValue>(ReadBounded(path), Options) ?? throw new JsonException();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"'{path}' cannot be read: {FileFaultText.Of(e, path)}.", e);
        }
        // the last two for texts that no character stands for, such as half of a surrogate pair
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new RunException($"'{path}' is not what this program writes there: {Describe(e)}. Put it back from a copy.", e);
        }
    }

    // a link to a device has no end
    private static ReadOnlySpan<byte> ReadBounded(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        byte[] content = new byte[Math.Min(LongestFile, file.CanSeek ? file.Length : LongestFile) + 1];
        int length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= LongestFile ? content.AsSpan(0, length) : throw new IOException($"it has more than {LongestFile} bytes.");
    }

    private static string Describe(Exception fault)
    {
        const string Missing = "including: ";
        int list = fault.Message.IndexOf(Missing, StringComparison.Ordinal);
        return (list, fault) switch
        {
            ( >= 0, _) => $"it lacks {fault.Message[(list + Missing.Length)..].TrimEnd('.')}",
            (_, JsonException { Path: { Length: > 2 } member }) => $"member '{member[2..]}' has another form",
            (_, JsonException { LineNumber: { } line }) => $"line {line + 1} is no JSON of this form",
            _ => "it has another form",
        };
    }
}
