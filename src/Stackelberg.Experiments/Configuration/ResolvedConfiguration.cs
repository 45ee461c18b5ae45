using System.Globalization;
using System.Text;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration.Internals;
using Stackelberg.Experiments.Training;

namespace Stackelberg.Experiments.Configuration;

/// <summary>One value of a resolved configuration.</summary>
/// <param name="Key">Dotted key.</param>
/// <param name="Value">The value: a number, truth value, text, enumeration, interval, a list of them, or null for none.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Description">One line.</param>
public sealed record ResolvedValue(string Key, object? Value, SettingOrigin Origin, string Description)
{
    /// <summary>The value as text, a list with commas between; reading it gives the value again.</summary>
    public string Text => OptionEntry.Format(Value);
}

/// <summary>A configuration with nothing left open.</summary>
public sealed class ResolvedConfiguration
{
    internal ResolvedConfiguration(
        AlgorithmDescriptor algorithm, EnvironmentCatalogue environments, AlgorithmCatalogue algorithms, SolverCatalogue solvers, RunSettings run, object options,
        IReadOnlyList<ResolvedValue> values)
    {
        Algorithm = algorithm;
        Environments = environments;
        Algorithms = algorithms;
        Solvers = solvers;
        Run = run;
        Options = options;
        Values = values;
    }

    /// <summary>The algorithm.</summary>
    public AlgorithmDescriptor Algorithm { get; }

    /// <summary>The catalogue, plug-ins included; it contains <see cref="RunSettings.Env"/>.</summary>
    public EnvironmentCatalogue Environments { get; }

    /// <summary>The algorithms, plug-ins included.</summary>
    public AlgorithmCatalogue Algorithms { get; }

    /// <summary>The linear solvers that options can name, plug-ins included.</summary>
    public SolverCatalogue Solvers { get; }

    /// <summary>The plug-in that brought the algorithm; null for one of this library.</summary>
    public string? AlgorithmPlugin => Algorithms.PluginOf(Algorithm.Id);

    /// <summary>The file that holds the environment; null where an id names it. <see cref="RunSettings.Env"/> is then the file's name.</summary>
    public EnvironmentFile? EnvironmentFile { get; init; }

    /// <summary>The run-level values.</summary>
    public RunSettings Run { get; }

    /// <summary>An instance of the algorithm's options record.</summary>
    public object Options { get; }

    /// <summary>Every value with its origin: run-level keys first, then the algorithm's in the order of its record.</summary>
    public IReadOnlyList<ResolvedValue> Values { get; }

    /// <summary>What was set and is not read in this combination, one sentence each: said, not refused.</summary>
    public IReadOnlyList<string> Unread { get; internal init; } = [];

    /// <summary>Whether options of the environment were given, and may be other than those of its registration.</summary>
    public bool HasEnvironmentOptions => Values.Any(v => v.Key.StartsWith(EnvironmentOptions.Prefix, StringComparison.Ordinal) && v.Origin != SettingOrigin.Default);

    /// <summary>
    /// The same configuration for one of its seeds, as its folder keeps it: however many seeds a command names, each writes the same. A file with the
    /// environment is named by the folder's own copy.
    /// </summary>
    public ResolvedConfiguration ForSeed(long seed) => new(
        Algorithm, Environments, Algorithms, Solvers, Run with { Seeds = [seed] }, Options,
        [.. Values.Select(v => v.Key switch
        {
            "seeds" => v with { Value = new[] { seed } },
            "env" when EnvironmentFile is { } file => v with { Value = $"{ConfigurationResolver.FileFolder}/{file.Name}" },
            _ => v,
        })])
    {
        EnvironmentFile = EnvironmentFile,
        Unread = Unread,
    };

    /// <summary>Makes a fresh learner with the session's linear solvers.</summary>
    /// <param name="context">With the environment, which the learner owns once it is made.</param>
    /// <param name="options">In place of <see cref="Options"/>; null for these.</param>
    /// <exception cref="LearnerException">It cannot be made as configured, or is a plug-in's and threw.</exception>
    public IAlgorithm MakeAlgorithm(AlgorithmContext context, object? options = null) => LearnerCalls.Create(
        Run.Algo, Run.Env, AlgorithmPlugin, () => Algorithm.Create(context with { Solvers = Solvers }, options ?? Options));

    /// <summary>
    /// The configuration as YAML, of which readers of versions 1.1 and 1.2 take numbers for numbers and texts for texts. Used as a file it resolves to the same values, whatever
    /// the defaults and presets are then.
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
                text.Append(' ', 2 * depth).Append(YamlText.Of(parts[depth])).Append(":\n");
            }

            open = parts[..^1];
            text.Append(' ', 2 * open.Length).Append(YamlText.Of(parts[^1])).Append(": ").Append(YamlText.Of(value.Value));
            if (origins)
            {
                text.Append(CultureInfo.InvariantCulture, $"  # {Quoted.Short(value.Origin.ToString())}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
