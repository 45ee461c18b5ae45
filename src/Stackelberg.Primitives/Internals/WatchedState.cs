namespace Stackelberg.Primitives.Internals;

/// <summary>Remembers the fault that storage had while an environment or a learner was saved or loaded, so that it is not taken for theirs.</summary>
internal sealed class StorageFault
{
    /// <summary>What the reader or writer threw; null for nothing.</summary>
    public Exception? Cause { get; private set; }

    /// <summary>For exception filters: remembers and lets pass.</summary>
    public bool Note(Exception fault)
    {
        Cause = fault;
        return false;
    }

    /// <summary>For exception filters of writers, whose complaints about keys and shapes are about what they were given.</summary>
    public bool NoteUnlessMisused(Exception fault)
    {
        Cause = fault is StateException or ArgumentException ? Cause : fault;
        return false;
    }
}

/// <summary>Writes through, and notes the faults of storage.</summary>
internal sealed class WatchedWriter(StateWriter inner, StorageFault fault) : StateWriter
{
    public override void Write(string key, long value)
    {
        try { inner.Write(key, value); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void Write(string key, ulong value)
    {
        try { inner.Write(key, value); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void Write(string key, double value)
    {
        try { inner.Write(key, value); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void Write(string key, bool value)
    {
        try { inner.Write(key, value); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void Write(string key, string value)
    {
        try { inner.Write(key, value); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void WriteArray(string key, ReadOnlySpan<float> values)
    {
        try { inner.WriteArray(key, values); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void WriteArray(string key, ReadOnlySpan<double> values)
    {
        try { inner.WriteArray(key, values); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void WriteArray(string key, ReadOnlySpan<long> values)
    {
        try { inner.WriteArray(key, values); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void WriteArray(string key, ReadOnlySpan<byte> values)
    {
        try { inner.WriteArray(key, values); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        try { inner.WriteTensor(key, values, shape); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }

    public override StateWriter Group(string key)
    {
        try { return new WatchedWriter(inner.Group(key), fault); }
        catch (Exception e) when (fault.NoteUnlessMisused(e)) { throw; }
    }
}

/// <summary>Reads through, and notes the faults of storage.</summary>
internal sealed class WatchedReader(StateReader inner, StorageFault fault) : StateReader
{
    public override bool Contains(string key)
    {
        try { return inner.Contains(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override long ReadInt64(string key)
    {
        try { return inner.ReadInt64(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override ulong ReadUInt64(string key)
    {
        try { return inner.ReadUInt64(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override double ReadDouble(string key)
    {
        try { return inner.ReadDouble(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override bool ReadBoolean(string key)
    {
        try { return inner.ReadBoolean(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override string ReadString(string key)
    {
        try { return inner.ReadString(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override long Length(string key)
    {
        try { return inner.Length(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override bool IsSingle(string key)
    {
        try { return inner.IsSingle(key); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadArray(string key, Span<float> into)
    {
        try { inner.ReadArray(key, into); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadArray(string key, Span<double> into)
    {
        try { inner.ReadArray(key, into); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadArray(string key, Span<long> into)
    {
        try { inner.ReadArray(key, into); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadArray(string key, Span<byte> into)
    {
        try { inner.ReadArray(key, into); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadTensor(string key, Span<float> into, ReadOnlySpan<int> shape)
    {
        try { inner.ReadTensor(key, into, shape); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override void ReadTensor(string key, Span<double> into, ReadOnlySpan<int> shape)
    {
        try { inner.ReadTensor(key, into, shape); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }

    public override StateReader Group(string key)
    {
        try { return new WatchedReader(inner.Group(key), fault); }
        catch (Exception e) when (fault.Note(e)) { throw; }
    }
}
