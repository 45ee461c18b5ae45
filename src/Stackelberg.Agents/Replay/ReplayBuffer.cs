using System.Numerics;
using System.Runtime.InteropServices;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Replay;

/// <summary>
/// The last transitions (s, a, r, s′, terminated), kept in single precision in a ring and drawn uniformly with replacement.
/// </summary>
/// <remarks>
/// Only termination ends the future: a transition cut by a time limit is stored with its true next observation and counts as not terminated.
/// Drawing (<see cref="Draw"/>) and gathering (<see cref="Gather"/>) are separate, so that another rule may choose the indices.
/// Each observation is stored once: s′ is the observation of the following row wherever the two are equal to the bit, which is so while an episode
/// goes on; where they differ, s′ is kept apart. A transition therefore comes back with its own s′ whatever the order of adding; adding episodes
/// one after another is what makes it compact. <see cref="ReplayMemory"/> says what it needs; memory is touched only as it fills.
/// </remarks>
public sealed class ReplayBuffer<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const byte Terminated = 1;
    private const byte KeptApart = 2;

    private readonly int observationSize;
    private readonly int actionSize;
    private readonly int width;
    private readonly float[] rows;
    private readonly byte[] marks;
    private readonly float[] lastObservation;
    private readonly EndObservations ends;
    private int next;
    private float fetched;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Transitions kept, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    /// <exception cref="OverflowException">The transitions do not fit into one array.</exception>
    public ReplayBuffer(int capacity, int observationSize, int actionSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observationSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(actionSize);
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        width = observationSize + actionSize + 1;
        if ((long)capacity * width > Array.MaxLength)
        {
            throw new OverflowException(
                $"A replay buffer of {capacity} transitions with {observationSize} observed numbers does not fit into one array. Lower buffer_size to at most {Array.MaxLength / width}.");
        }

        rows = GC.AllocateUninitializedArray<float>(capacity * width);
        marks = new byte[capacity];
        lastObservation = new float[observationSize];
        ends = new EndObservations(observationSize, capacity);
    }

    /// <summary>Transitions it can hold.</summary>
    public int Capacity => marks.Length;

    /// <summary>Transitions it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Memory reserved at present, in bytes: all transitions, and the next observations kept apart so far.</summary>
    public long Bytes => (sizeof(float) * ((long)rows.Length + lastObservation.Length)) + marks.Length + ends.Bytes;

    /// <summary>What it needs when full.</summary>
    public ReplayMemory Memory => ReplayMemory.Of(Capacity, observationSize, actionSize);

    private int Newest => next == 0 ? Capacity - 1 : next - 1;

    /// <summary>Stores a transition in place of the oldest one when full.</summary>
    /// <param name="observation">s, as long as the buffer's observations.</param>
    /// <param name="action">a</param>
    /// <param name="reward">r</param>
    /// <param name="nextObservation">s′; where a time limit cut the episode, the observation reached and not that of the next episode.</param>
    /// <param name="terminated">Whether the environment ended the episode; false where a time limit did.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Add(
        ReadOnlySpan<double> observation, ReadOnlySpan<double> action, double reward, ReadOnlySpan<double> nextObservation, bool terminated)
    {
        if (observation.Length != observationSize || nextObservation.Length != observationSize || action.Length != actionSize)
        {
            throw new ArgumentException(
                $"A transition has observations of {observationSize} and an action of {actionSize} numbers; " +
                $"got {observation.Length}, {nextObservation.Length} and {action.Length}.");
        }

        if (Count == Capacity && (marks[next] & KeptApart) != 0)
        {
            ends.RemoveOldest();
        }

        Span<float> row = Row(next);
        Narrow(observation, row);
        // with room for one, the transition that lastObservation belongs to is being replaced
        if (Count > 0 && Newest != next && !SameBits(row[..observationSize], lastObservation))
        {
            ends.Add(Newest, lastObservation);
            marks[Newest] |= KeptApart;
        }

        Narrow(action, row[observationSize..]);
        row[^1] = (float)reward;
        Narrow(nextObservation, lastObservation);
        marks[next] = terminated ? Terminated : (byte)0;
        next = next + 1 == Capacity ? 0 : next + 1;
        Count = Math.Min(Count + 1, Capacity);
    }

    /// <summary>Draws indices uniformly, with replacement.</summary>
    /// <exception cref="InvalidOperationException">The buffer is empty.</exception>
    public void Draw(RandomStream random, Span<int> indices)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("The replay buffer is empty; add transitions before drawing.");
        }

        for (int i = 0; i < indices.Length; i++)
        {
            indices[i] = random.NextInt32(Count);
        }
    }

    /// <summary>Copies transitions into a batch.</summary>
    /// <param name="indices">One per row of the batch, each below <see cref="Count"/>.</param>
    public void Gather(ReadOnlySpan<int> indices, ReplayBatch<T> batch)
    {
        Fetch(indices[..batch.Rows]);
        for (int i = 0; i < batch.Rows; i++)
        {
            int index = indices[i];
            ReadOnlySpan<float> row = Row(index);
            Widen(row[..observationSize], batch.Observations.Row(i));
            Widen(row[..^1], batch.Inputs.Row(i));
            Widen(NextObservation(index), batch.NextObservations.Row(i));
            batch.Rewards[i] = T.CreateTruncating(row[^1]);
            batch.Continues[i] = (marks[index] & Terminated) == 0 ? T.One : T.Zero;
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("capacity", (long)Capacity);
        writer.Write("count", (long)Count);
        writer.Write("next", (long)next);
        writer.WriteArray("last_observation", lastObservation);
        writer.WriteArray("transitions", rows.AsSpan(0, Count * width));
        writer.WriteArray("marks", marks.AsSpan(0, Count));
        writer.WriteArray("end_observations", ends.InOrder());
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        long stored = reader.ReadInt64("capacity");
        long count = reader.ReadInt64("count");
        long position = reader.ReadInt64("next");
        if (stored != Capacity || count < 0 || count > Capacity)
        {
            throw new StateException(
                $"The saved replay buffer has room for {stored} transitions and holds {count}, this one has room for {Capacity}: use the same buffer_size.");
        }

        if (position < 0 || (count < Capacity ? position != count : position >= Capacity))
        {
            throw new StateException($"The saved replay buffer holds {count} of {stored} transitions and cannot go on at {position}.");
        }

        reader.ReadArray("last_observation", lastObservation);
        reader.ReadArray("transitions", rows.AsSpan(0, (int)count * width));
        reader.ReadArray("marks", marks.AsSpan(0, (int)count));
        Count = (int)count;
        next = (int)position;
        int oldest = Count < Capacity ? 0 : next;
        ends.Clear();
        for (int i = 0; i < Count; i++)
        {
            int index = oldest + i < Capacity ? oldest + i : oldest + i - Capacity;
            if ((marks[index] & KeptApart) != 0)
            {
                ends.Add(index, lastObservation);
            }
        }

        reader.ReadArray("end_observations", ends.InOrder());
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
        }
    }

    private static void Widen(ReadOnlySpan<float> from, Span<T> to)
    {
        if (typeof(T) == typeof(float))
        {
            from.CopyTo(MemoryMarshal.Cast<T, float>(to));
            return;
        }

        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }

    /// <summary>
    /// Reads one number per cache line of all rows and of the observations after them. The rows of a large buffer are not in the cache; loads that do not
    /// wait for each other, as the copies do, overlap.
    /// </summary>
    private void Fetch(ReadOnlySpan<int> indices)
    {
        const int Line = 16;
        float sum = 0;
        foreach (int index in indices)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(indices));
            int end = Math.Min(rows.Length, (index * width) + width + observationSize);
            for (int i = index * width; i < end; i += Line)
            {
                sum += rows[i];
            }
        }

        fetched = sum;
    }

    private ReadOnlySpan<float> NextObservation(int index)
    {
        if ((marks[index] & KeptApart) != 0)
        {
            return ends.Of(index, next);
        }

        int following = index + 1 == Capacity ? 0 : index + 1;
        return following == next ? lastObservation : rows.AsSpan(following * width, observationSize);
    }

    private Span<float> Row(int index) => rows.AsSpan(index * width, width);
}
