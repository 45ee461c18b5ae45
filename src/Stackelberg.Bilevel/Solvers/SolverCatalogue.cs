using System.Numerics;
using System.Text.RegularExpressions;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>Linear solvers by name: those of this library, and those that plug-ins add.</summary>
public sealed partial class SolverCatalogue
{
    private static readonly HashSet<string> Members = [.. typeof(SolverOptions).GetProperties().Select(p => p.Name).Where(n => n != nameof(SolverOptions.Name))];

    private readonly List<SolverDescriptor> solvers = [.. BuiltInSolvers.All];
    private readonly bool closed;

    private SolverCatalogue(bool closed) => this.closed = closed;

    /// <summary>The solvers of this library alone, shared by all who ask: nothing can be added to it.</summary>
    public static SolverCatalogue BuiltIn { get; } = new(closed: true);

    /// <summary>The solvers, cheapest ideas of this library first, then those added, in their order.</summary>
    public IReadOnlyList<SolverDescriptor> All => solvers;

    /// <summary>A catalogue of one's own with the solvers of this library, to which others can be added.</summary>
    public static SolverCatalogue WithAll() => new(closed: false);

    /// <summary>Adds a solver.</summary>
    /// <exception cref="ArgumentException">The name is malformed or taken, a part is missing, or an option is no member of <see cref="SolverOptions"/>.</exception>
    /// <exception cref="InvalidOperationException">This is <see cref="BuiltIn"/>.</exception>
    public void Add(SolverDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (closed)
        {
            throw new InvalidOperationException($"{nameof(BuiltIn)} stays as it is; add to a catalogue of your own, from {nameof(WithAll)}.");
        }

        if (descriptor.Name is null || !NameForm().IsMatch(descriptor.Name))
        {
            throw new ArgumentException(
                $"A linear solver cannot be called '{descriptor.Name}': names are lower-case letters, digits and single hyphens and begin with a letter, such as 'nystrom-pcg'.", nameof(descriptor));
        }

        if (Find(descriptor.Name) is not null)
        {
            throw new ArgumentException($"A linear solver '{descriptor.Name}' is registered already; choose another name.", nameof(descriptor));
        }

        string? missing = string.IsNullOrWhiteSpace(descriptor.Summary) ? nameof(descriptor.Summary) : descriptor.Options is null ? nameof(descriptor.Options)
            : descriptor.Needs is null ? nameof(descriptor.Needs) : descriptor.Factory is null ? nameof(descriptor.Factory) : null;
        if (missing is not null)
        {
            throw new ArgumentException($"The linear solver '{descriptor.Name}' has no {missing}; give one.", nameof(descriptor));
        }

        if (descriptor.Options!.FirstOrDefault(o => o is null || !Members.Contains(o)) is { } unknown)
        {
            throw new ArgumentException(
                $"The linear solver '{descriptor.Name}' reads an option '{unknown}'; {nameof(SolverOptions)} has {string.Join(", ", Members)}.", nameof(descriptor));
        }

        solvers.Add(descriptor);
    }

    /// <summary>The solver of this name, or null.</summary>
    public SolverDescriptor? Find(string name) => solvers.Find(solver => solver.Name == name);

    /// <summary>Names of the solvers that accept operators of these properties.</summary>
    public IEnumerable<string> NamesFor(OperatorProperties properties, bool hasTransposed) =>
        from solver in solvers
        where (properties & solver.Requires) == solver.Requires && (hasTransposed || !solver.NeedsTransposed)
        select solver.Name;

    /// <summary>Builds a solver.</summary>
    /// <param name="options">Its name and parameters.</param>
    /// <param name="random">Where sampling solvers (<c>nystrom</c>, <c>nystrom-pcg</c>, <c>nystrom-released</c>) draw from; others ignore it.</param>
    /// <exception cref="ArgumentException">The name is unknown, an option is out of range, or a sampling solver got no stream.</exception>
    /// <exception cref="SolverException">The factory of a solver that was added failed; the message names it and the fault.</exception>
    public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SolverDescriptor found = Find(options.Name)
            ?? throw new ArgumentException($"No linear solver '{options.Name}'; there are: {string.Join(", ", solvers.Select(solver => solver.Name))}.");
        return ForeignSolvers.IsForeign(found.Factory) ? ForeignSolvers.Make<T>(found, options, random) : found.Factory.Create<T>(options, random);
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
