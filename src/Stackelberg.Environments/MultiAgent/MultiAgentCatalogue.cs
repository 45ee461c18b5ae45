using Stackelberg.Environments.Internals;

namespace Stackelberg.Environments;

/// <summary>The multi-agent environments a program can make by id; the counterpart of <see cref="EnvironmentCatalogue"/>.</summary>
public sealed class MultiAgentCatalogue
{
    private readonly SpecRegistry<IMultiAgentEnvironment> registry = new(e => e.Spec, (e, spec) => new MultiAgentTimeLimit(e, spec));

    /// <summary>Specifications of all registered environments, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => registry.Specs;

    /// <summary>A catalogue with every multi-agent environment of this library.</summary>
    public static MultiAgentCatalogue WithAll()
    {
        MultiAgentCatalogue catalogue = new();
        GameEnvironments.Register(catalogue);
        return catalogue;
    }

    /// <summary>Registers an environment. <paramref name="create"/> returns the bare dynamics; <see cref="Make"/> adds the time limit.</summary>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add(EnvironmentSpec spec, Func<IMultiAgentEnvironment> create) => registry.Add(spec, create);

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => registry.Contains(id);

    /// <summary>The registered ids closest to <paramref name="id"/> in spelling, nearest first; empty when none is near.</summary>
    public IReadOnlyList<string> Suggest(string id) => registry.Suggest(id);

    /// <summary>Makes an environment with its registered time limit; its <see cref="IMultiAgentEnvironment.Spec"/> is the registered one.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="EnvironmentException">The environment calls itself by another id, or states facts that contradict its
    /// registration.</exception>
    public IMultiAgentEnvironment Make(string id) => registry.Make(id);
}
