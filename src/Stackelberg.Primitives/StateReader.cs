namespace Stackelberg.Primitives;

/// <summary>Reads what a <see cref="StateWriter"/> wrote. Every method throws <see cref="StateException"/> with the full key path when the key
/// is missing or of another kind.</summary>
public abstract class StateReader
{
    /// <summary>Whether a value, array, tensor or group of this name exists.</summary>
    public abstract bool Contains(string key);

    /// <summary>Reads a 64-bit signed integer.</summary>
    public abstract long ReadInt64(string key);

    /// <summary>Reads a 64-bit unsigned integer.</summary>
    public abstract ulong ReadUInt64(string key);

    /// <summary>Reads a double-precision number.</summary>
    public abstract double ReadDouble(string key);

    /// <summary>Reads a truth value.</summary>
    public abstract bool ReadBoolean(string key);

    /// <summary>Reads a text.</summary>
    public abstract string ReadString(string key);

    /// <summary>The number of elements of an array or tensor.</summary>
    public abstract long Length(string key);

    /// <summary>Whether it is single-precision numbers that an array or tensor holds.</summary>
    public abstract bool IsSingle(string key);

    /// <summary>Fills <paramref name="into"/>; the stored array must have exactly that length.</summary>
    public abstract void ReadArray(string key, Span<float> into);

    /// <inheritdoc cref="ReadArray(string, Span{float})"/>
    public abstract void ReadArray(string key, Span<double> into);

    /// <inheritdoc cref="ReadArray(string, Span{float})"/>
    public abstract void ReadArray(string key, Span<long> into);

    /// <inheritdoc cref="ReadArray(string, Span{float})"/>
    public abstract void ReadArray(string key, Span<byte> into);

    /// <summary>Fills <paramref name="into"/> from a tensor whose stored shape must equal <paramref name="shape"/>.</summary>
    public abstract void ReadTensor(string key, Span<float> into, ReadOnlySpan<int> shape);

    /// <summary>Fills <paramref name="into"/> with a tensor in double precision, which is kept as a plain array of the same order.</summary>
    public virtual void ReadTensor(string key, Span<double> into, ReadOnlySpan<int> shape) => ReadArray(key, into);

    /// <summary>
    /// Whether a stored shape is the one that is asked for, or the one that earlier versions wrote in its place: matrices of one column, such as the
    /// weights of a layer with one input, lost their second axis.
    /// </summary>
    protected static bool Fits(ReadOnlySpan<int> stored, ReadOnlySpan<int> shape) =>
        shape.SequenceEqual(stored) || (shape.Length == 2 && shape[1] == 1 && shape[..1].SequenceEqual(stored));

    /// <summary>Opens a nested group of keys.</summary>
    public abstract StateReader Group(string key);

    /// <summary>Restores a nested object saved under <paramref name="key"/>.</summary>
    public void Read(string key, IStateful value) => value.Load(Group(key));
}

/// <summary>Saved state that cannot be read: the message names the key path, what was found and what was expected.</summary>
public sealed class StateException(string message) : Exception(message);
