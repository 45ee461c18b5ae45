namespace Stackelberg.Environments.Internals;

/// <summary>Factories by id, with the checks that every kind of environment shares.</summary>
/// <param name="specOf">The facts an environment states of itself.</param>
/// <param name="limit">Wraps an environment so that it keeps a time limit and states the given facts.</param>
internal sealed class SpecRegistry<T>(Func<T, EnvironmentSpec> specOf, Func<T, EnvironmentSpec, T> limit)
    where T : IDisposable
{
    private readonly SortedDictionary<string, (EnvironmentSpec Spec, Func<T> Create)> entries = new(StringComparer.Ordinal);

    public IEnumerable<EnvironmentSpec> Specs => entries.Values.Select(e => e.Spec);

    public bool Contains(string id) => entries.ContainsKey(id);

    public IReadOnlyList<string> Suggest(string id) => Spelling.Nearest(id, entries.Keys);

    public void Add(EnvironmentSpec spec, Func<T> create)
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

    public T Make(string id)
    {
        (EnvironmentSpec spec, Func<T> create) = Entry(id);
        T environment = create();
        EnvironmentSpec own = specOf(environment);
        if (own.Id != spec.Id)
        {
            environment.Dispose();
            throw new EnvironmentException($"The environment registered as '{spec.Id}' calls itself '{own.Id}'. Give both the same id.");
        }

        if (spec.MaxEpisodeSteps is not null)
        {
            return limit(environment, spec);
        }

        if (own != spec)
        {
            environment.Dispose();
            throw new EnvironmentException($"The environment registered as {spec} describes itself as {own}. Pass the registered spec to it.");
        }

        return environment;
    }

    private (EnvironmentSpec Spec, Func<T> Create) Entry(string id)
    {
        if (entries.TryGetValue(id, out (EnvironmentSpec, Func<T>) entry))
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
