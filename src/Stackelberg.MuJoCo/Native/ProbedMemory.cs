namespace Stackelberg.MuJoCo.Native;

/// <summary>The blocks the engine allocated while the probe's model was made, and the error that names a wrong entry.</summary>
internal sealed class ProbedMemory(int version, List<(nint Address, nint Bytes)> blocks)
{
    /// <summary>Bytes of the block that begins at <paramref name="address"/>; 0 when there is none.</summary>
    internal nint BytesAt(nint address)
    {
        // The last one counts: the compiler frees and re-uses blocks on the way.
        int index = blocks.FindLastIndex(block => block.Address == address);
        return index < 0 ? 0 : blocks[index].Bytes;
    }

    /// <summary>Whether <paramref name="bytes"/> bytes at <paramref name="address"/> lie within one block.</summary>
    internal bool Contains(nint address, nint bytes) =>
        blocks.Exists(block => address >= block.Address && bytes <= block.Address + block.Bytes - address);

    /// <summary>The error that rejects the table.</summary>
    internal MujocoException Mismatch(string entry) =>
        new($"The struct layout for MuJoCo number {version} does not fit the loaded library: {entry} is wrong. " +
            "Use the library of the very version the table was made for, or make the table anew (Native/Layouts/README.md).");
}

/// <summary>Bounds-checked reading of a native struct.</summary>
internal sealed unsafe class ProbedStruct
{
    private readonly ProbedMemory memory;
    private readonly byte* start;
    private readonly nint bytes;

    /// <summary>The struct at <paramref name="start"/>, which must have exactly <paramref name="bytes"/> bytes.</summary>
    /// <exception cref="MujocoException">It has not.</exception>
    internal ProbedStruct(ProbedMemory memory, void* start, int bytes, string entry)
    {
        this.memory = memory;
        this.start = (byte*)start;
        this.bytes = bytes;
        Check(memory.BytesAt((nint)start) == bytes, entry);
    }

    /// <summary>Throws the error that names <paramref name="entry"/> unless <paramref name="fits"/>.</summary>
    /// <exception cref="MujocoException">It does not fit.</exception>
    internal void Check(bool fits, string entry)
    {
        if (!fits)
        {
            throw memory.Mismatch(entry);
        }
    }

    internal int Int32(int offset, string entry) => *(int*)Field(offset, sizeof(int), entry);

    internal double Double(int offset, string entry) => *(double*)Field(offset, sizeof(double), entry);

    internal long Size(int offset, int sizeBytes, string entry) =>
        sizeBytes == sizeof(long) ? *(long*)Field(offset, sizeof(long), entry) : Int32(offset, entry);

    /// <summary>The array of doubles the field at <paramref name="offset"/> points to.</summary>
    /// <exception cref="MujocoException">The field lies outside the struct, or does not point to that many numbers.</exception>
    internal Span<double> Array(int offset, int length, string entry) => Array<double>(offset, length, entry);

    /// <summary>The array the field at <paramref name="offset"/> points to.</summary>
    /// <exception cref="MujocoException">The field lies outside the struct, or does not point to that many numbers.</exception>
    internal Span<T> Array<T>(int offset, int length, string entry)
        where T : unmanaged
    {
        nint address = *(nint*)Field(offset, sizeof(nint), entry);
        Check(address % sizeof(T) == 0 && memory.Contains(address, length * sizeof(T)), entry);
        return new Span<T>((void*)address, length);
    }

    private byte* Field(int offset, int size, string entry)
    {
        Check(offset >= 0 && offset <= bytes - size, entry);
        return start + offset;
    }
}
