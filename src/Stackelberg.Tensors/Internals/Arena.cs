using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Tensors.Internals;

/// <summary>A place in an <see cref="Arena{T}"/> to go back to.</summary>
internal readonly record struct ArenaMark(int Chunk, int Top);

/// <summary>
/// Storage handed out in sequence and taken back all at once. After the first updates have shown how much is needed it allocates nothing.
/// </summary>
internal sealed unsafe class Arena<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // beyond this many elements chunks stay separate: joining them would need one huge block
    private const long LargestJoined = 1L << 28;

    private readonly List<FlatVector<T>> chunks = [];
    private int chunk;
    private T* start;
    private int top;
    private int capacity;

    public Arena(int initialCapacity) => Use(Add(initialCapacity), 0);

    public ArenaMark Mark => new(chunk, top);

    /// <summary>Storage for <paramref name="count"/> elements on a 64-byte boundary, content undefined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Take(int count)
    {
        // one line more than needed, so that matrices of a power-of-two size do not fall on the same cache sets
        count = Padding.RoundUp(count) + Padding.Unit;
        if (count > capacity - top)
        {
            TakeNextChunk(count);
        }

        T* result = start + top;
        top += count;
        return result;
    }

    public void Rewind(ArenaMark mark) => Use(mark.Chunk, mark.Top);

    public void Reset()
    {
        if (chunk > 0)
        {
            Join();
        }

        Use(0, 0);
    }

    /// <summary>Fills everything not handed out with <paramref name="value"/>; shows tests who relies on old content.</summary>
    public void FillFree(T value)
    {
        new Span<T>(start + top, capacity - top).Fill(value);
        for (int i = chunk + 1; i < chunks.Count; i++)
        {
            chunks[i].Span.Fill(value);
        }
    }

    private void TakeNextChunk(int count)
    {
        int next = chunk + 1;
        if (next < chunks.Count && chunks[next].Length < count)
        {
            chunks.RemoveRange(next, chunks.Count - next);
        }

        if (next == chunks.Count)
        {
            long doubled = Math.Min(2L * chunks[chunk].Length, LargestJoined);
            Add((int)Math.Max(doubled, count));
        }

        Use(next, 0);
    }

    private void Join()
    {
        long total = 0;
        foreach (FlatVector<T> part in chunks)
        {
            total += part.Length;
        }

        if (total <= LargestJoined)
        {
            chunks.Clear();
            Add((int)total);
        }
    }

    private int Add(int length)
    {
        chunks.Add(new FlatVector<T>(Padding.RoundUp(length)));
        return chunks.Count - 1;
    }

    private void Use(int index, int from)
    {
        chunk = index;
        start = chunks[index].Pointer;
        capacity = chunks[index].Length;
        top = from;
    }
}
