using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Stackelberg.Agents.Internals;

/// <summary>Checks options that a program made itself, as the command line checks those it reads.</summary>
internal static class OptionsCheck
{
    /// <summary>Refuses what a configuration would refuse; for constructors.</summary>
    /// <param name="options">A record whose properties are described by <see cref="OptionAttribute"/>.</param>
    /// <param name="faults">What no range can say, with the key first.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or missing.</exception>
    /// <exception cref="NotSupportedException">Options contradict each other.</exception>
    public static void Require<TOptions>(TOptions options, Func<TOptions, IEnumerable<(string Key, string Message)>> faults)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(options);
        if (RangeFault(options, "") is { } fault)
        {
            throw new ArgumentException($"The options cannot be used: {fault}");
        }

        foreach ((string key, string message) in faults(options))
        {
            throw new NotSupportedException($"{key}: {message}");
        }
    }

    /// <summary>The first fault in words, or null.</summary>
    public static string? Fault(AlgorithmDescriptor descriptor, object? options)
    {
        if (options is null)
        {
            return "its options are null; return the record that was given, or a copy with changes.";
        }

        if (RangeFault(options, "") is { } fault)
        {
            return fault;
        }

        foreach ((string key, string message) in descriptor.Validate(options))
        {
            return $"{key}: {message}";
        }

        return null;
    }

    /// <summary>Whether an option may have a value.</summary>
    public static bool IsAllowed(Type type, OptionAttribute attribute, object? value) => value switch
    {
        null => Nullable.GetUnderlyingType(type) is not null,
        string text => attribute.Choices.Length == 0 || attribute.Choices.Contains(text, StringComparer.Ordinal),
        string[] texts => Array.TrueForAll(texts, t => t is not null),
        Array numbers => numbers.Cast<IConvertible>().All(n => IsInRange(n, attribute)),
        bool => true,
        Enum member => Enum.IsDefined(member.GetType(), member),
        double.PositiveInfinity => true,
        _ => IsInRange((IConvertible)value, attribute),
    };

    private static string? RangeFault(object record, string prefix)
    {
        foreach (PropertyInfo property in record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0 || !property.CanWrite)
            {
                continue;
            }

            // registration has seen to it that what has no attribute is a group of options
            object? value = property.GetValue(record);
            string name = prefix + property.Name;
            string? fault = property.GetCustomAttribute<OptionAttribute>() is { } attribute
                ? IsAllowed(property.PropertyType, attribute, value) ? null : $"its option {name} is {Text(value)}; it takes {Allowed(property.PropertyType, attribute)}."
                : value is null ? $"its group {name} is null; leave it as it was given, or set a record."
                : RangeFault(value, name + ".");
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool IsInRange(IConvertible number, OptionAttribute attribute)
    {
        double value = number.ToDouble(null);
        return double.IsFinite(value)
            && (attribute.ExclusiveMinimum ? value > attribute.Minimum : value >= attribute.Minimum)
            && (attribute.ExclusiveMaximum ? value < attribute.Maximum : value <= attribute.Maximum);
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IEnumerable values => $"[{string.Join(", ", values.Cast<object?>().Select(Text))}]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Allowed(Type type, OptionAttribute attribute)
    {
        if (type.IsEnum)
        {
            return string.Join(", ", Enum.GetNames(type));
        }

        if (attribute.Choices.Length > 0)
        {
            return string.Join(", ", attribute.Choices);
        }

        if (type == typeof(string) || type == typeof(string[]))
        {
            return "texts that are not null";
        }

        string[] bounds =
        [
            .. double.IsNegativeInfinity(attribute.Minimum) ? (string[])[] : [$"{(attribute.ExclusiveMinimum ? "above" : "from")} {Text(attribute.Minimum)}"],
            .. double.IsPositiveInfinity(attribute.Maximum) ? (string[])[] : [$"{(attribute.ExclusiveMaximum ? "below" : "to")} {Text(attribute.Maximum)}"],
        ];
        return bounds.Length == 0 ? "finite numbers" : $"numbers {string.Join(' ', bounds)}";
    }
}
