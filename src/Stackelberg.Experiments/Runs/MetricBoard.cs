using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Runs;

/// <summary>The latest value of every metric, in the order in which the metrics first came up, and which came up since the last row.</summary>
internal sealed class MetricBoard : IStateful
{
    private readonly List<string> names = [];
    private readonly Dictionary<string, int> indices = new(StringComparer.Ordinal);
    private readonly List<double> values = [];
    private readonly List<bool> isFresh = [];

    public void Set(string name, double value)
    {
        if (!indices.TryGetValue(name, out int index))
        {
            index = names.Count;
            indices.Add(name, index);
            names.Add(name);
            values.Add(value);
            isFresh.Add(true);
        }

        values[index] = value;
        isFresh[index] = true;
    }

    /// <summary>A copy of all latest values.</summary>
    public KeyValuePair<string, double>[] Snapshot()
    {
        var snapshot = new KeyValuePair<string, double>[names.Count];
        for (int i = 0; i < snapshot.Length; i++)
        {
            snapshot[i] = new KeyValuePair<string, double>(names[i], values[i]);
        }

        return snapshot;
    }

    /// <summary>A copy of the values that came up since the last row.</summary>
    public KeyValuePair<string, double>[] Fresh() => [.. Snapshot().Where((_, i) => isFresh[i])];

    /// <summary>Puts the fresh values into the row in progress.</summary>
    public void MoveTo(CsvTable table)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (isFresh[i])
            {
                table.Set(names[i], values[i]);
                isFresh[i] = false;
            }
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write("names", string.Join('\n', names));
        writer.WriteArray("values", values.ToArray());
        writer.WriteArray("fresh", isFresh.ConvertAll(f => f ? (byte)1 : (byte)0).ToArray());
    }

    public void Load(StateReader reader)
    {
        names.Clear();
        names.AddRange(reader.ReadString("names").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        indices.Clear();
        double[] numbers = new double[names.Count];
        byte[] fresh = new byte[names.Count];
        reader.ReadArray("values", numbers);
        reader.ReadArray("fresh", fresh);
        values.Clear();
        values.AddRange(numbers);
        isFresh.Clear();
        for (int i = 0; i < names.Count; i++)
        {
            indices.Add(names[i], i);
            isFresh.Add(fresh[i] != 0);
        }
    }
}
