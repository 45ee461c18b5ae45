using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Stackelberg.Primitives;

/// <summary>
/// Reads JSON that people write. Comments and trailing commas are allowed; a key given twice, a text that is no Unicode and a number that double precision
/// cannot hold are refused, where the usual reader takes the last, fails later or goes on with infinity.
/// </summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Parses a text.</summary>
    /// <exception cref="FormatException">It is no JSON, or one of the faults above; says where.</exception>
    public static JsonDocument Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("the file is empty");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, Options);
        }
        catch (JsonException e)
        {
            throw new FormatException(Words(e, text), e);
        }
        catch (ArgumentException e)
        {
            // a half of a surrogate pair, not even escaped
            throw new FormatException("not valid JSON: it has a character that is no Unicode", e);
        }

        if (FirstFault(document.RootElement) is { } fault)
        {
            document.Dispose();
            throw new FormatException(fault.Place.Length > 0 ? $"{fault.Place.TrimStart('.')}: {fault.What}" : fault.What);
        }

        return document;
    }

    // What the parser says, with the place counted from 1 and without its own words for it.
    private static string Words(JsonException fault, string text)
    {
        (long line, long at) = (fault.LineNumber ?? 0, fault.BytePositionInLine ?? 0);
        string said = fault.Message;
        foreach (string tail in new[] { " Path: ", " LineNumber: " })
        {
            int end = said.IndexOf(tail, StringComparison.Ordinal);
            said = end < 0 ? said : said[..end];
        }

        string place = string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, byte {at + 1}");
        string lastLine = text[(text.LastIndexOf('\n') + 1)..];
        // the parser says so in several ways, and within a number not at all
        bool isAtEnd = (line == text.AsSpan().Count('\n') && at >= Encoding.UTF8.GetByteCount(lastLine))
            || said.Contains("isFinalBlock", StringComparison.Ordinal) || said.Contains("end of data", StringComparison.Ordinal) || said.StartsWith("Expected depth", StringComparison.Ordinal);
        return $"not valid JSON at {place}: {(isAtEnd ? "it ends too early" : said.TrimEnd('.'))}";
    }

    // The place is put together on the way back, so that sound files, which may be large, cost no texts.
    private static (string Place, string What)? FirstFault(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return FaultOfMembers(element);
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (FirstFault(item) is { } inner)
                    {
                        return ($"[{index}]{inner.Place}", inner.What);
                    }

                    index++;
                }

                return null;
            case JsonValueKind.String:
                return Text(element.GetString) is null ? ("", "the text has half of a surrogate pair; write the whole character") : null;
            case JsonValueKind.Number:
                return element.TryGetDouble(out double value) && double.IsFinite(value)
                    ? null
                    : ("", $"{element.GetRawText()} is beyond double precision, which goes up to 1.8e308");
            default:
                return null;
        }
    }

    private static (string Place, string What)? FaultOfMembers(JsonElement element)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (Text(() => member.Name) is not { } name)
            {
                return ("", "a key has half of a surrogate pair; write the whole character");
            }

            if (!names.Add(name))
            {
                return ("", $"the key '{name}' is given twice");
            }

            if (FirstFault(member.Value) is { } inner)
            {
                return ($".{name}{inner.Place}", inner.What);
            }
        }

        return null;
    }

    private static string? Text(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
