using System.Reflection;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration;

/// <summary>
/// The options of environments, such as <c>terminate_when_unhealthy</c>: read, checked and described by the same rules as those of algorithms. In a
/// configuration they are the group <c>env_options</c>.
/// </summary>
public static class EnvironmentOptions
{
    /// <summary>The group of a configuration that holds them.</summary>
    public const string Group = "env_options";

    internal const string Prefix = Group + ".";

    private const string Flag = "--env-set";

    /// <summary>For <c>env show</c>: key, present value, what is allowed, description. Empty for null.</summary>
    /// <param name="options">What <see cref="EnvironmentCatalogue.OptionsOf"/> returned.</param>
    public static IReadOnlyList<(string Key, string Value, string Allowed, string Description)> Describe(object? options) => options is null
        ? []
        : [.. OptionEntry.Of(options).Select(e => (e.Key, OptionEntry.Format(e.Read(options)), ValueParser.Describe(e), e.Attribute.Description))];

    /// <summary>The catalogue in which an environment has options changed by texts <c>key=value</c>.</summary>
    /// <exception cref="ConfigurationException">With every fault found.</exception>
    public static EnvironmentCatalogue Apply(EnvironmentCatalogue catalogue, string id, IReadOnlyList<string> assignments) =>
        Apply(catalogue, catalogue.OptionsOf(id), id, assignments, (c, options) => c.WithOptions(id, options), c => c.Make(id));

    /// <inheritdoc cref="Apply(EnvironmentCatalogue, string, IReadOnlyList{string})"/>
    public static MultiAgentCatalogue Apply(MultiAgentCatalogue catalogue, string id, IReadOnlyList<string> assignments) =>
        Apply(catalogue, catalogue.OptionsOf(id), id, assignments, (c, options) => c.WithOptions(id, options), c => c.Make(id));

    /// <summary>The catalogue in which an environment has options changed by settings whose keys begin with <see cref="Prefix"/>.</summary>
    internal static EnvironmentCatalogue Apply(
        EnvironmentCatalogue catalogue, string id, IReadOnlyList<Setting> settings, List<ConfigurationError> errors) =>
        Apply(catalogue, catalogue.OptionsOf(id), id, settings, errors, (c, options) => c.WithOptions(id, options), c => c.Make(id));

    /// <summary>Reads texts <c>key=value</c> into settings, each with <paramref name="prefix"/> before its key.</summary>
    internal static IEnumerable<Setting> Read(IReadOnlyList<string> assignments, string flag, string prefix, List<ConfigurationError> errors)
    {
        SettingOrigin origin = new(SettingLayer.Set, flag);
        HashSet<string> keys = [];
        foreach (string text in assignments)
        {
            if (Setting.FromAssignment(text) is not { } setting)
            {
                string example = prefix.Length > 0 ? "terminate_when_unhealthy=false" : "gamma=0.99";
                errors.Add(new ConfigurationError(
                    origin, "", $"'{Quoted.Short(text)}' is not an assignment", $"{flag} key=value",
                    text.StartsWith('-') ? $"'{text}' is no flag either: --help lists them" : $"write for example {flag} {example}"));
            }
            else if (!keys.Add(setting.Key))
            {
                errors.Add(new ConfigurationError(origin, setting.Key, $"'{setting.Key}' is set twice", "each key once", "remove one of the two"));
            }
            else
            {
                yield return setting with { Key = prefix + setting.Key, Origin = origin };
            }
        }
    }

    private static TCatalogue Apply<TCatalogue>(
        TCatalogue catalogue, object? present, string id, IReadOnlyList<string> assignments, Func<TCatalogue, object, TCatalogue> with, Func<TCatalogue, IDisposable> make)
    {
        List<ConfigurationError> errors = [];
        IReadOnlyList<Setting> settings = [.. Read(assignments, Flag, Prefix, errors)];
        TCatalogue changed = Apply(catalogue, present, id, settings, errors, with, make);
        return errors.Count == 0 ? changed : throw new ConfigurationException(errors);
    }

    private static TCatalogue Apply<TCatalogue>(
        TCatalogue catalogue, object? present, string id, IReadOnlyList<Setting> settings, List<ConfigurationError> errors,
        Func<TCatalogue, object, TCatalogue> with, Func<TCatalogue, IDisposable> make)
    {
        if (settings.Count == 0)
        {
            return catalogue;
        }

        int before = errors.Count;
        object? options = present is null ? null : OptionEntry.WithOwnGroups(OptionEntry.Copy(present));
        IReadOnlyList<OptionEntry> entries = options is null ? [] : OptionEntry.Of(options);
        foreach (Setting setting in settings)
        {
            if (Fault(id, entries, options, setting) is { } fault)
            {
                errors.Add(fault);
            }
        }

        if (errors.Count > before)
        {
            return catalogue;
        }

        TCatalogue changed = with(catalogue, options!);
        try
        {
            IDisposable? made = null;
            try
            {
                made = make(changed);
            }
            catch (EnvironmentException refused) when (refused.InnerException is ArgumentException reason)
            {
                Setting last = settings[^1];
                errors.Add(new ConfigurationError(last.Origin, last.Key, $"the options of '{id}' make no environment: {ExceptionText.Of(reason)}", "options that go together", Show(id)));
            }

            made?.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // the environment's own trouble, such as a missing engine: whoever plays it will say so, and a configuration can be read without
        }

        return changed;
    }

    private static ConfigurationError? Fault(string id, IReadOnlyList<OptionEntry> entries, object? options, Setting setting)
    {
        string key = setting.Key[Prefix.Length..];
        if (entries.FirstOrDefault(e => e.Key == key) is not { } entry)
        {
            string? nearest = Suggestions.Nearest(key, entries.Select(e => e.Key));
            return new ConfigurationError(
                setting.Origin, setting.Key, $"'{id}' has no option '{Quoted.Short(key)}' (given '{Quoted.Short(setting.Text)}')", entries.Count == 0 ? $"no option: {id} has none" : string.Join(", ", entries.Select(e => e.Key)),
                nearest is null ? entries.Count == 0 ? "remove it" : Show(id) : $"did you mean '{nearest}'?");
        }

        if (!ValueParser.TryParse(entry, setting, out object? value))
        {
            string? nearest = Suggestions.Nearest(setting.Text, ValueParser.Choices(entry));
            return new ConfigurationError(
                setting.Origin, setting.Key, $"'{key}' of '{id}' cannot be '{Quoted.Short(setting.Text)}'", ValueParser.Describe(entry),
                nearest is null ? $"set {key} to an allowed value" : $"did you mean '{nearest}'?");
        }

        try
        {
            entry.Write(options!, value);
            return null;
        }
        catch (TargetInvocationException e) when (e.InnerException is ArgumentException refused)
        {
            // a record of the user's own may be stricter than its attributes say
            return new ConfigurationError(setting.Origin, setting.Key, $"'{key}' of '{id}' cannot be '{Quoted.Short(setting.Text)}': {refused.Message}", ValueParser.Describe(entry), Show(id));
        }
    }

    private static string Show(string id) => $"'stackelberg env show {ShellText.Path(id)}' lists its options";
}
