using System.Globalization;
using System.Text.RegularExpressions;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration.Internals;

/// <summary>Turns texts into typed values within their declared ranges.</summary>
internal static partial class ValueParser
{
    private const int LongestList = 10_000;

    /// <summary>Parses a setting for an option.</summary>
    /// <returns>Whether the text is of the right kind and within range.</returns>
    public static bool TryParse(OptionEntry entry, Setting setting, out object? value)
    {
        if (entry.AllowsInfinity && setting.Items is null && setting.Text is "infinity" or "inf" or ".inf")
        {
            value = double.PositiveInfinity;
            return true;
        }

        return TryParse(entry.Type, entry, setting, out value);
    }

    /// <summary>What an option accepts, in words.</summary>
    public static string Describe(OptionEntry entry) => Describe(entry.Type, entry) + (entry.AllowsInfinity ? ", or infinity" : "");

    /// <summary>What an option accepts, in words, where <paramref name="refused"/> was given.</summary>
    public static string Describe(OptionEntry entry, Setting refused) =>
        Describe(entry) + (entry.Choices.Count == 0 && !IsText(refused.Text) ? "; no text of this program holds the character NUL" : "");

    private static bool TryParse(Type type, OptionEntry entry, Setting setting, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return setting.Text is "none" or "null" or "~" || TryParse(inner, entry, setting, out value);
        }

        if (type == OptionEntry.Interval)
        {
            return TryParseInterval(entry.Attribute, setting, out value);
        }

        if (type.IsArray)
        {
            return TryParseList(type.GetElementType()!, entry, setting, out value);
        }

