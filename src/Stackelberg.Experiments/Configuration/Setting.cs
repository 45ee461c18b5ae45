namespace Stackelberg.Experiments.Configuration;

/// <summary>The layers of a configuration; a later one wins.</summary>
public enum SettingLayer
{
    /// <summary>Built in.</summary>
    Default,

    /// <summary>Default of the algorithm.</summary>
    Algorithm,

    /// <summary>The algorithm's settings for this environment.</summary>
    EnvironmentPreset,

    /// <summary>A preset asked for by name.</summary>
    Preset,

    /// <summary>A configuration file.</summary>
    File,

    /// <summary><c>--set key=value</c> or <c>--env-set key=value</c>.</summary>
    Set,

    /// <summary>A flag of its own, such as <c>--seeds</c>.</summary>
    Flag,
}

/// <summary>Where a value came from.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Name">The algorithm, preset, file or flag; empty for built-in defaults.</param>
/// <param name="Line">Line in a file, from 1; 0 elsewhere.</param>
/// <param name="Column">Column in a file, from 1; 0 elsewhere.</param>
public readonly record struct SettingOrigin(SettingLayer Layer, string Name, long Line = 0, long Column = 0)
{
    /// <summary>Built-in default.</summary>
    public static SettingOrigin Default => new(SettingLayer.Default, "");

    /// <inheritdoc/>
    public override string ToString() => Layer switch
    {
        SettingLayer.Default => "default",
        SettingLayer.Algorithm => $"algorithm {Name}",
        SettingLayer.EnvironmentPreset => $"environment preset {Name}",
        SettingLayer.Preset => $"preset {Name}",
        SettingLayer.File when Line > 0 => $"{Name}:{Line}:{Column}",
        _ => Name,
    };
}

/// <summary>A value as it was written: one text, or a list of texts.</summary>
/// <param name="Key">Dotted key.</param>
/// <param name="Text">The text; for a list its items with commas between.</param>
/// <param name="Items">The items of a list; null for one text.</param>
/// <param name="Origin">Where it was written.</param>
public sealed record Setting(string Key, string Text, IReadOnlyList<string>? Items, SettingOrigin Origin)
{
    /// <summary>A setting of one text.</summary>
    public Setting(string key, string text, SettingOrigin origin)
        : this(key, text, null, origin)
    {
    }

    /// <summary>Reads <c>key=value</c>.</summary>
    /// <returns>Null when there is no equals sign or no key.</returns>
    public static Setting? FromAssignment(string assignment)
    {
        int at = assignment.IndexOf('=', StringComparison.Ordinal);
        return at <= 0
            ? null
            : new Setting(assignment[..at].Trim(), assignment[(at + 1)..].Trim(), new SettingOrigin(SettingLayer.Set, "--set"));
    }
}
