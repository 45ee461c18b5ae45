using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Replay;

/// <summary>
/// The last transitions (s, a, r, s′, terminated), kept in single precision in a ring and drawn uniformly with replacement.
/// </summary>
/// <remarks>
/// Only termination ends the future: a transition cut by a time limit is stored with its true next observation and counts as not terminated.
/// Drawing (<see cref="Draw"/>) and gathering (<see cref="Gather"/>) are separate, so that another rule may choose the indices.
/// Memory is 4 (2 · observation size + action size + 1) + 1 bytes per transition (<see cref="Bytes"/>), and touched only as it fills.
/// </remarks>
public sealed class ReplayBuffer<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int observationSize;
    private readonly int actionSize;
    private readonly int width;
    private readonly float[] rows;
    private readonly byte[] terminated;
    private int next;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">Transitions kept, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or the transitions do not fit into one array.</exception>
    public ReplayBuffer(int capacity, int observationSize, int actionSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observationSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(actionSize);
        this.observationSize = observationSize;
        this.actionSize = actionSize;
        width = (2 * observationSize) + actionSize + 1;
        if ((long)capacity * width > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, $"A buffer of observations of {observationSize} numbers holds at most {Array.MaxLength / width} transitions.");
        }

        rows = GC.AllocateUninitializedArray<float>(capacity * width);
        terminated = new byte[capacity];
    }

    /// <summary>Transitions it can hold.</summary>
    public int Capacity => terminated.Length;

    /// <summary>Transitions it holds.</summary>
    public int Count { get; private set; }

    /// <summary>Memory when full, in bytes.</summary>
    public long Bytes => BytesFor(Capacity, observationSize, actionSize);

    /// <summary>Memory of a full buffer, in bytes.</summary>
    public static long BytesFor(long capacity, int observationSize, int actionSize) =>
        capacity * ((sizeof(float) * ((2L * observationSize) + actionSize + 1)) + 1);

    /// <summary>Stores a transition in place of the oldest one when full.</summary>
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

        Span<float> row = Row(next);
        Narrow(observation, row);
        Narrow(action, row[observationSize..]);
        Narrow(nextObservation, row[(observationSize + actionSize)..]);
        row[^1] = (float)reward;
        this.terminated[next] = terminated ? (byte)1 : (byte)0;
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
        for (int i = 0; i < batch.Rows; i++)
        {
            int index = indices[i];
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(indices));
            ReadOnlySpan<float> row = Row(index);
            Widen(row[..observationSize], batch.Observations.Row(i));
            Widen(row[..(observationSize + actionSize)], batch.Inputs.Row(i));
            Widen(row[(observationSize + actionSize)..^1], batch.NextObservations.Row(i));
            batch.Rewards[i] = T.CreateTruncating(row[^1]);
            batch.Continues[i] = terminated[index] == 0 ? T.One : T.Zero;
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("capacity", (long)Capacity);
        writer.Write("count", (long)Count);
        writer.Write("next", (long)next);
        writer.WriteArray("transitions", rows.AsSpan(0, Count * width));
        writer.WriteArray("terminated", terminated.AsSpan(0, Count));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        long stored = reader.ReadInt64("capacity");
        long count = reader.ReadInt64("count");
        if (stored != Capacity || count < 0 || count > Capacity)
        {
            throw new StateException(
                $"The saved replay buffer has room for {stored} transitions and holds {count}, this one has room for {Capacity}: use the same buffer_size.");
        }

        reader.ReadArray("transitions", rows.AsSpan(0, (int)count * width));
        reader.ReadArray("terminated", terminated.AsSpan(0, (int)count));
        Count = (int)count;
        next = (int)reader.ReadInt64("next");
    }

    private static void Narrow(ReadOnlySpan<double> from, Span<float> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = (float)from[i];
        }
    }

    private static void Widen(ReadOnlySpan<float> from, Span<T> to)
    {
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = T.CreateTruncating(from[i]);
        }
    }

    private Span<float> Row(int index) => rows.AsSpan(index * width, width);
}
