using System.Globalization;
using System.Reflection;
using System.Text;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration.Internals;

/// <summary>One configurable property of an options record, nested groups flattened to a dotted key.</summary>
internal sealed record OptionEntry(string Key, IReadOnlyList<PropertyInfo> Path, OptionAttribute Attribute)
{
    private static readonly MethodInfo ShallowCopy = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>The type of an interval: lower and upper end.</summary>
    public static readonly Type Interval = typeof((double Low, double High));

    public Type Type => Path[^1].PropertyType;

    /// <summary>Whether infinity is a value: it is where it is the default, such as a bound that is off.</summary>
    public bool AllowsInfinity { get; private init; }

    /// <summary>The texts a string may be; empty for any.</summary>
    public IReadOnlyList<string> Choices { get; private init; } = [];

    /// <summary>All entries of an options record, in declaration order.</summary>
    public static IReadOnlyList<OptionEntry> Of(Type optionsType) => Of(CreateDefaults(optionsType));

    /// <summary>All entries of an options record that holds the defaults and names no solver, in declaration order.</summary>
    public static IReadOnlyList<OptionEntry> Of(object defaults) => Of(defaults, SolverCatalogue.BuiltIn);

    /// <summary>All entries of an options record that holds the defaults, in declaration order.</summary>
    /// <param name="solvers">The solvers that options may name.</param>
    public static IReadOnlyList<OptionEntry> Of(object defaults, SolverCatalogue solvers)
    {
        List<OptionEntry> entries = [];
        Collect(defaults.GetType(), "", [], entries);
        return [.. entries.Select(e => e with { AllowsInfinity = e.Attribute.AllowsInfinity || e.Read(defaults) is double.PositiveInfinity, Choices = ChoicesOf(e.Attribute, solvers) })];
    }

    /// <summary>A fresh options record whose nested records are its own copies.</summary>
    public static object CreateDefaults(Type type) => WithOwnGroups(Activator.CreateInstance(type)
        ?? throw new InvalidOperationException($"The options record {type.Name} needs a constructor without parameters."));

    /// <summary>The same record, with its nested records replaced by copies.</summary>
    public static object WithOwnGroups(object instance)
    {
        foreach (PropertyInfo property in Properties(instance.GetType()).Where(p => IsGroup(p.PropertyType)))
        {
            property.SetValue(instance, WithOwnGroups(Copy(property.GetValue(instance) ?? CreateDefaults(property.PropertyType))));
        }

        return instance;
    }

    /// <summary>A copy of a record or structure; its nested records are shared until <see cref="WithOwnGroups"/>.</summary>
    public static object Copy(object record) => ShallowCopy.Invoke(record, null)!;

    public object? Read(object options)
    {
        object? value = options;
        foreach (PropertyInfo property in Path)
        {
            value = property.GetValue(value);
        }

        return value;
    }

    public void Write(object options, object? value) => Write(options, 0, value);

    /// <summary>The text that <see cref="ValueParser"/> reads back to the same value.</summary>
    public static string Format(object? value) => value switch
    {
        null => "none",
        bool b => b ? "true" : "false",
        double.PositiveInfinity => "infinity",
        double.NegativeInfinity => "-infinity",
        (double low, double high) => $"{Format(low)},{Format(high)}",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        Enum e => KebabCase(e.ToString()),
        Array array => string.Join(',', array.Cast<object>().Select(Format)),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    public static string SnakeCase(string name) => Separate(name, '_');

    public static string KebabCase(string name) => Separate(name, '-');

    public static string KebabFromSnake(string key) => key.Replace('_', '-');

    private static IReadOnlyList<string> ChoicesOf(OptionAttribute attribute, SolverCatalogue solvers) =>
        attribute.ChoicesFrom is { } source ? [.. ((IOptionChoices)Activator.CreateInstance(source)!).In(solvers)] : attribute.Choices;

    private static void Collect(Type type, string prefix, List<PropertyInfo> path, List<OptionEntry> entries)
    {
        foreach (PropertyInfo property in Properties(type))
        {
            string key = prefix + SnakeCase(property.Name);
            if (IsGroup(property.PropertyType))
            {
                bool inline = property.GetCustomAttribute<InlineOptionsAttribute>() is not null;
                Collect(property.PropertyType, inline ? prefix : key + ".", [.. path, property], entries);
            }
            else if (property.GetCustomAttribute<OptionAttribute>() is { } attribute)
            {
                entries.Add(new OptionEntry(key, [.. path, property], attribute));
            }
        }
    }

    // Those of base records first, each in the order of declaration.
    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite && p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType)).ThenBy(p => p.MetadataToken);

    private static int Depth(Type? type) => type is null ? 0 : 1 + Depth(type.BaseType);

    private static bool IsGroup(Type type) =>
        !type.IsPrimitive && !type.IsEnum && !type.IsArray && type != typeof(string) && Nullable.GetUnderlyingType(type) is null
        && Properties(type).Any(p => p.GetCustomAttribute<OptionAttribute>() is not null || (p.PropertyType != type && IsGroup(p.PropertyType)));

    // Walks back up so that groups that are structures, which reflection boxes, are stored again.
    private void Write(object target, int depth, object? value)
    {
        if (depth < Path.Count - 1)
        {
            object group = Path[depth].GetValue(target)!;
            Write(group, depth + 1, value);
            value = group;
        }

        Path[depth].SetValue(target, value);
    }

    private static string Separate(string name, char separator)
    {
        StringBuilder text = new(name.Length + 8);
        for (int i = 0; i < name.Length; i++)
        {
            bool border = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (border)
            {
                text.Append(separator);
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
