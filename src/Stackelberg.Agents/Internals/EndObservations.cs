namespace Stackelberg.Agents.Internals;

/// <summary>
/// Observations that followed some of the transitions of a ring, in the order of the transitions: a queue that grows by doubling up to a limit.
/// </summary>
/// <param name="size">Numbers of an observation.</param>
/// <param name="limit">Places of the ring, and the most entries there can be.</param>
internal sealed class EndObservations(int size, int limit)
{
    private const int FirstSlots = 64;

    private int[] transitions = [];
    private float[] observations = [];
    private int head;
    private int count;

    /// <summary>Memory reserved.</summary>
    public long Bytes => (sizeof(int) * (long)transitions.Length) + (sizeof(float) * (long)observations.Length);

    /// <summary>Removes all entries.</summary>
    public void Clear() => (head, count) = (0, 0);

    /// <summary>Adds the observation after the transition at <paramref name="place"/>, newer than all entries.</summary>
    public void Add(int place, ReadOnlySpan<float> observation)
    {
        if (count == transitions.Length)
        {
            Grow();
        }

        int slot = Slot(count);
        transitions[slot] = place;
        observation.CopyTo(observations.AsSpan(slot * size, size));
        count++;
    }

    /// <summary>Removes the oldest entry.</summary>
    public void RemoveOldest()
    {
        head = Slot(1);
        count--;
    }

    /// <summary>The observation after the transition at <paramref name="place"/>, which must have an entry.</summary>
    /// <param name="next">The place the ring writes next: from here on, in the ring, transitions are the newer the later.</param>
    public ReadOnlySpan<float> Of(int place, int next)
    {
        int age = Order(place, next);
        int low = 0;
        for (int high = count - 1; low < high;)
        {
            int middle = (low + high) >> 1;
            if (Order(transitions[Slot(middle)], next) < age)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return observations.AsSpan(Slot(low) * size, size);
    }

    /// <summary>All observations, oldest first, in one piece: what is saved is the same wherever in its array the queue begins.</summary>
    public Span<float> InOrder()
    {
        if (head != 0)
        {
            Rotate(transitions.AsSpan(), head);
            Rotate(observations.AsSpan(), head * size);
            head = 0;
        }

        return observations.AsSpan(0, count * size);
    }

    // in place, so that saving needs no second copy
    private static void Rotate<TElement>(Span<TElement> values, int by)
    {
        values[..by].Reverse();
        values[by..].Reverse();
        values.Reverse();
    }

    private int Order(int place, int next) => place < next ? place - next + limit : place - next;

    private int Slot(int position) => head + position < transitions.Length ? head + position : head + position - transitions.Length;

    private void Grow()
    {
        InOrder();
        int slots = (int)Math.Min(limit, Math.Max(FirstSlots, 2L * transitions.Length));
        Array.Resize(ref transitions, slots);
        float[] grown = GC.AllocateUninitializedArray<float>(slots * size);
        observations.AsSpan(0, count * size).CopyTo(grown);
        observations = grown;
    }
}
