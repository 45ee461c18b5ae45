using System.Collections;
using System.Reflection;

namespace Stackelberg.Agents.Internals;

/// <summary>Finds what would make an algorithm impossible to configure, before a user meets it as a riddle.</summary>
internal static class DescriptorCheck
{
    private const string Kinds = "bool, int, long, double, string, enumerations, these with '?', arrays of int, long, double or string, and records of such properties";

    /// <summary>The first fault in words, or null.</summary>
    public static string? Fault(AlgorithmDescriptor descriptor) => MissingPart(descriptor) ?? OptionsFault(descriptor);

    private static string? MissingPart(AlgorithmDescriptor descriptor)
    {
        string? part = string.IsNullOrWhiteSpace(descriptor.Title) ? nameof(descriptor.Title)
            : string.IsNullOrWhiteSpace(descriptor.Summary) ? nameof(descriptor.Summary)
            : descriptor.References is null ? nameof(descriptor.References)
            : descriptor.OptionsType is null ? nameof(descriptor.OptionsType)
            : descriptor.Create is null ? nameof(descriptor.Create)
            : descriptor.Validate is null ? nameof(descriptor.Validate)
            : descriptor.Presets is null || descriptor.Presets.Values.Any(p => p is null || p.Settings is null || p.Description is null) ? nameof(descriptor.Presets)
            : descriptor.EnvironmentPresets is null || descriptor.EnvironmentPresets.Values.Any(p => p is null) ? nameof(descriptor.EnvironmentPresets)
            : null;
        return part is null ? null : $"its {part} is missing or has a missing part.";
    }

    private static string? OptionsFault(AlgorithmDescriptor descriptor)
    {
        object options;
        try
        {
            options = descriptor.CreateOptions();
            if (!descriptor.OptionsType.IsInstanceOfType(options))
            {
                return $"{nameof(descriptor.Defaults)} makes {options.GetType().Name}, not {descriptor.OptionsType.Name}.";
            }

            if (!options.GetType().IsValueType && ReferenceEquals(options, descriptor.CreateOptions()))
            {
                return $"{nameof(descriptor.Defaults)} returns the same object twice, so that one run's settings would be another's; make a fresh record each time.";
            }
        }
        catch (Exception e)
        {
            Exception cause = (e as TargetInvocationException)?.InnerException ?? e;
            return $"its options record {descriptor.OptionsType.Name} cannot be made, which takes a public constructor without parameters: {cause.Message}";
        }

        return RecordFault(options, "", []);
    }

    private static string? RecordFault(object record, string prefix, IReadOnlyList<Type> outer)
    {
        Type type = record.GetType();
        if (outer.Contains(type))
        {
            return $"its options record {type.Name} contains itself.";
        }

        PropertyInfo[] properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0)];
        foreach (PropertyInfo property in properties)
        {
            string name = prefix + property.Name;
            OptionAttribute? attribute = property.GetCustomAttribute<OptionAttribute>();
            if (!property.CanWrite)
            {
                if (attribute is not null)
                {
                    return $"its option {name} cannot be set; give it an init accessor.";
                }

                continue;
            }

            object? value;
            try
            {
                value = property.GetValue(record);
            }
            catch (TargetInvocationException e)
            {
                return $"its option {name} cannot be read: {e.InnerException!.Message}";
            }

            string? fault = attribute is not null && IsValue(property.PropertyType) ? ValueFault(property.PropertyType, attribute, value) is { } wrong ? $"its option {name} {wrong}" : null
                : attribute is not null ? $"its option {name} is of type {Name(property.PropertyType)}; there are {Kinds}."
                : IsValue(property.PropertyType) || !HasOptions(property.PropertyType, []) ? $"its property {name} has no [Option]; describe it, or leave out its set or init accessor."
                : value is null ? $"its group {name} is null; begin with a fresh record."
                : RecordFault(value, name + ".", [.. outer, type]);
            if (fault is not null)
            {
                return fault;
            }
        }

        return null;
    }

    private static bool IsValue(Type type) => Nullable.GetUnderlyingType(type) is { } inner
        ? IsScalar(inner)
        : IsScalar(type) || type == typeof(string) || type == typeof(int[]) || type == typeof(long[]) || type == typeof(double[]) || type == typeof(string[]);

    private static bool IsScalar(Type type) =>
        type.IsEnum || type == typeof(bool) || type == typeof(int) || type == typeof(long) || type == typeof(double);

    // a type seen already has been answered on the way, or is being answered
    private static bool HasOptions(Type type, HashSet<Type> seen) => !IsValue(type) && !type.IsPrimitive && !type.IsArray && seen.Add(type)
        && type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Any(p => p.CanWrite && p.GetIndexParameters().Length == 0 && (p.GetCustomAttribute<OptionAttribute>() is not null || HasOptions(p.PropertyType, seen)));

    private static string? ValueFault(Type type, OptionAttribute attribute, object? value)
    {
        if (attribute.ChoicesFrom is { } source && (source.IsAbstract || !typeof(IOptionChoices).IsAssignableFrom(source) || source.GetConstructor(Type.EmptyTypes) is null))
        {
            return $"takes its choices from {source.Name}, which has to be a class that implements {nameof(IOptionChoices)} and has a public constructor without parameters.";
        }

        if (attribute.Description is null || attribute.Choices is null)
        {
            return "has no description, or null for its choices.";
        }

        if (type != typeof(string) && (attribute.Choices.Length > 0 || attribute.ChoicesFrom is not null))
        {
            return $"is of type {Name(type)}, but only texts have choices.";
        }

        // what is written to config.yml has to be accepted when a run is resumed
        return OptionsCheck.IsAllowed(type, attribute, value)
            ? null
            : $"has a default that it does not accept: {(value is IEnumerable and not string ? "an element is out of range" : value ?? "null")}.";
    }

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? inner.Name + "?" : type.Name;
}
