namespace Stackelberg.Primitives.Internals;

internal sealed class MemoryStateReader(StateGroup group) : StateReader
{
    public override bool Contains(string key) => group.Contains(key);

    public override long ReadInt64(string key) => group.Find<long>(key);

    public override ulong ReadUInt64(string key) => group.Find<ulong>(key);

    public override double ReadDouble(string key) => group.Find<double>(key);

    public override bool ReadBoolean(string key) => group.Find<bool>(key);

    public override string ReadString(string key) => group.Find<string>(key);

    public override long Length(string key) => group.Find(key) switch
    {
        Array array => array.LongLength,
        SavedTensor tensor => tensor.Values.LongLength,
        object other => throw new StateException($"'{group.PathOf(key)}' is {StateGroup.Describe(other)} and has no length; an array or tensor was expected."),
    };

    public override bool IsSingle(string key) => group.Find(key) is float[] or SavedTensor;

    public override void ReadArray(string key, Span<float> into) => Copy(key, into);

    public override void ReadArray(string key, Span<double> into) => Copy(key, into);

    public override void ReadArray(string key, Span<long> into) => Copy(key, into);

    public override void ReadArray(string key, Span<byte> into) => Copy(key, into);

    public override void ReadTensor(string key, Span<float> into, ReadOnlySpan<int> shape)
    {
        SavedTensor tensor = group.Find<SavedTensor>(key);
        if (!Fits(tensor.Shape, shape) || into.Length != tensor.Values.Length)
        {
            throw new StateException(
                $"'{group.PathOf(key)}' is {StateGroup.Describe(tensor)} in the saved state; shape [{string.Join(", ", shape.ToArray())}] with {into.Length} values was expected.");
        }

        tensor.Values.CopyTo(into);
    }

    public override StateReader Group(string key) => new MemoryStateReader(group.Find<StateGroup>(key));

    private void Copy<TElement>(string key, Span<TElement> into)
    {
        TElement[] values = group.Find<TElement[]>(key);
        if (values.Length != into.Length)
        {
            throw new StateException($"'{group.PathOf(key)}' has {values.Length} elements in the saved state; {into.Length} were expected.");
        }

        values.CopyTo(into);
    }
}
