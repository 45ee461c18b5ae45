using System.Text.RegularExpressions;
using Stackelberg.Agents.Catalogue;
using Stackelberg.Agents.Internals;

namespace Stackelberg.Agents;

/// <summary>Algorithms by id: those of this library, and those that plug-ins add.</summary>
public sealed partial class AlgorithmCatalogue
{
    private readonly SortedDictionary<string, AlgorithmDescriptor> algorithms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> origins = new(StringComparer.Ordinal);
    private readonly bool closed;
    private string? registering;

    private AlgorithmCatalogue(bool closed)
    {
        foreach (AlgorithmDescriptor descriptor in
            new[] { ActorCriticEntries.Ac, ActorCriticEntries.Stac }.Concat(PpoEntries.All).Concat(OffPolicyEntries.All).Concat(StackelbergEntries.All)
                .Concat(TabularGameEntries.All).Concat(GameEntries.All))
        {
            algorithms.Add(descriptor.Id, descriptor);
        }

        this.closed = closed;
    }

    /// <summary>The algorithms of this library alone, shared by all who ask: nothing can be added to it.</summary>
    public static AlgorithmCatalogue BuiltIn { get; } = new(closed: true);

    /// <summary>Every algorithm, ordered by id.</summary>
    public IReadOnlyCollection<AlgorithmDescriptor> All => algorithms.Values;

    /// <summary>A catalogue of one's own with the algorithms of this library, to which others can be added.</summary>
    public static AlgorithmCatalogue WithAll() => new(closed: false);

    /// <summary>The algorithm of this id, or null.</summary>
    public AlgorithmDescriptor? Find(string id) => algorithms.GetValueOrDefault(id);

    /// <summary>Builds a learner with the default options of its id.</summary>
    /// <param name="id">Such as <c>stac</c>.</param>
    /// <param name="context">Its environment belongs to the learner; where this throws, still to the caller.</param>
    /// <exception cref="KeyNotFoundException">No algorithm has this id.</exception>
    /// <exception cref="NotSupportedException">The algorithm has no actor for the environment's actions.</exception>
    public IAlgorithm Create(string id, AlgorithmContext context) => Create(id, context, static (object defaults) => defaults);

    /// <summary>Builds a learner with options that differ from the defaults of its id.</summary>
    /// <remarks>
    /// <code>catalogue.Create("stac", context, (AcOptions o) => o with { StepsPerIteration = 500 })</code>
    /// Several ids share a type of options and differ by their defaults: a fresh <c>AcOptions</c> has no leader, that of <c>stac</c> has one.
    /// </remarks>
    /// <typeparam name="TOptions">The algorithm's <see cref="AlgorithmDescriptor.OptionsType"/>.</typeparam>
    /// <param name="id">Such as <c>stac</c>.</param>
    /// <param name="context">Its environment belongs to the learner; where this throws, still to the caller.</param>
    /// <param name="change">Gets the defaults and returns what is wanted.</param>
    /// <exception cref="KeyNotFoundException">No algorithm has this id.</exception>
    /// <exception cref="ArgumentException">The algorithm has options of another type, or an option is out of its range or at odds with another.</exception>
    /// <exception cref="NotSupportedException">The algorithm has no actor for the environment's actions.</exception>
    public IAlgorithm Create<TOptions>(string id, AlgorithmContext context, Func<TOptions, TOptions> change)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(change);
        AlgorithmDescriptor descriptor = Find(id)
            ?? throw new KeyNotFoundException($"There is no algorithm '{id}'; there are {string.Join(", ", algorithms.Keys)}.");
        if (descriptor.CreateOptions() is not TOptions defaults)
        {
            throw new ArgumentException($"The options of '{id}' are {descriptor.OptionsType.Name}, not {typeof(TOptions).Name}.", nameof(change));
        }

        TOptions options = change(defaults);
        if (OptionsCheck.Fault(descriptor, options) is { } fault)
        {
            throw new ArgumentException($"'{id}' cannot be built: {fault}", nameof(change));
        }

        return descriptor.Create(context, options);
    }

    /// <summary>The plug-in that brought an algorithm, as named to <see cref="Register"/>; null for those of this library and those added without one.</summary>
    public string? PluginOf(string id) => origins.GetValueOrDefault(id);

    /// <summary>Adds an algorithm.</summary>
    /// <exception cref="ArgumentException">The id is malformed or taken, a part is missing, or the options record cannot be configured: it cannot be made, a
    /// property has no <see cref="OptionAttribute"/>, a type that cannot be written as text, or a default outside its own range.</exception>
    /// <exception cref="InvalidOperationException">This is <see cref="BuiltIn"/>.</exception>
    public void Add(AlgorithmDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (closed)
        {
            throw new InvalidOperationException($"{nameof(BuiltIn)} stays as it is; add to a catalogue of your own, from {nameof(WithAll)}.");
        }

        if (descriptor.Id is null || !IdForm().IsMatch(descriptor.Id))
        {
            throw new ArgumentException(
                $"An algorithm cannot be called '{descriptor.Id}': ids are lower-case letters, digits and single hyphens and begin with a letter, such as 'st-ddpg'.", nameof(descriptor));
        }

        if (algorithms.ContainsKey(descriptor.Id))
        {
            throw new ArgumentException($"An algorithm '{descriptor.Id}' is registered already; choose another id.", nameof(descriptor));
        }

        if (DescriptorCheck.Fault(descriptor) is { } fault)
        {
            throw new ArgumentException($"The algorithm '{descriptor.Id}' cannot be registered: {fault}", nameof(descriptor));
        }

        algorithms.Add(descriptor.Id, descriptor);
        if (registering is not null)
        {
            origins.Add(descriptor.Id, registering);
        }
    }

    /// <summary>Lets a plug-in add its algorithms, and keeps its name for <see cref="PluginOf"/>.</summary>
    /// <param name="name">The assembly's file, or whatever names the plug-in to a user.</param>
    public void Register(IAlgorithmPlugin plugin, string name)
    {
        registering = name;
        try
        {
            plugin.Register(this);
        }
        finally
        {
            registering = null;
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}

/// <summary>
/// The entry of an assembly that brings algorithms of its own: <c>stackelberg train --plugin my.dll --algo mine …</c>. Implement it in a public class with
/// a public constructor without parameters; the class may be the entry for environments and solvers too.
/// </summary>
public interface IAlgorithmPlugin
{
    /// <summary>Adds algorithms to the catalogue.</summary>
    void Register(AlgorithmCatalogue catalogue);
}
