namespace Stackelberg.Environments.Internals;

/// <summary>Factories by id, with the checks that every kind of environment shares.</summary>
/// <param name="specOf">The facts an environment states of itself.</param>
/// <param name="guard">Wraps an environment so that its faults are told as its own.</param>
/// <param name="limit">Wraps an environment so that it keeps a time limit and states the given facts.</param>
internal sealed class SpecRegistry<T>(Func<T, EnvironmentSpec> specOf, Func<T, T> guard, Func<T, EnvironmentSpec, T> limit)
    where T : IDisposable
{
    private readonly SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    public IEnumerable<EnvironmentSpec> Specs => entries.Values.Select(e => e.Spec);

    public bool Contains(string id) => entries.ContainsKey(id);

    public IReadOnlyList<string> Suggest(string id) => Spelling.Nearest(id, entries.Keys);

    public void Add(EnvironmentSpec spec, Func<T> create) => Add(new Entry(spec, null, _ => create()));

    public void Add<TOptions>(EnvironmentSpec spec, TOptions defaults, Func<TOptions, T> create)
        where TOptions : class => Add(new Entry(spec, defaults, options => create((TOptions)options!)));

    /// <summary>What the environment would be made with; null where it has no options.</summary>
    public object? OptionsOf(string id) => Find(id).Options;

    /// <summary>The same environments, one of them with other options.</summary>
    public SpecRegistry<T> With(string id, object options)
    {
        Entry entry = Find(id);
        if (entry.Options?.GetType() != options.GetType())
        {
            throw new ArgumentException(
                $"'{id}' takes {entry.Options?.GetType().Name ?? "no options"}, not {options.GetType().Name}.", nameof(options));
        }

        SpecRegistry<T> other = Copy();
        other.entries[id] = entry with { Options = options };
        return other;
    }

    /// <summary>The same environments; what is added to one is not in the other.</summary>
    public SpecRegistry<T> Copy()
    {
        SpecRegistry<T> other = new(specOf, guard, limit);
        foreach ((string name, Entry each) in entries)
        {
            other.entries.Add(name, each);
        }

        return other;
    }

    /// <summary>Registers environments of another kind as well, each made by its own factory and then converted.</summary>
    /// <exception cref="ArgumentException">An id is taken.</exception>
    public void AddAll<TOther>(SpecRegistry<TOther> others, Func<TOther, T> convert)
        where TOther : IDisposable
    {
        foreach ((EnvironmentSpec spec, object? options, Func<object?, TOther> create) in others.entries.Values)
        {
            Add(new Entry(spec, options, given => convert(create(given))));
        }
    }

    private void Add(Entry entry)
    {
        EnvironmentSpec spec = entry.Spec;
        if (string.IsNullOrWhiteSpace(spec.Id))
        {
            throw new ArgumentException("An environment needs an id that is not empty, such as 'CartPole-v1'.", nameof(entry));
        }

        if (spec.MaxEpisodeSteps is <= 0)
        {
            throw new ArgumentException(
                $"The time limit of '{spec.Id}' is {spec.MaxEpisodeSteps}; it must be at least 1, or null for none.", nameof(entry));
        }

        if (!entries.TryAdd(spec.Id, entry))
        {
            throw new ArgumentException($"An environment '{spec.Id}' is registered already; choose another id.", nameof(entry));
        }
    }

    public T Make(string id)
    {
        (EnvironmentSpec spec, object? options, Func<object?, T> create) = Find(id);
        T environment = Guarded(spec.Id, () => create(options));
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

    private T Guarded(string id, Func<T> create)
    {
        T environment;
        try
        {
            environment = create() ?? throw new InvalidOperationException("it made nothing");
        }
        catch (Exception e) when (new CallGuard(id).IsForeign(e))
        {
            throw EnvironmentException.Failed(id, "its constructor", e);
        }

        try
        {
            return guard(environment);
        }
        catch
        {
            environment.Dispose();
            throw;
        }
    }

    private Entry Find(string id)
    {
        if (entries.TryGetValue(id, out Entry? entry))
        {
            return entry;
        }

        IReadOnlyList<string> near = Suggest(id);
        string hint = near.Count > 0
            ? $"Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?"
            : $"Known are: {string.Join(", ", entries.Keys)}.";
        throw new KeyNotFoundException($"Unknown environment '{id}'. {hint} `stackelberg env list` shows all.");
    }

    private sealed record Entry(EnvironmentSpec Spec, object? Options, Func<object?, T> Create);
}
