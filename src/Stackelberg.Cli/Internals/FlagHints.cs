using System.CommandLine;
using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Internals;

/// <summary>Says what an unknown flag of a verb with settings was probably meant to be: a setting of the algorithm, an option of the environment, or another flag.</summary>
internal sealed class FlagHints
{
    private readonly IReadOnlyList<string> flags;
    private readonly AlgorithmDescriptor? algorithm;
    private readonly IReadOnlyList<string> keys;
    private readonly IReadOnlyList<string> environmentKeys;

    private FlagHints(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        flags = [.. command.Options.Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))];
        string? id = Given(parsed, "--algo").LastOrDefault() ?? (Given(parsed, "--config").LastOrDefault() is { } file ? AlgorithmIn(file) : null);
        Catalogues catalogues = Load(Given(parsed, "--plugin"));
        algorithm = id is null ? null : catalogues.Algorithms.Find(id);
        keys = algorithm is null ? [] : KeysOf(algorithm);
        EnvironmentCatalogue environments = catalogues.All();
        string? environment = Given(parsed, "--env").LastOrDefault();
        environmentKeys = environment is not null && environments.Contains(environment)
            ? [.. EnvironmentOptions.Describe(environments.OptionsOf(environment)).Select(o => o.Key)]
            : [];
    }

    /// <summary>One pair of unknown flag and next step for each flag that the verb does not know; empty for verbs without settings.</summary>
    public static IReadOnlyList<(string Flag, string Next)> For(ParseResult parsed)
    {
        if (!parsed.CommandResult.Command.Options.Any(o => o.Name == "--set"))
        {
            return [];
        }

        // what follows the settings of --set is taken for one more of them by the parser
        string[] tokens = [.. Swallowed(parsed, "--set"), .. Swallowed(parsed, "--env-set"), .. parsed.UnmatchedTokens];
        if (!tokens.Any(IsFlag))
        {
            return [];
        }

        FlagHints hints = new(parsed);
        List<(string, string)> found = [];
        for (int i = 0; i < tokens.Length; i++)
        {
            if (!IsFlag(tokens[i]))
            {
                continue;
            }

            string[] parts = tokens[i].Split('=', 2);
            string? value = parts.Length == 2 ? parts[1] : i + 1 < tokens.Length && !IsFlag(tokens[i + 1]) ? tokens[i + 1] : null;
            found.Add((parts[0], hints.Next(parts[0], value)));
        }

        return found;
    }

    private static Catalogues Load(string[] plugins)
    {
        try
        {
            return Catalogues.Load(plugins);
        }
        catch (PluginException)
        {
            // said once the flags are right
            return Catalogues.Load([]);
        }
    }

    private static IEnumerable<string> Swallowed(ParseResult parsed, string option) => Given(parsed, option).SkipWhile(t => !IsFlag(t));

    // what was written, without asking the parser for a value: it has none where one is missing
    private static string[] Given(ParseResult parsed, string option) => [.. parsed.GetResult(option)?.Tokens.Select(t => t.Value) ?? []];

    // numbers below 0 are none
    private static bool IsFlag(string token) => token.Length > 1 && token[0] == '-' && !char.IsAsciiDigit(token[1]) && token[1] != '.';

    private string Next(string flag, string? value)
    {
        string name = flag.TrimStart('-').Replace('-', '_').ToLowerInvariant();
        string help = algorithm is null ? "'stackelberg algo show ALGO' lists the settings" : $"'stackelberg algo show {algorithm.Id}' lists the settings";
        if (FlagAliases.Flags.TryGetValue(name, out string? other))
        {
            return $"write {other} {Shown(value)}";
        }

        if (Exact(name, keys) is { Count: > 0 } own)
        {
            return $"write {Settings(name, own, value)}; {help}";
        }

        if (environmentKeys.Contains(name))
        {
            return $"write --env-set {name}={Shown(value)}";
        }

        if (Elsewhere(name, value) is { } elsewhere)
        {
            return elsewhere;
        }

        if (FlagAliases.Absent.TryGetValue(name, out string? why))
        {
            return why;
        }

        if (Suggestions.Nearest(flag, flags) is { } nearestFlag)
        {
            return $"did you mean '{nearestFlag}'? --help shows all";
        }

        if (Near(name, keys) is { Count: > 0 } near)
        {
            return $"did you mean {Settings(name, near, value)}? {help}";
        }

        // keys of other algorithms are no advice for this one
        return Suggestions.Nearest(name, environmentKeys) is { } option ? $"did you mean --env-set {option}={Shown(value)}?"
            : algorithm is null && Near(name, [.. AlgorithmCatalogue.BuiltIn.All.SelectMany(KeysOf).Distinct()]) is { Count: > 0 } any ? $"did you mean {Settings(name, any, value)}? {help}"
            : $"settings are given by --set KEY=VALUE; {help}";
    }

    /// <summary>The settings of other algorithms that have this very name.</summary>
    private string? Elsewhere(string name, string? value)
    {
        // methods for several agents are no advice for one
        AlgorithmDescriptor[] kin = [.. AlgorithmCatalogue.BuiltIn.All.Where(a => a.IsMultiAgent == (algorithm?.IsMultiAgent ?? false))];
        (string Id, IReadOnlyList<string> Keys)[] others = [.. kin.Select(a => (a.Id, Exact(name, KeysOf(a)))).Where(a => a.Item2.Count > 0)];
        if (others.Length == 0)
        {
            return null;
        }

        string settings = Settings(name, [.. others.SelectMany(o => o.Keys).Distinct()], value);
        string ids = string.Join(", ", others.Select(o => o.Id));
        return algorithm is not null ? $"leave it out, since {algorithm.Id} has no such setting; with {ids} write {settings}"
            : others.Length == kin.Length ? $"write {settings}"
            : $"write {settings} with --algo {(others.Length > 1 ? "one of " : "")}{ids}";
    }

    private static string Shown(string? value) => value is null ? "…" : ShellText.Word(value);

    private static string Settings(string name, IReadOnlyList<string> keys, string? value)
    {
        string text = Shown(value);
        if (keys.Any(k => FlagAliases.Complements.TryGetValue(name, out string? key) && key == k))
        {
            text = value is not null && NumberText.TryReal(value, out double given)
                ? ((double)(1 - (decimal)Math.Clamp(given, -1e6, 1e6))).ToString("R", CultureInfo.InvariantCulture) + $" (1 − {name})"
                : $"… (1 − {name})";
        }

        string[] settings = [.. keys.Select(k => $"--set {k}={text}")];
        return settings.Length switch
        {
            1 => settings[0],
            2 => $"{settings[0]}, {settings[1]}, or both",
            _ => string.Join(", ", settings) + ", or several",
        };
    }

    /// <summary>Keys that are called so, with their group or without, here or in other programs.</summary>
    private static IReadOnlyList<string> Exact(string name, IReadOnlyList<string> keys)
    {
        string meaning = FlagAliases.Keys.GetValueOrDefault(name, name);
        return keys.Contains(meaning) ? [meaning] : [.. keys.Where(k => k.Replace('.', '_') == name || LastPart(k) == meaning)];
    }

    private static IReadOnlyList<string> Near(string name, IReadOnlyList<string> keys) =>
        Suggestions.Nearest(name, keys) is not { } nearest ? []
        : name.Contains('.', StringComparison.Ordinal) ? [nearest]
        : [.. keys.Where(k => k == nearest || (nearest.Contains('.', StringComparison.Ordinal) && LastPart(k) == LastPart(nearest)))];

    private static string LastPart(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static IReadOnlyList<string> KeysOf(AlgorithmDescriptor algorithm) => [.. ConfigurationResolver.Describe(algorithm, SolverCatalogue.BuiltIn).Select(o => o.Key)];

    // Enough to know whose settings are meant; the file is read in earnest once the flags are right.
    private static string? AlgorithmIn(string file)
    {
        try
        {
            string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("algo:", StringComparison.Ordinal));
            return line?["algo:".Length..].Split('#')[0].Trim().Trim('"', '\'');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
