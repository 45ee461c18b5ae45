namespace Stackelberg.Faults.Fuzzing;

/// <summary>What stands where something sensible was meant.</summary>
internal static class Extremes
{
    /// <summary>Numbers at and beyond the ends of types, and what looks like one.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
    [
        "0", "-0", "1", "-1", "2", "3", "1e400", "-1e400", "1e-400", "1e308", "-1e308", "1e39", "5e-324", "1e-45", "0.1", "1.5", "1e3", "1E+03", "nan", "NaN", ".nan", ".NaN", ".inf", "-.inf", "inf", "-inf",
        "infinity", "Infinity", "-Infinity", "46341", "65536", "100000", "1000000", "16777217", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993",
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e18", "1e19", "18446744073709551615", "18446744073709551616", "0x10", "0b1", "0o7", "017", "1_000", "1,5", "1,000", "1.5.2",
        "1..4", "--1", "+1", "1e", "e1", ".5", "5.", "1 000", "¹", "½", "٣", "１", "1f", "1d", "1%", "10:30", "2001-01-01", new('9', 400), "0." + new string('0', 400) + "1", "1e99999999999",
    ];

    /// <summary>Words, brackets and characters that mean something to some reader.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "", " ", "null", "~", "true", "false", "yes", "no", "on", "off", "None", "default", "{}", "[]", "[[]]", "[[[]]]", "{\"a\":{}}", "\"\"", "''", "\"\\ud800\"", "\"\\udfff\\ud800\"", "\"\\u0000\"", "\"\\x\"",
        "\"", "'", "{", "}", "[", "]", ",", ":", ": ", "- ", "#", "&a x", "*a", "&a [*a]", "<<: *a", "!!int", "!!binary x", "!x", "!!float nan", "| ", "> ", "|\n  x", "---", "---\n", "...", "? ", "@", "`", "%YAML 9.9\n", "%",
        "\t", "\n", "\r", "\r\n", "\0", "\u0001", "\u001b[31m", "\u0085", "\u2028", "\ufeff", "\u202e", "\uffff", "é", "e\u0301", "😀", "\ud800", "\udfff", "𝟏", "ﬁ", "İ", "ß", "a\0b", "../..", "/", "/dev/null", "/dev/zero", "/proc/self/mem",
        "//", "\\", "~/x", "$HOME", "`id`", "$(id)", "a b", "-", "--", "-x", "*", "?", "con", "{0}", "{0:F99}", "%s", "%n", "<b>", "[red]", "[/]", "&amp;", new('a', 5000), new('é', 3000), new('[', 200), new('{', 200), "C:\\x",
    ];

    /// <summary>Both.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Numbers, .. Texts];
}
