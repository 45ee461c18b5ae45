using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Internals;

/// <summary>
/// Writes a learner's state through, unless it holds infinity, or NaN in an array: whoever went on from it could only fail. What environments say of
/// themselves is their own affair.
/// </summary>
/// <param name="inner">Where it goes.</param>
/// <param name="place">Keys down to this group, each followed by a slash.</param>
/// <param name="fault">Makes the exception from the place of the number.</param>
internal sealed class FiniteWriter(StateWriter inner, string place, Func<string, Exception> fault) : StateWriter
{
    /// <summary>The key of an environment within a learner's state.</summary>
    public const string Environment = "environment";

    public override void Write(string key, long value) => inner.Write(key, value);

    public override void Write(string key, ulong value) => inner.Write(key, value);

    public override void Write(string key, double value)
    {
        Require(key, !double.IsInfinity(value));
        inner.Write(key, value);
    }

    public override void Write(string key, bool value) => inner.Write(key, value);

    public override void Write(string key, string value) => inner.Write(key, value);

    public override void WriteArray(string key, ReadOnlySpan<float> values)
    {
        Require(key, Vectors.AllFinite(values));
        inner.WriteArray(key, values);
    }

    public override void WriteArray(string key, ReadOnlySpan<double> values)
    {
        Require(key, Vectors.AllFinite(values));
        inner.WriteArray(key, values);
    }

    public override void WriteArray(string key, ReadOnlySpan<long> values) => inner.WriteArray(key, values);

    public override void WriteArray(string key, ReadOnlySpan<byte> values) => inner.WriteArray(key, values);

    public override void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape)
    {
        Require(key, Vectors.AllFinite(values));
        inner.WriteTensor(key, values, shape);
    }

    public override StateWriter Group(string key) => key == Environment ? inner.Group(key) : new FiniteWriter(inner.Group(key), $"{place}{key}/", fault);

    private void Require(string key, bool isFinite)
    {
        if (!isFinite)
        {
            throw fault(place + key);
        }
    }
}
