using Stackelberg.Primitives.Internals;

namespace Stackelberg.Primitives;

/// <summary>
/// Saved state held in memory: what a <see cref="StateWriter"/> wrote, ready to be read any number of times, and to be kept in one file.
/// </summary>
/// <remarks>
/// Used where state must be compared or restored without a run folder: programs that train by themselves, tests, the environment checker, look-ahead
/// copies. Values are copied on writing, so later changes of the source do not show. Types and lengths are checked on reading exactly as for a checkpoint
/// on disk.
/// </remarks>
public sealed class MemoryState
{
    private readonly StateGroup root;

    /// <summary>An empty state, to be filled through <see cref="Writer"/>.</summary>
    public MemoryState()
        : this(new StateGroup(""))
    {
    }

    private MemoryState(StateGroup root)
    {
        this.root = root;
        (Writer, Reader) = (new MemoryStateWriter(root), new MemoryStateReader(root));
    }

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

    /// <summary>Writes this state in binary form at the stream's position. Large arrays are written from where they lie, without a copy.</summary>
    /// <remarks>
    /// <para>The form, little-endian: the bytes <c>STKLSTAT</c>; the form's number, an int32, at present 1; the entries of the outermost group; a byte 0;
    /// the SHA-256 of all bytes before it. An entry is a byte for its kind, its key, and its value: 1 int64, 2 uint64, 3 double, 4 truth value (a byte 0
    /// or 1), 5 text, 6 singles, 7 doubles, 8 int64s, 9 bytes, 10 tensor, 11 group.</para>
    /// <para>An array is an int64, the number of its elements, and those; a key and a text are arrays of UTF-16 units; a tensor is an array of int32, its
    /// shape, and an array of singles in row-major order; a group is its entries and a byte 0.</para>
    /// <para>The hash tells damage, not malice: whoever changes a file can compute it anew.</para>
    /// </remarks>
    /// <exception cref="StateException">Groups are nested more than 256 deep.</exception>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using StateStreamWriter writer = new(stream);
        writer.Write(root);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote, from the stream's position to the end of the state; what follows it is left unread.</summary>
    /// <exception cref="StateException">It is no saved state, one that is damaged or cut off, or one of a newer form.</exception>
    public static MemoryState ReadFrom(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadFrom(stream, "The stream");
    }

    /// <summary>
    /// Writes this state to a file of its own, in the form of <see cref="WriteTo"/>. Under <paramref name="path"/> there is at any time the old file or the
    /// new one, whole: it is written beside its place, with <c>.tmp</c> after its name, brought to the disk and renamed.
    /// </summary>
    /// <param name="path">In a folder that exists; a file of this name is replaced.</param>
    /// <exception cref="StateException">Groups are nested more than 256 deep.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be.</exception>
    public void WriteFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = path + ".tmp";
        using FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            WriteTo(file);
            file.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            file.Dispose();
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file that <see cref="WriteFile"/> wrote.</summary>
    /// <exception cref="StateException">It is no saved state, one that is damaged or cut off, or one of a newer form.</exception>
    /// <exception cref="IOException">The file cannot be read, or is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it be, or it is a folder.</exception>
    public static MemoryState ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, StateForm.Chunk, FileOptions.SequentialScan);
        MemoryState state = ReadFrom(file, $"'{path}'");
        return file.ReadByte() < 0
            ? state
            : throw new StateException($"'{path}' goes on after the end of its state, at byte {file.Position - 1}: it is damaged, or holds more than one. Take another copy.");
    }

    private static MemoryState ReadFrom(Stream stream, string source)
    {
        using StateStreamReader reader = new(stream, source);
        return new MemoryState(reader.Read());
    }
}
