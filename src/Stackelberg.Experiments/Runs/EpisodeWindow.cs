using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Experiments.Runs;

/// <summary>Counts training episodes and remembers the last hundred.</summary>
internal sealed class EpisodeWindow : IStateful
{
    private const int Size = 100;

    private readonly double[] returns = new double[Size];
    private readonly double[] lengths = new double[Size];

    public long Count { get; private set; }

    /// <summary>Return of the last episode; NaN before the first.</summary>
    public double LastReturn => Count == 0 ? double.NaN : returns[(Count - 1) % Size];

    /// <summary>Mean return of the episodes remembered; NaN before the first.</summary>
    public double MeanReturn => SampleStatistics.Mean(returns.AsSpan(0, Filled));

    /// <summary>Mean number of steps of the episodes remembered; NaN before the first.</summary>
    public double MeanLength => SampleStatistics.Mean(lengths.AsSpan(0, Filled));

    private int Filled => (int)Math.Min(Count, Size);

    public void Add(double episodeReturn, int length)
    {
        returns[Count % Size] = episodeReturn;
        lengths[Count % Size] = length;
        Count++;
    }

    public void Save(StateWriter writer)
    {
        writer.Write("count", Count);
        writer.WriteArray("returns", returns);
        writer.WriteArray("lengths", lengths);
    }

    public void Load(StateReader reader)
    {
        Count = reader.ReadInt64("count");
        reader.ReadArray("returns", returns);
        reader.ReadArray("lengths", lengths);
    }
}
