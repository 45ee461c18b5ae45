using Stackelberg.Primitives.Internals;

namespace Stackelberg.Primitives;

/// <summary>
/// Saved state held in memory: what a <see cref="StateWriter"/> wrote, ready to be read any number of times.
/// </summary>
/// <remarks>
/// Used where state must be compared or restored without files: tests, the environment checker, look-ahead copies. Values are copied on
/// writing, so later changes of the source do not show. Types and lengths are checked on reading exactly as for a checkpoint on disk.
/// </remarks>
public sealed class MemoryState
{
    private readonly StateGroup root = new("");

    /// <summary>An empty state, to be filled through <see cref="Writer"/>.</summary>
    public MemoryState() => (Writer, Reader) = (new MemoryStateWriter(root), new MemoryStateReader(root));

    /// <summary>Writes into this state. A key that exists already in its group is a <see cref="StateException"/>.</summary>
    public StateWriter Writer { get; }

    /// <summary>Reads from this state.</summary>
    public StateReader Reader { get; }

    /// <summary>The state of <paramref name="value"/> at this moment.</summary>
    public static MemoryState Of(IStateful value)
    {
        var state = new MemoryState();
        value.Save(state.Writer);
        return state;
    }

    /// <summary>Puts <paramref name="value"/> into this state.</summary>
    /// <exception cref="StateException">A key is missing or has another type or length than <paramref name="value"/> expects.</exception>
    public void Restore(IStateful value) => value.Load(Reader);

    /// <summary>
    /// The path of the first key, in the order written, that differs from <paramref name="other"/> in presence, kind, shape or bits; null when the
    /// two are the same. Floating-point values are compared by their bits, so NaN equals itself and +0 differs from −0.
    /// </summary>
    public string? FirstDifference(MemoryState other) => root.FirstDifference(other.root);
}
