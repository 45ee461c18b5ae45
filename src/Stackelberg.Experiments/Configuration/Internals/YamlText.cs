using System.Globalization;

namespace Stackelberg.Experiments.Configuration.Internals;

/// <summary>
/// Writes values so that readers of YAML 1.1 and of 1.2 take each for what it is: a floating-point number has a point (1.0e-05, which 1.1 would take for a text without), infinity is
/// .inf, and a text that either could take for something else (no, 1e5, 0o7, ~, 2001-01-01) has quotes.
/// </summary>
internal static class YamlText
{
    // 1.1 reads the first eight as truth values, in some letter cases; both know the last
    private static readonly string[] Words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    public static string Of(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => Text(text),
        double number => Number(number),
        float number => Number(number),
        (double low, double high) => $"[{Number(low)}, {Number(high)}]",
        Array list => $"[{string.Join(", ", list.Cast<object?>().Select(Of))}]",
        int or long => OptionEntry.Format(value),
        _ => Text(OptionEntry.Format(value)),
    };

    private static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }

        string text = value.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        return text.Contains('.', StringComparison.Ordinal) ? text
            : text.Contains('e', StringComparison.Ordinal) ? text.Replace("e", ".0e", StringComparison.Ordinal)
            : text + ".0";
    }

    // numbers, dates and marks begin with no letter
    private static string Text(string text)
    {
        bool isPlain = text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/')
            && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+')
            && !Words.Contains(text, StringComparer.OrdinalIgnoreCase);
        return isPlain ? text : $"\"{string.Concat(text.Select(Escape))}\"";
    }

    // other line ends than \n are folded by a reader, and control characters refused
    private static string Escape(char c) => c switch
    {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\n' => "\\n",
        '\u2028' or '\u2029' or '\uFEFF' => $"\\u{(int)c:x4}",
        _ when char.IsControl(c) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };
}
