namespace Stackelberg.Primitives;

/// <summary>
/// Receives named scalars, arrays and nested groups. Implementations decide the form: memory, or the files of a checkpoint.
/// </summary>
/// <remarks>Keys are lower_snake_case and unique within a group. Floating-point values are kept to the last bit, NaN and infinities included.</remarks>
public abstract class StateWriter
{
    /// <summary>Writes a 64-bit signed integer.</summary>
    public abstract void Write(string key, long value);

    /// <summary>Writes a 64-bit unsigned integer.</summary>
    public abstract void Write(string key, ulong value);

    /// <summary>Writes a double-precision number.</summary>
    public abstract void Write(string key, double value);

    /// <summary>Writes a truth value.</summary>
    public abstract void Write(string key, bool value);

    /// <summary>Writes a text.</summary>
    public abstract void Write(string key, string value);

    /// <summary>Writes an array of single-precision numbers.</summary>
    public abstract void WriteArray(string key, ReadOnlySpan<float> values);

    /// <summary>Writes an array of double-precision numbers.</summary>
    public abstract void WriteArray(string key, ReadOnlySpan<double> values);

    /// <summary>Writes an array of 64-bit integers.</summary>
    public abstract void WriteArray(string key, ReadOnlySpan<long> values);

    /// <summary>Writes raw bytes.</summary>
    public abstract void WriteArray(string key, ReadOnlySpan<byte> values);

    /// <summary>
    /// Writes a named tensor, row-major without padding. Checkpoints keep these in a safetensors file of their own, so that other
    /// programs can read network weights.
    /// </summary>
    public abstract void WriteTensor(string key, ReadOnlySpan<float> values, ReadOnlySpan<int> shape);

    /// <summary>Opens a nested group of keys.</summary>
    public abstract StateWriter Group(string key);

    /// <summary>Saves a nested object under <paramref name="key"/>.</summary>
    public void Write(string key, IStateful value) => value.Save(Group(key));
}
