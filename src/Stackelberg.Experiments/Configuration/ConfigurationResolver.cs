using System.Reflection;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration.Internals;

namespace Stackelberg.Experiments.Configuration;

/// <summary>
/// Puts the layers of a configuration together: defaults, then the algorithm's, its settings for the environment, a preset, a file,
/// <c>--set</c>, flags; the later wins.
/// </summary>
public sealed partial class ConfigurationResolver
{
    private static readonly IReadOnlyList<OptionEntry> RunEntries = OptionEntry.Of(typeof(RunSettings));

    private const int MostFaults = 20;

    private readonly ConfigurationRequest request;
    private readonly List<ConfigurationError> errors = [];
    private readonly List<Setting> given = [];
    private readonly Dictionary<string, SettingOrigin> origins = new(StringComparer.Ordinal);
    private bool isPluginMissing;

    private ConfigurationResolver(ConfigurationRequest request) => this.request = request;

    /// <summary>Keys that every run has, whatever the algorithm.</summary>
    public static IReadOnlyList<string> RunKeys { get; } = [.. RunEntries.Select(e => e.Key)];

    /// <summary>Resolves.</summary>
    /// <exception cref="ConfigurationException">With every fault found, in the order of the sources.</exception>
    public static ResolvedConfiguration Resolve(ConfigurationRequest request) => new ConfigurationResolver(request).Resolve();

    /// <summary>The options of an algorithm for <c>algo show</c>: key, default, what is allowed, description.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="solvers">The linear solvers that its options may name.</param>
    public static IReadOnlyList<(string Key, string Default, string Allowed, string Description)> Describe(AlgorithmDescriptor algorithm, SolverCatalogue solvers)
    {
        object defaults = algorithm.CreateOptions();
        return [.. OptionEntry.Of(defaults, solvers).Select(e =>
            (e.Key, OptionEntry.Format(e.Read(defaults)), ValueParser.Describe(e), e.Attribute.Description))];
    }

    private ResolvedConfiguration Resolve()
    {
        ReadSources();
        RunSettings run = new();
        IReadOnlyList<Setting> runSettings = [.. given.Where(s => RunKeys.Contains(s.Key))];
        Apply(RunEntries, run, runSettings);
        EnvironmentCatalogue environments = Catalogue(request.Environments, run);
        AlgorithmCatalogue algorithms = Catalogue(request.Algorithms, run);
        SolverCatalogue solvers = Catalogue(request.Solvers, run);
        AlgorithmDescriptor? algorithm = Algorithm(run, algorithms);
        // others may be resolved from the same catalogue, on a file of this name too
        environments = environments.Copy();
        EnvironmentFile? file = FileOf(run, environments);
        string environment = file?.Name ?? run.Env;
        CheckEnvironment(run, environments);
        environments = SetOptions(environments, environment);
        CheckSeeds(run);
        CheckOut(run);
        object? options = null;
        IReadOnlyList<OptionEntry> entries = [];
        if (algorithm is not null)
        {
            options = OptionEntry.WithOwnGroups(algorithm.CreateOptions());
            entries = OptionEntry.Of(options, solvers);
            CheckNames(algorithm, entries);
            CheckAgents(algorithm, algorithms, environments, file, run);
            ApplyPresets(algorithm, run, entries, options);
            CheckKeys(algorithm, entries, algorithms, OptionKeys(environments, environment));
            Apply(entries, options, [.. given.Where(s => !RunKeys.Contains(s.Key) && entries.Any(e => e.Key == s.Key))]);
            // Applied again: presets may set run-level keys too, and what was given explicitly stays above them. Its faults are reported already.
            List<ConfigurationError> reported = [.. errors];
            Apply(RunEntries, run, runSettings);
            errors.Clear();
            errors.AddRange(reported);
            if (errors.Count == 0)
            {
                CheckCombinations(algorithm, algorithms, options);
            }
        }

        if (errors.Count > 0)
        {
            throw new ConfigurationException([.. Shown()]);
        }

        return new ResolvedConfiguration(
            algorithm!, environments, algorithms, solvers, run with { Env = environment }, options!,
            [.. Values(RunEntries, file is null ? run : run with { Env = file.SourcePath }, null), .. OptionValues(environments, environment), .. Values(entries, options!, algorithm!.Id)])
        {
            Unread = [.. Unread(algorithm, options!)],
            EnvironmentFile = file,
        };
    }

