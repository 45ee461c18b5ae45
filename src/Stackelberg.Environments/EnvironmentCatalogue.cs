namespace Stackelberg.Environments;

/// <summary>The environments a program can make by id.</summary>
public sealed class EnvironmentCatalogue
{
    private readonly SortedDictionary<string, (EnvironmentSpec Spec, Func<IEnvironment> Create)> entries = new(StringComparer.Ordinal);

    /// <summary>Specifications of all registered environments, by id.</summary>
    public IEnumerable<EnvironmentSpec> Specs => entries.Values.Select(e => e.Spec);

    /// <summary>Registers an environment. <paramref name="create"/> returns the bare dynamics; wrapping is done by <see cref="Make"/>.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public void Add(EnvironmentSpec spec, Func<IEnvironment> create)
    {
        if (!entries.TryAdd(spec.Id, (spec, create)))
        {
            throw new ArgumentException($"An environment '{spec.Id}' is registered already.");
        }
    }

    /// <summary>Whether an id is registered.</summary>
    public bool Contains(string id) => entries.ContainsKey(id);

    /// <summary>Makes an environment with its registered time limit.</summary>
    /// <exception cref="KeyNotFoundException">The id is unknown.</exception>
    public IEnvironment Make(string id)
    {
        if (!entries.TryGetValue(id, out (EnvironmentSpec Spec, Func<IEnvironment> Create) entry))
        {
            throw new KeyNotFoundException($"Unknown environment '{id}'.");
        }

        return entry.Create();
    }
}
