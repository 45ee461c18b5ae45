using Stackelberg.Environments.Internals;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments;

/// <summary>The environments a program can make by id.</summary>
public sealed class EnvironmentCatalogue
{
    private readonly SpecRegistry<IEnvironment> registry;

    /// <summary>An empty catalogue.</summary>
    public EnvironmentCatalogue()
        : this(new SpecRegistry<IEnvironment>(e => e.Spec, e => new GuardedEnvironment(e), (e, spec) => new TimeLimit(e, spec.MaxEpisodeSteps ?? 0, spec)))
    {
    }

    private EnvironmentCatalogue(SpecRegistry<IEnvironment> registry) => this.registry = registry;

    /// <summary>Specifications of all registered environments, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => registry.Specs;

    /// <summary>Registers an environment. <paramref name="create"/> returns the bare dynamics; wrapping is done by <see cref="Make"/>.</summary>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add(EnvironmentSpec spec, Func<IEnvironment> create) => registry.Add(spec, create);

    /// <summary>Registers an environment that has options.</summary>
    /// <param name="defaults">
    /// A record whose init properties are marked <see cref="Primitives.OptionAttribute"/>: what <c>--env-set</c> can change, typed and ranged. Property types:
    /// bool, int, long, double, string, enumerations, an interval as a pair of doubles, arrays of int or double, and nested records of the same kind.
    /// </param>
    /// <param name="create">Returns the bare dynamics with the given options. An <see cref="ArgumentException"/> from it says that they do not go
    /// together.</param>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add<TOptions>(EnvironmentSpec spec, TOptions defaults, Func<TOptions, IEnvironment> create)
        where TOptions : class => registry.Add(spec, defaults, create);

    /// <summary>The options <see cref="Make"/> uses: the registered defaults, or those of <see cref="WithOptions"/>; null where there are none. Not
    /// to be changed.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    public object? OptionsOf(string id) => registry.OptionsOf(id);

    /// <summary>The same catalogue, but with other options for one environment.</summary>
    /// <param name="options">A record of the registered type.</param>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="ArgumentException">The environment has no options, or others.</exception>
    public EnvironmentCatalogue WithOptions(string id, object options) => new(registry.With(id, options));

    /// <summary>The same environments; what is added to the copy is not in this one.</summary>
    public EnvironmentCatalogue Copy() => new(registry.Copy());

    /// <summary>Registers environments of several agents, each as a <see cref="JointEnvironment"/>.</summary>
    /// <exception cref="ArgumentException">An id is taken.</exception>
    public void AddAll(MultiAgentCatalogue games) => registry.AddAll(games.Registry, static game => new JointEnvironment(new GuardedMultiAgentEnvironment(game)));

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => registry.Contains(id);

    /// <summary>The registered ids closest to <paramref name="id"/> in spelling, nearest first; empty when none is near.</summary>
    public IReadOnlyList<string> Suggest(string id) => registry.Suggest(id);

    /// <summary>Makes an environment, guarded and with its registered time limit; its <see cref="IEnvironment.Spec"/> is the registered one.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="EnvironmentException">It cannot be made, calls itself by another id, or states facts that contradict its
    /// registration.</exception>
    public IEnvironment Make(string id) => registry.Make(id);

    /// <summary>What <c>env show</c> prints: the registered facts and the spaces. Makes the environment once and disposes of it.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    public EnvironmentInformation Describe(string id)
    {
        using IEnvironment environment = Make(id);
        return new EnvironmentInformation(environment.Spec, environment.ObservationSpace, environment.ActionSpace);
    }
}

/// <summary>What there is to know about an environment before running it.</summary>
/// <param name="Spec">The registered facts.</param>
/// <param name="ObservationSpace">What it returns.</param>
/// <param name="ActionSpace">What it accepts.</param>
public sealed record EnvironmentInformation(EnvironmentSpec Spec, Space ObservationSpace, Space ActionSpace);
