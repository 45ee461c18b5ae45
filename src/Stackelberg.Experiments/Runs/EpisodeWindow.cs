using Stackelberg.Agents;
using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Experiments.Runs;

/// <summary>Counts training episodes and remembers the last hundred.</summary>
/// <param name="agents">Agents, where there are several: the returns of each are remembered.</param>
internal sealed class EpisodeWindow(int agents = 0) : IStateful
{
    private const int Size = 100;

    private readonly double[] returns = new double[Size];
    private readonly double[] lengths = new double[Size];
    private readonly double[] ofAgents = new double[agents * Size];

    public long Count { get; private set; }

    /// <summary>Return of the last episode; NaN before the first.</summary>
    public double LastReturn => Count == 0 ? double.NaN : returns[(Count - 1) % Size];

    /// <summary>Mean return of the episodes remembered; NaN before the first.</summary>
    public double MeanReturn => SampleStatistics.Mean(returns.AsSpan(0, Filled));

    /// <summary>Mean number of steps of the episodes remembered; NaN before the first.</summary>
    public double MeanLength => SampleStatistics.Mean(lengths.AsSpan(0, Filled));

    /// <summary>Mean return of an agent; NaN before the first episode.</summary>
    public double MeanReturnOf(int agent) => SampleStatistics.Mean(ofAgents.AsSpan(agent * Size, Filled));

    private int Filled => (int)Math.Min(Count, Size);

    public void Add(in EpisodeSummary episode)
    {
        returns[Count % Size] = episode.Return;
        lengths[Count % Size] = episode.Length;
        for (int i = 0; i < agents; i++)
        {
            ofAgents[(i * Size) + (int)(Count % Size)] = episode.AgentReturns.Span[i];
        }

        Count++;
    }

    public void Save(StateWriter writer)
    {
        writer.Write("count", Count);
        writer.WriteArray("returns", returns);
        writer.WriteArray("lengths", lengths);
        if (agents > 0)
        {
            writer.WriteArray("agent_returns", ofAgents);
        }
    }

    public void Load(StateReader reader)
    {
        Count = reader.ReadInt64("count");
        reader.ReadArray("returns", returns);
        reader.ReadArray("lengths", lengths);
        if (agents > 0)
        {
            reader.ReadArray("agent_returns", ofAgents);
        }
    }
}