    // a wrong file has thousands
    private IEnumerable<ConfigurationError> Shown() => errors.Count <= MostFaults
        ? errors
        : errors.Take(MostFaults).Append(new ConfigurationError(
            errors[MostFaults].Origin, "", $"{errors.Count - MostFaults} more faults, from here on, are not listed", "what is said above", "mend those above and try again"));

    private void ReadSources()
    {
        if (request.File is { } file)
        {
            // without the file nobody knows what else is missing
            given.AddRange(YamlSettings.Read(file, errors) ?? throw new ConfigurationException([.. Shown()]));
        }

        given.AddRange(EnvironmentOptions.Read(request.Assignments, "--set", "", errors));
        given.AddRange(EnvironmentOptions.Read(request.EnvironmentAssignments, "--env-set", EnvironmentOptions.Prefix, errors));
        given.AddRange(request.Flags.Select(f => new Setting(f.Key, f.Value, new SettingOrigin(SettingLayer.Flag, "--" + OptionEntry.KebabFromSnake(f.Key)))));
        if (request.Plugins.Count > 0)
        {
            given.Add(new Setting("plugins", string.Join(',', request.Plugins), request.Plugins, new SettingOrigin(SettingLayer.Flag, "--plugin")));
        }
    }

    private void Apply(IReadOnlyList<OptionEntry> entries, object target, IReadOnlyList<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            OptionEntry entry = entries.First(e => e.Key == setting.Key);
            if (ValueParser.TryParse(entry, setting, out object? value))
            {
                origins[entry.Key] = setting.Origin;
                Write(entry, target, value, setting);
                continue;
            }

            string? nearest = Suggestions.Nearest(setting.Text, ValueParser.Choices(entry));
            Fault(
                setting.Origin, setting.Key, $"'{setting.Key}' cannot be '{Quoted.Short(setting.Text)}'", ValueParser.Describe(entry, setting),
                nearest is null ? $"set {setting.Key} to an allowed value" : $"did you mean '{nearest}'?");
        }
    }

    // The accessors of an options record may be a plug-in's code.
    private void Write(OptionEntry entry, object target, object? value, Setting setting)
    {
        try
        {
            entry.Write(target, value);
        }
        catch (TargetInvocationException e)
        {
            Fault(
                setting.Origin, setting.Key, $"'{setting.Key}' cannot be '{Quoted.Short(setting.Text)}': {e.InnerException!.Message}", ValueParser.Describe(entry),
                $"set {setting.Key} to a value that the algorithm takes");
        }
    }

    private TCatalogue Catalogue<TCatalogue>(Func<IReadOnlyList<string>, TCatalogue> make, RunSettings run)
    {
        try
        {
            return make(isPluginMissing ? [] : run.Plugins);
        }
        catch (PluginException e)
        {
            // one fault for all catalogues
            isPluginMissing = true;
            Fault(origins["plugins"], "plugins", e.Message, PluginException.Allowed, PluginException.Next);
            return make([]);
        }
    }

    private AlgorithmDescriptor? Algorithm(RunSettings run, AlgorithmCatalogue algorithms)
    {
        if (algorithms.Find(run.Algo) is { } found)
        {
            return found;
        }

        CheckId("algo", run.Algo, "algorithm", [.. algorithms.All.Select(a => a.Id)], "stackelberg algo list");
        return null;
    }

    // Faults of a plug-in: its author gave two settings one key.
    private void CheckNames(AlgorithmDescriptor algorithm, IReadOnlyList<OptionEntry> entries)
    {
        string? twice = entries.Select(e => e.Key).FirstOrDefault(RunKeys.Contains) ?? entries.GroupBy(e => e.Key).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            Fault(
                new SettingOrigin(SettingLayer.Algorithm, algorithm.Id), twice, $"the options record of '{algorithm.Id}' has a key '{twice}' that is taken",
                "keys of its own, other than those of runs", "rename the property in the plug-in");
        }
    }

    private void CheckId(string key, string id, string kind, IReadOnlyList<string> ids, string verb)
    {
        if (isPluginMissing && id.Length > 0)
        {
            // most likely the plug-in's, whose fault is reported
            return;
        }

        SettingOrigin origin = origins.GetValueOrDefault(key, new SettingOrigin(SettingLayer.Flag, "--" + key));
        string? nearest = Suggestions.Nearest(id, ids);
        Fault(
            origin, key, id.Length == 0 ? $"no {kind} is given" : $"unknown {kind} '{Quoted.Short(id)}'", string.Join(", ", ids),
            nearest is not null ? $"did you mean '{nearest}'? '{verb}' shows all" : $"choose one with --{key}; '{verb}' shows all");
    }

    private void CheckSeeds(RunSettings run)
    {
        if (run.Seeds.Length == 0 || run.Seeds.Distinct().Count() != run.Seeds.Length)
        {
            Fault(
                origins["seeds"], "seeds", run.Seeds.Length == 0 ? "no seed is given" : $"a seed is given twice in '{OptionEntry.Format(run.Seeds)}'",
                "distinct integers ≥ 0, such as 0..4 or 1,2,5", "give each seed once");
        }
    }

    private void CheckOut(RunSettings run)
    {
        if (run.Out.Length == 0)
        {
            Fault(origins["out"], "out", "no folder for the runs is given", "the path of a folder; it is made if missing", "leave it out for 'runs'");
        }
    }

    private void ApplyPresets(AlgorithmDescriptor algorithm, RunSettings run, IReadOnlyList<OptionEntry> entries, object options)
    {
        if (algorithm.EnvironmentPresets.TryGetValue(run.Env, out IReadOnlyList<KeyValuePair<string, string>>? own))
        {
            ApplyPreset(own, new SettingOrigin(SettingLayer.EnvironmentPreset, run.Env), run, entries, options);
        }

        if (run.Preset.Length == 0)
        {
            return;
        }

        if (!algorithm.Presets.TryGetValue(run.Preset, out AlgorithmPreset? preset))
        {
            string? nearest = Suggestions.Nearest(run.Preset, algorithm.Presets.Keys);
            Fault(
                origins["preset"], "preset", $"{algorithm.Id} has no preset '{Quoted.Short(run.Preset)}'",
                algorithm.Presets.Count == 0 ? "no preset for this algorithm" : string.Join(", ", algorithm.Presets.Keys),
                nearest is null ? $"'stackelberg algo show {algorithm.Id}' lists them" : $"did you mean '{nearest}'?");
            return;
        }

        if (request.IsRecord)
        {
            return;
        }

        ApplyPreset(preset.Settings, new SettingOrigin(SettingLayer.Preset, run.Preset), run, entries, options);
        if (preset.PerEnvironment?.TryGetValue(run.Env, out IReadOnlyList<KeyValuePair<string, string>>? further) == true)
        {
            ApplyPreset(further, new SettingOrigin(SettingLayer.Preset, $"{run.Preset} ({run.Env})"), run, entries, options);
        }
    }

    // A preset is part of the product: a fault in it is ours and is reported like the user's, never passed over.
    private void ApplyPreset(
        IReadOnlyList<KeyValuePair<string, string>> settings, SettingOrigin origin, RunSettings run, IReadOnlyList<OptionEntry> entries, object options)
    {
        foreach (KeyValuePair<string, string> pair in settings)
        {
            Setting setting = new(pair.Key, pair.Value, origin);
            if (RunKeys.Contains(pair.Key))
            {
                Apply(RunEntries, run, [setting]);
            }
            else if (entries.Any(e => e.Key == pair.Key))
            {
                Apply(entries, options, [setting]);
            }
            else
            {
                Fault(origin, pair.Key, $"unknown key '{pair.Key}'", "keys of the algorithm", "this preset is at fault, please report it");
            }
        }
    }

    private void CheckKeys(
        AlgorithmDescriptor algorithm, IReadOnlyList<OptionEntry> entries, AlgorithmCatalogue algorithms, IEnumerable<string> environmentKeys)
    {
        HashSet<string> keys = [.. RunKeys, .. environmentKeys, .. entries.Select(e => e.Key)];
        Lazy<IReadOnlyList<(string Id, HashSet<string> Keys)>> all = new(() =>
            [.. algorithms.All.Where(a => a.IsMultiAgent == algorithm.IsMultiAgent).Select(a => (a.Id, OptionEntry.Of(a.CreateOptions(), SolverCatalogue.BuiltIn).Select(e => e.Key).ToHashSet()))]);
        foreach (Setting setting in given.Where(s => !keys.Contains(s.Key) && !IsEnvironmentOption(s)))
        {
            // what is not listed needs no advice either
            string[] group = errors.Count < MostFaults ? [.. keys.Where(k => k.StartsWith(setting.Key + ".", StringComparison.Ordinal))] : [];
            Fault(
                setting.Origin, setting.Key, $"unknown key '{Quoted.Short(setting.Key)}' (given '{Quoted.Short(setting.Text)}')",
                group.Length > 0 ? string.Join(", ", group) : $"the keys of {algorithm.Id} and of runs; 'stackelberg algo show {algorithm.Id}' lists them",
                group.Length > 0 ? $"'{setting.Key}' is a group: set one of its keys" : errors.Count < MostFaults ? Instead(setting.Key, keys, all.Value) : "remove it");
        }
    }

    private static string Instead(string key, IEnumerable<string> keys, IReadOnlyList<(string Id, HashSet<string> Keys)> algorithms)
    {
        string[] others = [.. algorithms.Where(a => a.Keys.Contains(key)).Select(a => a.Id)];
        return others.Length > 0 ? $"remove it, or choose one of the algorithms that have it: {string.Join(", ", others)}"
            : Suggestions.Nearest(key, keys) is { } nearest ? $"did you mean '{nearest}'?"
            : "remove it";
    }

    private void CheckCombinations(AlgorithmDescriptor algorithm, AlgorithmCatalogue algorithms, object options)
    {
        IReadOnlyList<(string Key, string Message)> faults;
        try
        {
            faults = [.. algorithm.Validate(options)];
        }
        catch (Exception e) when (algorithms.PluginOf(algorithm.Id) is not null)
        {
            Fault(
                new SettingOrigin(SettingLayer.Algorithm, algorithm.Id), "", PluginFaultException.Describe(algorithms, algorithm.Id, "Validate", e).Message,
                "a check that returns its findings", "mend the plug-in");
            return;
        }

        foreach ((string key, string message) in faults)
        {
            Fault(
                origins.GetValueOrDefault(key, new SettingOrigin(SettingLayer.Algorithm, algorithm.Id)), key, $"'{key}': {message}",
                $"see 'stackelberg algo show {algorithm.Id}'", $"change '{key}' or the option it contradicts");
        }
    }

    // Of what the user wrote; that a preset or an algorithm's defaults hold more than one solver needs is no mistake.
    private IEnumerable<string> Unread(AlgorithmDescriptor algorithm, object options) =>
        from unread in algorithm.Unread(options)
        let origin = origins.GetValueOrDefault(unread.Key, SettingOrigin.Default)
        where origin.Layer >= SettingLayer.File
        select $"{origin}: '{unread.Key}' is not read: {unread.Message}";

    private IEnumerable<ResolvedValue> Values(IReadOnlyList<OptionEntry> entries, object options, string? algorithm)
    {
        SettingOrigin otherwise = algorithm is null ? SettingOrigin.Default : new SettingOrigin(SettingLayer.Algorithm, algorithm);
        return entries.Select(e => new ResolvedValue(
            e.Key, e.Read(options), origins.GetValueOrDefault(e.Key, otherwise), e.Attribute.Description));
    }

    private void Fault(SettingOrigin origin, string key, string problem, string allowed, string next) =>
        errors.Add(new ConfigurationError(origin, key, problem, allowed, next));
}
