using System.Reflection;
using System.Runtime.Loader;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;

namespace Stackelberg.Cli.Internals;

/// <summary>The environments a command can name: of one agent, and of several.</summary>
/// <param name="Single">Environments of one agent.</param>
/// <param name="Games">Environments of several agents.</param>
internal sealed record Catalogues(EnvironmentCatalogue Single, MultiAgentCatalogue Games)
{
    /// <summary>All environments, of one agent and of several, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => Single.Specs.Concat(Games.Specs).OrderBy(s => s.Id, StringComparer.Ordinal);

    /// <summary>Built-in environments of one agent and those of plug-in assemblies.</summary>
    /// <exception cref="PluginException">A plug-in cannot be loaded.</exception>
    public static EnvironmentCatalogue Environments(IReadOnlyList<string> plugins) => Load(plugins).Single;

    /// <summary>Built-in environments and those of plug-in assemblies.</summary>
    /// <exception cref="PluginException">A plug-in cannot be loaded.</exception>
    public static Catalogues Load(IReadOnlyList<string> plugins)
    {
        Catalogues all = new(new EnvironmentCatalogue(), MultiAgentCatalogue.WithAll());
        ClassicControl.Register(all.Single);
        PosterMdps.Register(all.Single);
        MujocoTasks.Register(all.Single);
        foreach (string plugin in plugins)
        {
            all.Add(plugin);
        }

        return all;
    }

    /// <summary>The specification of an environment. An id that ends in <c>.json</c> is a file with a game or a finite MDP, which is registered under its path.</summary>
    /// <exception cref="UserErrorException">The id is unknown, or the file is no game and no MDP.</exception>
    public EnvironmentSpec Find(string id)
    {
        if (Specs.FirstOrDefault(s => s.Id == id) is { } spec)
        {
            return spec;
        }

        if (EnvironmentFile.IsNamed(id))
        {
            return ModelFile.Register(id, this);
        }

        string[] known = [.. Specs.Select(s => s.Id)];
        string? nearest = Suggestions.Nearest(id, known);
        throw new UserErrorException(
            $"unknown environment '{id}'", string.Join(", ", known) + "; or a JSON file with a game or a finite MDP",
            nearest is null ? "'stackelberg env list' describes them; --plugin adds your own" : $"did you mean '{nearest}'?");
    }

    /// <summary>The options of an environment; null where it has none.</summary>
    public object? OptionsOf(string id) => Games.Contains(id) ? Games.OptionsOf(id) : Single.OptionsOf(id);

    /// <summary>The same catalogues with options of one environment changed by texts <c>key=value</c>.</summary>
    /// <exception cref="ConfigurationException">With every fault found.</exception>
    public Catalogues With(string id, string[]? assignments) =>
        assignments is not { Length: > 0 } ? this
        : Games.Contains(id) ? this with { Games = EnvironmentOptions.Apply(Games, id, assignments) }
        : this with { Single = EnvironmentOptions.Apply(Single, id, assignments) };

    // Registration in two catalogues cannot see an id that is taken in the other.
    private void RequireApart(string path)
    {
        if (Single.Specs.FirstOrDefault(s => Games.Contains(s.Id)) is { } twice)
        {
            throw new PluginException($"the plug-in '{path}' registers '{twice.Id}', which is taken; choose another id");
        }
    }

    private void Add(string path)
    {
        string full = Path.GetFullPath(path);
        if (!File.Exists(full))
        {
            throw new PluginException($"the plug-in '{path}' does not exist");
        }

        string folder = Path.GetDirectoryName(full)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is string candidate && File.Exists(candidate) ? context.LoadFromAssemblyPath(candidate) : null;
        try
        {
            Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(full);
            List<Type> entries = [.. assembly.GetExportedTypes().Where(t => !t.IsAbstract && (typeof(IEnvironmentPlugin).IsAssignableFrom(t) || typeof(IMultiAgentPlugin).IsAssignableFrom(t)))];
            if (entries.Count == 0)
            {
                throw new PluginException($"the plug-in '{path}' has no public class that implements IEnvironmentPlugin or IMultiAgentPlugin");
            }

            foreach (Type entry in entries)
            {
                object plugin = Activator.CreateInstance(entry)!;
                (plugin as IEnvironmentPlugin)?.Register(Single);
                (plugin as IMultiAgentPlugin)?.Register(Games);
            }

            RequireApart(path);
        }
        catch (Exception e) when (e is not PluginException)
        {
            throw new PluginException($"the plug-in '{path}' cannot be used: {(e as TargetInvocationException)?.InnerException?.Message ?? e.Message}");
        }
    }
}
