using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors;

/// <summary>
/// Aligned storage for <typeparamref name="T"/>: the parameters of a network, a gradient, an Adam moment, a vector of a linear solver.
/// </summary>
/// <remarks>
/// The first element lies on a 64-byte boundary and never moves. Storage is rounded up to a multiple of 16 elements; the elements beyond
/// <see cref="Length"/> and all padding inside a <see cref="ParameterLayout"/> are zero, and every operation keeps them zero.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed unsafe class FlatVector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] storage;
    private readonly T* pointer;
    private readonly int start;

    /// <summary>A zero vector.</summary>
    /// <param name="length">Number of elements, 0 to <see cref="Padding.MaximumElements"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is outside that range.</exception>
    public FlatVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Padding.MaximumElements);
        Length = length;
        Capacity = Padding.RoundUp(length);
        int slack = 64 / Unsafe.SizeOf<T>();
        // pinned objects never move, so the aligned address taken here stays valid for as long as the array is reachable
        storage = GC.AllocateArray<T>(Capacity + slack, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(storage));
        pointer = (T*)((address + 63) & ~63);
        start = (int)(((nint)pointer - address) / Unsafe.SizeOf<T>());
    }

    private FlatVector(FlatVector<T> whole, int offset, int length)
    {
        (Length, Capacity) = (length, Padding.RoundUp(length));
        storage = whole.storage;
        pointer = whole.pointer + offset;
        start = whole.start + offset;
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>A part as a vector of its own that shares the memory: one network among those of a joint vector.</summary>
    /// <param name="offset">First element, a multiple of <see cref="Padding.Unit"/>.</param>
    /// <param name="length">A multiple of <see cref="Padding.Unit"/>, or what is left of the vector.</param>
    /// <exception cref="ArgumentException">The part is not aligned, or not inside the vector.</exception>
    public FlatVector<T> Slice(int offset, int length)
    {
        bool inside = offset >= 0 && length >= 0 && offset <= Length - length;
        if (!inside || offset % Padding.Unit != 0 || (length % Padding.Unit != 0 && offset + length != Length))
        {
            throw new ArgumentException(
                $"No part of {length} elements from {offset} on can be taken of a vector of {Length}: it must lie inside, and begin and end at a multiple of {Padding.Unit}.");
        }

        return new FlatVector<T>(this, offset, length);
    }

    /// <summary>The elements.</summary>
    /// <remarks>A reference into the array, not made from the address, so that the span keeps the memory alive.</remarks>
    public Span<T> Span => storage.AsSpan(start, Length);

    /// <summary>Number of elements including the zero tail; a multiple of 16.</summary>
    internal int Capacity { get; }

    /// <summary>Address of the first element; valid while this object is alive, which the user of the address sees to (GC.KeepAlive).</summary>
    internal T* Pointer => pointer;

    /// <summary>One element.</summary>
    public ref T this[int index] => ref Span[index];

    /// <summary>Sets all elements to zero.</summary>
    public void Clear() => storage.AsSpan(start, Capacity).Clear();

    /// <summary>Copies from a vector of the same length.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void CopyFrom(FlatVector<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length != Length)
        {
            throw new ArgumentException($"A vector of {Length} elements cannot take the {source.Length} elements of another.", nameof(source));
        }

        source.Span.CopyTo(Span);
    }

    /// <summary>Writes the elements under <paramref name="key"/>, to the last bit.</summary>
    public void Save(StateWriter writer, string key)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (typeof(T) == typeof(float))
        {
            writer.WriteArray(key, MemoryMarshal.Cast<T, float>(Span));
        }
        else
        {
            writer.WriteArray(key, MemoryMarshal.Cast<T, double>(Span));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="StateException">The key is missing, or holds another precision or length.</exception>
    public void Load(StateReader reader, string key)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (typeof(T) == typeof(float))
        {
            reader.ReadArray(key, MemoryMarshal.Cast<T, float>(Span));
        }
        else
        {
            reader.ReadArray(key, MemoryMarshal.Cast<T, double>(Span));
        }
    }
}

/// <summary>How rows are padded: every row of more than one element starts on a multiple of 16 elements.</summary>
public static class Padding
{
    /// <summary>Elements per padding unit: 64 bytes of <see cref="float"/>, 128 of <see cref="double"/>.</summary>
    public const int Unit = 16;

    /// <summary>Most elements of one vector or matrix, padding included: 2³⁰.</summary>
    public const int MaximumElements = 1 << 30;

    /// <summary>The distance between rows with <paramref name="columns"/> columns. A single column is stored densely.</summary>
    public static int Stride(int columns) => columns == 1 ? 1 : RoundUp(columns);

    /// <summary>The next multiple of <see cref="Unit"/>.</summary>
    public static int RoundUp(int count) => (count + Unit - 1) & ~(Unit - 1);

    /// <summary>Storage of some rows with <paramref name="columns"/> columns, in elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or there would be more than <see cref="MaximumElements"/>.</exception>
    public static int Elements(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        long count = columns > MaximumElements ? long.MaxValue : (long)rows * Stride(columns);
        return count <= MaximumElements
            ? (int)count
            : throw new ArgumentOutOfRangeException(
                nameof(rows), rows, $"{rows} rows of {columns} columns take more than the {MaximumElements} elements there is room for; use fewer rows.");
    }
}
