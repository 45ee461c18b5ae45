using System.Globalization;
using System.Text;
using Stackelberg.Agents;
using Stackelberg.Environments;

namespace Stackelberg.Experiments.Configuration;

/// <summary>One value of a resolved configuration.</summary>
/// <param name="Key">Dotted key.</param>
/// <param name="Text">The value as text; reading it gives the value again.</param>
/// <param name="IsList">Whether the text is a list with commas between.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Description">One line.</param>
public sealed record ResolvedValue(string Key, string Text, bool IsList, SettingOrigin Origin, string Description);

/// <summary>A configuration with nothing left open.</summary>
public sealed class ResolvedConfiguration
{
    internal ResolvedConfiguration(
        AlgorithmDescriptor algorithm, EnvironmentCatalogue environments, RunSettings run, object options, IReadOnlyList<ResolvedValue> values)
    {
        Algorithm = algorithm;
        Environments = environments;
        Run = run;
        Options = options;
        Values = values;
    }

    /// <summary>The algorithm.</summary>
    public AlgorithmDescriptor Algorithm { get; }

    /// <summary>The catalogue, plug-ins included; it contains <see cref="RunSettings.Env"/>.</summary>
    public EnvironmentCatalogue Environments { get; }

    /// <summary>The file that holds the environment; null where an id names it. <see cref="RunSettings.Env"/> is then the file's name.</summary>
    public EnvironmentFile? EnvironmentFile { get; init; }

    /// <summary>The run-level values.</summary>
    public RunSettings Run { get; }

    /// <summary>An instance of the algorithm's options record.</summary>
    public object Options { get; }

    /// <summary>Every value with its origin: run-level keys first, then the algorithm's in the order of its record.</summary>
    public IReadOnlyList<ResolvedValue> Values { get; }

    /// <summary>Whether options of the environment were given, and may be other than those of its registration.</summary>
    public bool HasEnvironmentOptions => Values.Any(v => v.Key.StartsWith(EnvironmentOptions.Prefix, StringComparison.Ordinal) && v.Origin != SettingOrigin.Default);

    /// <summary>
    /// The same configuration for one of its seeds, as its folder keeps it: however many seeds a command names, each writes the same. A file with the
    /// environment is named by the folder's own copy.
    /// </summary>
    public ResolvedConfiguration ForSeed(long seed) => new(
        Algorithm, Environments, Run with { Seeds = [seed] }, Options,
        [.. Values.Select(v => v.Key switch
        {
            "seeds" => v with { Text = seed.ToString(CultureInfo.InvariantCulture) },
            "env" when EnvironmentFile is { } file => v with { Text = $"{ConfigurationResolver.FileFolder}/{file.Name}" },
            _ => v,
        })])
    {
        EnvironmentFile = EnvironmentFile,
    };

    /// <summary>
    /// The configuration as YAML. Used as a file it resolves to the same values, whatever the defaults and presets are then.
    /// </summary>
    /// <param name="origins">Whether each line ends in a comment that names the origin.</param>
    public string ToYaml(bool origins = true)
    {
        StringBuilder text = new();
        string[] open = [];
        foreach (ResolvedValue value in Values)
        {
            string[] parts = value.Key.Split('.');
            int shared = 0;
            while (shared < parts.Length - 1 && shared < open.Length && parts[shared] == open[shared])
            {
                shared++;
            }

            for (int depth = shared; depth < parts.Length - 1; depth++)
            {
                text.Append(' ', 2 * depth).Append(parts[depth]).Append(":\n");
            }

            open = parts[..^1];
            text.Append(' ', 2 * open.Length).Append(parts[^1]).Append(": ").Append(Write(value));
            if (origins)
            {
                text.Append(CultureInfo.InvariantCulture, $"  # {value.Origin}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Write(ResolvedValue value)
    {
        if (!value.IsList)
        {
            return Quote(value.Text);
        }

        return value.Text.Length == 0 ? "[]" : "[" + string.Join(", ", value.Text.Split(',').Select(Quote)) + "]";
    }

    // Plain where YAML cannot read it as anything else; double quotes with escapes otherwise.
    private static string Quote(string text)
    {
        bool plain = text.Length > 0
            && (char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.' or '-' or '_')
            && text is not "-" and not "---"
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+');
        return plain ? text : "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + "\"";
    }
}
