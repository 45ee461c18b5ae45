using System.Runtime.InteropServices;

namespace Stackelberg.Primitives.Internals;

/// <summary>A float tensor as saved: values without padding, and their shape.</summary>
internal sealed record SavedTensor(float[] Values, int[] Shape);

/// <summary>The values of one group of keys, in the order written. A value is a scalar, an array, a <see cref="SavedTensor"/> or a group.</summary>
internal sealed class StateGroup(string path)
{
    private readonly Dictionary<string, object> values = new(StringComparer.Ordinal);
    private readonly List<string> order = [];

    public string Path => path;

    /// <summary>Keys and values in the order written.</summary>
    public IEnumerable<(string Key, object Value)> Entries => order.Select(key => (key, values[key]));

    public bool Contains(string key) => values.ContainsKey(key);

    public void Add(string key, object value)
    {
        if (!IsKey(key))
        {
            throw new StateException($"The key '{key}' in group '{path}' is not allowed: keys are lower_snake_case, not empty, without '/'.");
        }

        if (!values.TryAdd(key, value))
        {
            throw new StateException($"The key '{PathOf(key)}' was written twice; keys are unique within their group.");
        }

        order.Add(key);
    }

    /// <summary>Whether a key leaves paths unambiguous.</summary>
    public static bool IsKey(string key) => key.Length > 0 && !key.Contains('/', StringComparison.Ordinal);

    public StateGroup AddGroup(string key)
    {
        var group = new StateGroup(PathOf(key));
        Add(key, group);
        return group;
    }

    public object Find(string key) => values.TryGetValue(key, out object? value)
        ? value
        : throw new StateException($"The saved state has no '{PathOf(key)}'; its group has: {(order.Count == 0 ? "nothing" : string.Join(", ", order))}.");

    public TValue Find<TValue>(string key)
    {
        object value = Find(key);
        return value is TValue typed
            ? typed
            : throw new StateException($"'{PathOf(key)}' is {Describe(value)} in the saved state; {Describe(typeof(TValue))} was expected.");
    }

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}/{key}";

    public string? FirstDifference(StateGroup other)
    {
        foreach (string key in order)
        {
            if (!other.values.TryGetValue(key, out object? theirs))
            {
                return PathOf(key);
            }

            object ours = values[key];
            if (ours is StateGroup group && theirs is StateGroup otherGroup)
            {
                if (group.FirstDifference(otherGroup) is { } difference)
                {
                    return difference;
                }
            }
            else if (!SameBits(ours, theirs))
            {
                return PathOf(key);
            }
        }

        string? surplus = other.order.Find(key => !values.ContainsKey(key));
        return surplus is null ? null : PathOf(surplus);
    }

    public static string Describe(object value) => value switch
    {
        Array array => $"{Describe(value.GetType())} of length {array.Length}",
        SavedTensor tensor => $"a tensor of shape [{string.Join(", ", tensor.Shape)}]",
        _ => Describe(value.GetType()),
    };

    private static string Describe(Type type) =>
        type == typeof(long) ? "a 64-bit signed integer"
        : type == typeof(ulong) ? "a 64-bit unsigned integer"
        : type == typeof(double) ? "a double-precision number"
        : type == typeof(bool) ? "a truth value"
        : type == typeof(string) ? "a text"
        : type == typeof(float[]) ? "an array of single-precision numbers"
        : type == typeof(double[]) ? "an array of double-precision numbers"
        : type == typeof(long[]) ? "an array of 64-bit integers"
        : type == typeof(byte[]) ? "an array of bytes"
        : type == typeof(SavedTensor) ? "a tensor"
        : "a group";

    private static bool SameBits(object x, object y) => (x, y) switch
    {
        (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
        (float[] a, float[] b) => MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b)),
        (double[] a, double[] b) => MemoryMarshal.AsBytes<double>(a).SequenceEqual(MemoryMarshal.AsBytes<double>(b)),
        (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (SavedTensor a, SavedTensor b) => a.Shape.AsSpan().SequenceEqual(b.Shape) && SameBits(a.Values, b.Values),
        _ => x.Equals(y),
    };
}
