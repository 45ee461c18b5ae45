namespace Stackelberg.Primitives.Internals;

internal sealed class MemoryStateWriter(StateGroup group) : StateWriter
{
    public override void Write(string key, long value) => group.Add(key, value);

    public override void Write(string key, ulong value) => group.Add(key, value);

    public override void Write(string key, double value) => group.Add(key, value);

    public override void Write(string key, bool value) => group.Add(key, value);

    public override void Write(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        group.Add(key, value);
    }

    public override void WriteArray(string key, ReadOnlySpan<float> values) => group.Add(key, values.ToArray());

    public override void WriteArray(string key, ReadOnlySpan<double> values) => group.Add(key, values.ToArray());

    public override void WriteArray(string key, ReadOnlySpan<long> values) => group.Add(key, values.ToArray());

    public override void WriteArray(string key, ReadOnlySpan<byte> values) => group.Add(key, values.ToArray());

    public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        long count = StateForm.Count(shape);
        if (count != values.Length)
        {
            throw new StateException(
                $"The tensor '{group.PathOf(key)}' has {values.Length} values, but its shape [{string.Join(", ", shape.ToArray())}] asks for {count}.");
        }

        group.Add(key, new SavedTensor(values.ToArray(), shape.ToArray()));
    }

    public override StateWriter Group(string key) => new MemoryStateWriter(group.AddGroup(key));
}