        return setting.Items is null && TryParseOne(type, entry, setting.Text, out value);
    }

    private static string Describe(Type type, OptionEntry entry)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Describe(inner, entry) + ", or none";
        }

        if (type == OptionEntry.Interval)
        {
            return $"an interval low,high with low ≤ high{Range(entry.Attribute)}; infinity and -infinity are allowed";
        }

        if (type.IsArray)
        {
            Type item = type.GetElementType()!;
            string of = item == typeof(string) ? "texts" : item == typeof(double) ? "numbers" : "integers";
            string form = item == typeof(string) ? "a,b" : item == typeof(double) ? "0.1,0.2" : "1,2,5 or 0..4";
            return $"a list of {of}{Range(entry.Attribute)}, as {form}";
        }

        if (type == typeof(bool))
        {
            return "true or false";
        }

        if (type.IsEnum)
        {
            return "one of " + string.Join(", ", Enum.GetNames(type).Select(OptionEntry.KebabCase));
        }

        if (type == typeof(string))
        {
            return entry.Choices.Count > 0 ? "one of " + string.Join(", ", entry.Choices) : "a text";
        }

        return (type == typeof(double) || type == typeof(float) ? "a number" : "an integer") + Range(entry.Attribute);
    }

    /// <summary>The names among which a text has to be, or none.</summary>
    public static IReadOnlyList<string> Choices(OptionEntry entry)
    {
        Type type = Nullable.GetUnderlyingType(entry.Type) ?? entry.Type;
        return type == typeof(bool) ? ["true", "false"]
            : type.IsEnum ? [.. Enum.GetNames(type).Select(OptionEntry.KebabCase)]
            : entry.Choices;
    }

    private static bool TryParseInterval(OptionAttribute attribute, Setting setting, out object? value)
    {
        value = null;
        IReadOnlyList<string> ends = setting.Items ?? setting.Text.Trim().TrimStart('[', '(').TrimEnd(']', ')').Split(',');
        if (ends.Count != 2 || !TryParseEnd(ends[0].Trim(), out double low) || !TryParseEnd(ends[1].Trim(), out double high)
            || low > high || !InRange(low, attribute) || !InRange(high, attribute))
        {
            return false;
        }

        value = (low, high);
        return true;
    }

    private static bool TryParseEnd(string text, out double value)
    {
        value = text switch
        {
            "infinity" or "inf" or ".inf" => double.PositiveInfinity,
            "-infinity" or "-inf" or "-.inf" => double.NegativeInfinity,
            _ => double.NaN,
        };
        return double.IsInfinity(value) || NumberText.TryReal(text, out value);
    }

    private static bool TryParseList(Type item, OptionEntry entry, Setting setting, out object? value)
    {
        value = null;
        string text = setting.Text.Trim();
        IReadOnlyList<string> parts = setting.Items ?? (text.Length == 0 ? [] : (text is ['[', .., ']'] ? text[1..^1] : text).Split(','));
        if (parts.Count > LongestList)
        {
            return false;
        }

        List<object> values = [];
        foreach (string raw in parts)
        {
            string part = setting.Items is null ? raw.Trim() : raw;
            if (item != typeof(double) && item != typeof(string) && RangeForm().Match(part) is { Success: true } range)
            {
                if (!NumberText.TryInteger(range.Groups[1].Value, out Int128 first) || !NumberText.TryInteger(range.Groups[2].Value, out Int128 last)
                    || last < first || last - first >= LongestList)
                {
                    return false;
                }

                for (Int128 i = first; i <= last; i++)
                {
                    if (!TryParseOne(item, entry, i.ToString(CultureInfo.InvariantCulture), out object? each))
                    {
                        return false;
                    }

                    values.Add(each!);
                }
            }
            else if (TryParseOne(item, entry, part, out object? one))
            {
                values.Add(one!);
            }
            else
            {
                return false;
            }
        }

        if (values.Count > LongestList)
        {
            return false;
        }

        Array array = Array.CreateInstance(item, values.Count);
        for (int i = 0; i < values.Count; i++)
        {
            array.SetValue(values[i], i);
        }

        value = array;
        return true;
    }

    private static bool TryParseOne(Type type, OptionEntry entry, string text, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = text;
            return entry.Choices.Count == 0 ? IsText(text) : entry.Choices.Contains(text, StringComparer.Ordinal);
        }

        if (type == typeof(bool))
        {
            value = text is "true";
            return text is "true" or "false";
        }

        if (type.IsEnum)
        {
            string? name = Enum.GetNames(type).FirstOrDefault(n => OptionEntry.KebabCase(n) == text);
            value = name is null ? null : Enum.Parse(type, name);
            return name is not null;
        }

        if (type == typeof(double) || type == typeof(float))
        {
            if (!NumberText.TryReal(text, out double number) || !InRange(number, entry.Attribute))
            {
                return false;
            }

            value = Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
            return type == typeof(double) || float.IsFinite((float)value);
        }

        if (!NumberText.TryInteger(text, out Int128 integer) || !InRange((double)integer, entry.Attribute))
        {
            return false;
        }

        if (type == typeof(int) ? integer < int.MinValue || integer > int.MaxValue : integer < long.MinValue || integer > long.MaxValue)
        {
            return false;
        }

        value = Convert.ChangeType((long)integer, type, CultureInfo.InvariantCulture);
        return true;
    }

    // no path holds it
    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool InRange(double value, OptionAttribute a) =>
        (a.ExclusiveMinimum ? value > a.Minimum : value >= a.Minimum) && (a.ExclusiveMaximum ? value < a.Maximum : value <= a.Maximum);

    private static string Range(OptionAttribute a)
    {
        string lower = double.IsNegativeInfinity(a.Minimum) ? "" : (a.ExclusiveMinimum ? " > " : " ≥ ") + OptionEntry.Format(a.Minimum);
        string upper = double.IsPositiveInfinity(a.Maximum) ? "" : (a.ExclusiveMaximum ? " < " : " ≤ ") + OptionEntry.Format(a.Maximum);
        return lower.Length > 0 && upper.Length > 0 ? $"{lower} and{upper}" : lower + upper;
    }

    [GeneratedRegex(@"^\s*(\S+?)\.\.(\S+)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex RangeForm();
}
