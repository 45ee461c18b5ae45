using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;

namespace Stackelberg.Experiments.Configuration;

/// <summary>Everything a configuration is resolved from.</summary>
public sealed record ConfigurationRequest
{
    /// <summary>Makes the catalogue of algorithms, given the plug-in assemblies.</summary>
    /// <remarks>It may throw <see cref="PluginException"/>, as may the other makers of catalogues; it becomes one configuration error.</remarks>
    public Func<IReadOnlyList<string>, AlgorithmCatalogue> Algorithms { get; init; } = static _ => AlgorithmCatalogue.BuiltIn;

    /// <summary>Makes the catalogue of linear solvers, given the plug-in assemblies.</summary>
    public Func<IReadOnlyList<string>, SolverCatalogue> Solvers { get; init; } = static _ => SolverCatalogue.BuiltIn;

    /// <summary>Makes the catalogue of environments, those of several agents included, given the plug-in assemblies.</summary>
    public required Func<IReadOnlyList<string>, EnvironmentCatalogue> Environments { get; init; }

    /// <summary>Which of them have several agents.</summary>
    public Func<IReadOnlyList<string>, MultiAgentCatalogue> Games { get; init; } = static _ => MultiAgentCatalogue.WithAll();

    /// <summary>A YAML file, or null.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Whether the file is a run's record, which gave every key when it was written: one it lacks has come since and gets its default, as a preset of today
    /// may give it a meaning the run never had.
    /// </summary>
    public bool IsRecord { get; init; }

    /// <summary>Texts <c>key=value</c>.</summary>
    public IReadOnlyList<string> Assignments { get; init; } = [];

    /// <summary>Texts <c>key=value</c> for the environment's options; above <see cref="Assignments"/>.</summary>
    public IReadOnlyList<string> EnvironmentAssignments { get; init; } = [];

    /// <summary>Flags of their own: run-level key and text.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Flags { get; init; } = [];

    /// <summary>Plug-in assemblies, one path each; where there are any, in place of those of the file.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];
}

/// <summary>A plug-in assembly that cannot be loaded; the message says why.</summary>
public sealed class PluginException(string message) : Exception(message)
{
    /// <summary>What a plug-in has to be, in words.</summary>
    public const string Allowed = "a .NET assembly with a public IEnvironmentPlugin, IMultiAgentPlugin, IAlgorithmPlugin or ISolverPlugin";

    /// <summary>What to do about one that is not.</summary>
    public const string Next = "build the assembly and give its path";
}
