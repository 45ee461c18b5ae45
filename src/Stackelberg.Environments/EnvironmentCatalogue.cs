using Stackelberg.Environments.Internals;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Environments;

/// <summary>The environments a program can make by id.</summary>
public sealed class EnvironmentCatalogue
{
    private readonly SortedDictionary<string, (EnvironmentSpec Spec, Func<IEnvironment> Create)> entries = new(StringComparer.Ordinal);

    /// <summary>Specifications of all registered environments, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => entries.Values.Select(e => e.Spec);

    /// <summary>Registers an environment. <paramref name="create"/> returns the bare dynamics; wrapping is done by <see cref="Make"/>.</summary>
    /// <exception cref="ArgumentException">The id is empty or taken, or the time limit is not positive.</exception>
    public void Add(EnvironmentSpec spec, Func<IEnvironment> create)
    {
        if (string.IsNullOrWhiteSpace(spec.Id))
        {
            throw new ArgumentException("An environment needs an id that is not empty, such as 'CartPole-v1'.", nameof(spec));
        }

        if (spec.MaxEpisodeSteps is <= 0)
        {
            throw new ArgumentException(
                $"The time limit of '{spec.Id}' is {spec.MaxEpisodeSteps}; it must be at least 1, or null for none.", nameof(spec));
        }

        if (!entries.TryAdd(spec.Id, (spec, create)))
        {
            throw new ArgumentException($"An environment '{spec.Id}' is registered already; choose another id.", nameof(spec));
        }
    }

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => entries.ContainsKey(id);

    /// <summary>The registered ids closest to <paramref name="id"/> in spelling, nearest first; empty when none is near.</summary>
    public IReadOnlyList<string> Suggest(string id) => Spelling.Nearest(id, entries.Keys);

    /// <summary>Makes an environment with its registered time limit; its <see cref="IEnvironment.Spec"/> is the registered one.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    /// <exception cref="EnvironmentException">The environment calls itself by another id, or states facts that contradict its
    /// registration.</exception>
    public IEnvironment Make(string id)
    {
        (EnvironmentSpec spec, Func<IEnvironment> create) = Entry(id);
        IEnvironment environment = create();
        if (environment.Spec.Id != spec.Id)
        {
            string own = environment.Spec.Id;
            environment.Dispose();
            throw new EnvironmentException($"The environment registered as '{spec.Id}' calls itself '{own}'. Give both the same id.");
        }

        if (spec.MaxEpisodeSteps is int limit)
        {
            return new TimeLimit(environment, limit, spec);
        }

        if (environment.Spec != spec)
        {
            string own = environment.Spec.ToString();
            environment.Dispose();
            throw new EnvironmentException($"The environment registered as {spec} describes itself as {own}. Pass the registered spec to it.");
        }

        return environment;
    }

    /// <summary>What <c>env show</c> prints: the registered facts and the spaces. Makes the environment once and disposes of it.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown; the message names the nearest ones.</exception>
    public EnvironmentInformation Describe(string id)
    {
        using IEnvironment environment = Make(id);
        return new EnvironmentInformation(environment.Spec, environment.ObservationSpace, environment.ActionSpace);
    }

    private (EnvironmentSpec Spec, Func<IEnvironment> Create) Entry(string id)
    {
        if (entries.TryGetValue(id, out (EnvironmentSpec, Func<IEnvironment>) entry))
        {
            return entry;
        }

        IReadOnlyList<string> near = Suggest(id);
        string hint = near.Count > 0
            ? $"Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?"
            : $"Known are: {string.Join(", ", entries.Keys)}.";
        throw new KeyNotFoundException($"Unknown environment '{id}'. {hint} `stackelberg env list` shows all.");
    }
}

/// <summary>What there is to know about an environment before running it.</summary>
/// <param name="Spec">The registered facts.</param>
/// <param name="ObservationSpace">What it returns.</param>
/// <param name="ActionSpace">What it accepts.</param>
public sealed record EnvironmentInformation(EnvironmentSpec Spec, Space ObservationSpace, Space ActionSpace);
