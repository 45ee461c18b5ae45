using System.Runtime.InteropServices;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Numbers observations as they are met: a table's rows. Two observations are one state where all their numbers are equal.</summary>
/// <param name="size">Numbers of an observation.</param>
internal sealed class StateIndex(int size) : IStateful
{
    /// <summary>More states than a table is for.</summary>
    public const int Most = 1_000_000;

    private readonly Dictionary<ulong, List<int>> places = [];
    private readonly List<double> observations = [];

    /// <summary>States met so far.</summary>
    public int Count => observations.Count / size;

    /// <summary>An observation by its number; valid until another is added.</summary>
    public ReadOnlySpan<double> this[int number] => CollectionsMarshal.AsSpan(observations).Slice(number * size, size);

    /// <summary>The number of an observation, a new one if it was never met.</summary>
    /// <exception cref="EnvironmentException">There are too many: what is observed is no finite set.</exception>
    public int Of(ReadOnlySpan<double> observation)
    {
        if (Find(observation) is >= 0 and var known)
        {
            return known;
        }

        if (Count == Most)
        {
            throw new EnvironmentException($"More than {Most} different observations were met; tables are for environments with few states. Use a method with networks.");
        }

        Add(observation);
        return Count - 1;
    }

    /// <summary>The number of an observation; −1 if it was never met.</summary>
    public int Find(ReadOnlySpan<double> observation)
    {
        if (places.TryGetValue(Hash(observation), out List<int>? candidates))
        {
            foreach (int place in CollectionsMarshal.AsSpan(candidates))
            {
                if (this[place].SequenceEqual(observation))
                {
                    return place;
                }
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("states", (long)Count);
        writer.WriteArray("observations", CollectionsMarshal.AsSpan(observations));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        long count = reader.ReadInt64("states");
        if (count is < 0 or > Most)
        {
            throw new StateException($"The saved table has {count} states; between 0 and {Most} are possible.");
        }

        double[] saved = new double[count * size];
        reader.ReadArray("observations", saved);
        places.Clear();
        observations.Clear();
        for (int i = 0; i < count; i++)
        {
            Add(saved.AsSpan(i * size, size));
        }
    }

    private static ulong Hash(ReadOnlySpan<double> observation)
    {
        ulong hash = 14695981039346656037;
        foreach (double value in observation)
        {
            // −0 equals 0
            hash = (hash ^ BitConverter.DoubleToUInt64Bits(value + 0.0)) * 1099511628211;
        }

        return hash;
    }

    private void Add(ReadOnlySpan<double> observation)
    {
        ulong hash = Hash(observation);
        if (!places.TryGetValue(hash, out List<int>? candidates))
        {
            places[hash] = candidates = [];
        }

        candidates.Add(Count);
        observations.AddRange(observation);
    }
}
