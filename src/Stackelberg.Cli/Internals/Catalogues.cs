using System.Reflection;
using System.Runtime.Loader;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.MuJoCo;

namespace Stackelberg.Cli.Internals;

/// <summary>Puts the catalogue of environments together.</summary>
internal static class Catalogues
{
    /// <summary>Built-in environments and those of plug-in assemblies.</summary>
    /// <exception cref="PluginException">A plug-in cannot be loaded.</exception>
    public static EnvironmentCatalogue Environments(IReadOnlyList<string> plugins)
    {
        EnvironmentCatalogue catalogue = new();
        ClassicControl.Register(catalogue);
        PosterMdps.Register(catalogue);
        MujocoTasks.Register(catalogue);
        foreach (string plugin in plugins)
        {
            Load(plugin, catalogue);
        }

        return catalogue;
    }

    /// <summary>The specification of an environment.</summary>
    /// <param name="others">What else may be named in this place, for the list and the nearest name.</param>
    /// <exception cref="UserErrorException">Its id is unknown.</exception>
    public static EnvironmentSpec Find(EnvironmentCatalogue catalogue, string id, IEnumerable<EnvironmentSpec>? others = null)
    {
        if (catalogue.Specs.FirstOrDefault(s => s.Id == id) is { } spec)
        {
            return spec;
        }

        string[] known = [.. catalogue.Specs.Concat(others ?? []).Select(s => s.Id)];
        string? nearest = Suggestions.Nearest(id, known);
        throw new UserErrorException(
            $"unknown environment '{id}'", string.Join(", ", known),
            nearest is null ? "'stackelberg env list' describes them; --plugin adds your own" : $"did you mean '{nearest}'?");
    }

    private static void Load(string path, EnvironmentCatalogue catalogue)
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
            List<Type> entries = [.. assembly.GetExportedTypes().Where(t => !t.IsAbstract && typeof(IEnvironmentPlugin).IsAssignableFrom(t))];
            if (entries.Count == 0)
            {
                throw new PluginException($"the plug-in '{path}' has no public class that implements IEnvironmentPlugin");
            }

            foreach (Type entry in entries)
            {
                ((IEnvironmentPlugin)Activator.CreateInstance(entry)!).Register(catalogue);
            }
        }
        catch (Exception e) when (e is not PluginException)
        {
            throw new PluginException($"the plug-in '{path}' cannot be used: {(e as TargetInvocationException)?.InnerException?.Message ?? e.Message}");
        }
    }
}
