using Stackelberg.Environments.Internals;

namespace Stackelberg.Environments;

/// <summary>The multi-agent environments a program can make by id; the counterpart of <see cref="EnvironmentCatalogue"/>.</summary>
public sealed class MultiAgentCatalogue
{
    private readonly SpecRegistry<IMultiAgentEnvironment> registry;

    /// <summary>An empty catalogue.</summary>
    public MultiAgentCatalogue()
        : this(new SpecRegistry<IMultiAgentEnvironment>(e => e.Spec, e => new GuardedMultiAgentEnvironment(e), (e, spec) => new MultiAgentTimeLimit(e, spec)))
    {
    }

    private MultiAgentCatalogue(SpecRegistry<IMultiAgentEnvironment> registry) => this.registry = registry;

    internal SpecRegistry<IMultiAgentEnvironment> Registry => registry;

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

    /// <summary>Registers an environment that has options.</summary>
    /// <param name="defaults">
    /// A record whose init properties are marked <see cref="Primitives.OptionAttribute"/>: what <c>--env-set</c> can change, typed and ranged. Property types:
    /// bool, int, long, double, string, enumerations, an interval as a pair of doubles, arrays of int or double, and nested records of the same kind.
    /// </param>
    /// <param name="create">Returns the bare dynamics with the given options. An <see cref="ArgumentException"/> from it says that they do not go
    /// together.</param>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add<TOptions>(EnvironmentSpec spec, TOptions defaults, Func<TOptions, IMultiAgentEnvironment> create)
        where TOptions : class => registry.Add(spec, defaults, create);

    /// <summary>The options <see cref="Make"/> uses: the registered defaults, or those of <see cref="WithOptions"/>; null where there are none. Not
    /// to be changed.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    public object? OptionsOf(string id) => registry.OptionsOf(id);

    /// <summary>The same catalogue, but with other options for one environment.</summary>
    /// <param name="options">A record of the registered type.</param>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="ArgumentException">The environment has no options, or others.</exception>
    public MultiAgentCatalogue WithOptions(string id, object options) => new(registry.With(id, options));

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => registry.Contains(id);

    /// <summary>The registered ids closest to <paramref name="id"/> in spelling, nearest first; empty when none is near.</summary>
    public IReadOnlyList<string> Suggest(string id) => registry.Suggest(id);

    /// <summary>Makes an environment, guarded and with its registered time limit; its <see cref="IMultiAgentEnvironment.Spec"/> is the registered one.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="EnvironmentException">It cannot be made, calls itself by another id, or states facts that contradict its
    /// registration.</exception>
    public IMultiAgentEnvironment Make(string id) => registry.Make(id);
}
