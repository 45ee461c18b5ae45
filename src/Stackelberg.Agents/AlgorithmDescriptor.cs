namespace Stackelberg.Agents;

/// <summary>What the catalogue knows of an algorithm.</summary>
public sealed record AlgorithmDescriptor
{
    /// <summary>The id of the command line, such as <c>stac</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The full name.</summary>
    public required string Title { get; init; }

    /// <summary>A few lines: the idea and its main equation in plain text.</summary>
    public required string Summary { get; init; }

    /// <summary>Where it comes from.</summary>
    public required IReadOnlyList<string> References { get; init; }

    /// <summary>
    /// An options record with init properties marked <see cref="OptionAttribute"/>. Property types: bool, int, long, double, string, enumerations, these
    /// (but for string) with <c>?</c>, arrays of int, long, double or string, and nested records of the same kind. Every default lies in its own range.
    /// </summary>
    public required Type OptionsType { get; init; }

    /// <summary>Whether it learns for several agents, in environments of <see cref="Environments.MultiAgentCatalogue"/>; otherwise it learns for one.</summary>
    public bool IsMultiAgent { get; init; }

    /// <summary>Makes the default options where they are not those of a fresh <see cref="OptionsType"/>: ids that are one method in different forms.</summary>
    public Func<object>? Defaults { get; init; }

    /// <summary>Named sets of settings, such as <c>paper</c>; each a list of key and value as for <c>--set</c>.</summary>
    public IReadOnlyDictionary<string, AlgorithmPreset> Presets { get; init; } = new Dictionary<string, AlgorithmPreset>();

    /// <summary>Settings that differ from the defaults on an environment: environment id to list of key and value.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> EnvironmentPresets { get; init; } =
        new Dictionary<string, IReadOnlyList<KeyValuePair<string, string>>>();

    /// <summary>Builds the learner from an instance of <see cref="OptionsType"/>.</summary>
    public required Func<AlgorithmContext, object, IAlgorithm> Create { get; init; }

    /// <summary>The default options, fresh.</summary>
    public object CreateOptions() => Defaults?.Invoke() ?? Activator.CreateInstance(OptionsType)
        ?? throw new InvalidOperationException($"The options record {OptionsType.Name} needs a constructor without parameters.");

    /// <summary>Checks what ranges cannot say (combinations of options, action spaces); returns one message per fault, with the key first.</summary>
    public Func<object, IEnumerable<(string Key, string Message)>> Validate { get; init; } = static _ => [];

    /// <summary>Names settings that differ from their defaults and that nothing reads in this combination, with the key first; they are said, not refused.</summary>
    public Func<object, IEnumerable<(string Key, string Message)>> Unread { get; init; } = static _ => [];
}

/// <summary>A named set of settings.</summary>
/// <param name="Description">One line.</param>
/// <param name="Settings">Key and value, as for <c>--set</c>, on every environment.</param>
/// <param name="PerEnvironment">Further settings by environment id.</param>
public sealed record AlgorithmPreset(
    string Description,
    IReadOnlyList<KeyValuePair<string, string>> Settings,
    IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string>>>? PerEnvironment = null);
