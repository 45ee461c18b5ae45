using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Cli.Internals;

/// <summary>What a command can name: environments of one agent and of several, algorithms, linear solvers.</summary>
/// <param name="Single">Environments of one agent.</param>
/// <param name="Games">Environments of several agents.</param>
/// <param name="Algorithms">Algorithms.</param>
/// <param name="Solvers">Linear solvers.</param>
internal sealed record Catalogues(EnvironmentCatalogue Single, MultiAgentCatalogue Games, AlgorithmCatalogue Algorithms, SolverCatalogue Solvers)
{
    private static readonly Type[] Entries = [typeof(IEnvironmentPlugin), typeof(IMultiAgentPlugin), typeof(IAlgorithmPlugin), typeof(ISolverPlugin)];
    private static readonly HashSet<Assembly> Loaded = [];

    /// <summary>All environments, of one agent and of several, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => Single.Specs.Concat(Games.Specs).OrderBy(s => s.Id, StringComparer.Ordinal);

    /// <summary>Everything that can be trained on, in one catalogue.</summary>
    public EnvironmentCatalogue All()
    {
        EnvironmentCatalogue all = Single.Copy();
        all.AddAll(Games);
        return all;
    }

    /// <summary>A request for a configuration that can name all there is. Each plug-in is asked once, whichever of its parts are wanted.</summary>
    public static ConfigurationRequest Request()
    {
        Dictionary<string, Catalogues> loaded = [];
        Catalogues Of(IReadOnlyList<string> plugins)
        {
            string key = string.Join('\n', plugins);
            return loaded.TryGetValue(key, out Catalogues? known) ? known : loaded[key] = Load(plugins);
        }

        return new ConfigurationRequest
        {
            Environments = plugins => Of(plugins).All(),
            Games = plugins => Of(plugins).Games,
            Algorithms = plugins => Of(plugins).Algorithms,
            Solvers = plugins => Of(plugins).Solvers,
        };
    }

    /// <summary>The file of a plug-in whose code an exception came out of, or null.</summary>
    public static string? PluginBehind(Exception fault)
    {
        for (Exception? e = fault; e is not null; e = e.InnerException)
        {
            if (new StackTrace(e).GetFrames().Select(f => f.GetMethod()?.Module.Assembly).FirstOrDefault(a => a is not null && Loaded.Contains(a)) is { } assembly)
            {
                return assembly.Location;
            }
        }

        return null;
    }

    /// <summary>What is built in and what plug-in assemblies bring.</summary>
    /// <exception cref="PluginException">A plug-in cannot be loaded.</exception>
    public static Catalogues Load(IReadOnlyList<string> plugins)
    {
        Catalogues all = new(new EnvironmentCatalogue(), MultiAgentCatalogue.WithAll(), AlgorithmCatalogue.WithAll(), SolverCatalogue.WithAll());
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

    private void Register(Type entry, string path)
    {
        try
        {
            object plugin = Activator.CreateInstance(entry)!;
            (plugin as IEnvironmentPlugin)?.Register(Single);
            (plugin as IMultiAgentPlugin)?.Register(Games);
            if (plugin is IAlgorithmPlugin algorithms)
            {
                Algorithms.Register(algorithms, path);
            }

            (plugin as ISolverPlugin)?.Register(Solvers);
        }
        catch (Exception e)
        {
            Exception cause = (e as TargetInvocationException)?.InnerException ?? e;
            throw new PluginException($"the plug-in '{path}' cannot be used: its {entry.Name} failed: {FileFaultText.Of(cause)}");
        }
    }

    private void Add(string path)
    {
        if (!File.Exists(path))
        {
            throw new PluginException($"the plug-in '{path}' {(Directory.Exists(path) ? "is a folder" : "does not exist")}");
        }

        string full = Path.GetFullPath(path);

        string folder = Path.GetDirectoryName(full)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is string candidate && File.Exists(candidate) ? context.LoadFromAssemblyPath(candidate) : null;
        try
        {
            Assembly assembly = AssemblyLoadContext.Default.LoadFromAssemblyPath(full);
            List<Type> entries = [.. assembly.GetExportedTypes().Where(t => !t.IsAbstract && Array.Exists(Entries, e => e.IsAssignableFrom(t)))];
            if (entries.Count == 0)
            {
                throw new PluginException($"the plug-in '{path}' has no public class that implements {string.Join(", ", Entries[..^1].Select(e => e.Name))} or {Entries[^1].Name}");
            }

            Loaded.Add(assembly);
            foreach (Type entry in entries)
            {
                Register(entry, path);
            }

            RequireApart(path);
        }
        catch (Exception e) when (e is not PluginException)
        {
            throw new PluginException($"the plug-in '{path}' cannot be used: {WhyUnusable(e, full)}");
        }
    }

    private static string WhyUnusable(Exception fault, string path) => fault switch
    {
        BadImageFormatException => "it is no .NET assembly",
        FileNotFoundException { FileName: { Length: > 0 } needed } => $"it needs '{needed.Split(',')[0]}', which is not in its folder",
        TypeLoadException or MissingMemberException or FileLoadException => "it does not fit this version of the program; build it against it",
        _ => FileFaultText.Of(fault, path),
    };
}
