using Stackelberg.Environments.Internals;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments;

/// <summary>The environments a program can make by id.</summary>
public sealed class EnvironmentCatalogue
{
    private readonly SpecRegistry<IEnvironment> registry =
        new(e => e.Spec, (e, spec) => new TimeLimit(e, spec.MaxEpisodeSteps ?? 0, spec));

    /// <summary>Specifications of all registered environments, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => registry.Specs;

    /// <summary>Registers an environment. <paramref name="create"/> returns the bare dynamics; wrapping is done by <see cref="Make"/>.</summary>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add(EnvironmentSpec spec, Func<IEnvironment> create) => registry.Add(spec, create);

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => registry.Contains(id);

    /// <summary>The registered ids closest to <paramref name="id"/> in spelling, nearest first; empty when none is near.</summary>
    public IReadOnlyList<string> Suggest(string id) => registry.Suggest(id);

    /// <summary>Makes an environment with its registered time limit; its <see cref="IEnvironment.Spec"/> is the registered one.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="EnvironmentException">The environment calls itself by another id, or states facts that contradict its
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
