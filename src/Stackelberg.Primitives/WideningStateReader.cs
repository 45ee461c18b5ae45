namespace Stackelberg.Primitives;

/// <summary>
/// Gives objects of double precision the state of the same objects in single precision: where a double array or tensor is asked for and a single one is
/// stored, its numbers are widened. All else is read as it is stored.
/// </summary>
/// <param name="inner">The state.</param>
public sealed class WideningStateReader(StateReader inner) : StateReader
{
    /// <inheritdoc/>
    public override bool Contains(string key) => inner.Contains(key);

    /// <inheritdoc/>
    public override long ReadInt64(string key) => inner.ReadInt64(key);

    /// <inheritdoc/>
    public override ulong ReadUInt64(string key) => inner.ReadUInt64(key);

    /// <inheritdoc/>
    public override double ReadDouble(string key) => inner.ReadDouble(key);

    /// <inheritdoc/>
    public override bool ReadBoolean(string key) => inner.ReadBoolean(key);

    /// <inheritdoc/>
    public override string ReadString(string key) => inner.ReadString(key);

    /// <inheritdoc/>
    public override long Length(string key) => inner.Length(key);

    /// <inheritdoc/>
    public override bool IsSingle(string key) => inner.IsSingle(key);

    /// <inheritdoc/>
    public override void ReadArray(string key, Span<float> into) => inner.ReadArray(key, into);

    /// <inheritdoc/>
    public override void ReadArray(string key, Span<double> into)
    {
        if (!IsSingle(key))
        {
            inner.ReadArray(key, into);
            return;
        }

        float[] narrow = new float[into.Length];
        inner.ReadArray(key, narrow);
        Widen(narrow, into);
    }

    /// <inheritdoc/>
    public override void ReadArray(string key, Span<long> into) => inner.ReadArray(key, into);

    /// <inheritdoc/>
    public override void ReadArray(string key, Span<byte> into) => inner.ReadArray(key, into);

    /// <inheritdoc/>
    public override void ReadTensor(string key, Span<float> into, ReadOnlySpan<int> shape) => inner.ReadTensor(key, into, shape);

    /// <inheritdoc/>
    public override void ReadTensor(string key, Span<double> into, ReadOnlySpan<int> shape)
    {
        if (!IsSingle(key))
        {
            inner.ReadTensor(key, into, shape);
            return;
        }

        float[] narrow = new float[into.Length];
        inner.ReadTensor(key, narrow, shape);
        Widen(narrow, into);
    }

    /// <inheritdoc/>
    public override StateReader Group(string key) => new WideningStateReader(inner.Group(key));

    private static void Widen(float[] from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}
