using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>Keeps the episodes, the last value of each metric, the last hypergradient's report and the notices of a training.</summary>
/// <param name="next">Told everything as well; null for nobody.</param>
public sealed class EpisodeLog(ITrainingSink? next = null) : ITrainingSink
{
    private readonly List<EpisodeSummary> episodes = [];
    private readonly List<double> returns = [];
    private readonly Dictionary<string, double> metrics = new(StringComparer.Ordinal);
    private readonly List<string> notices = [];

    /// <summary>The episodes that ended, in order.</summary>
    public IReadOnlyList<EpisodeSummary> Episodes => episodes;

    /// <summary>Their undiscounted returns.</summary>
    public IReadOnlyList<double> Returns => returns;

    /// <summary>The last value of each metric, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics => metrics;

    /// <summary>What the last leader update did; null where nobody leads.</summary>
    public HypergradientReport? LastHypergradient { get; private set; }

    /// <summary>What the user should know.</summary>
    public IReadOnlyList<string> Notices => notices;

    /// <summary>Mean return of the latest episodes; NaN as long as none has ended.</summary>
    /// <param name="episodes">How many at most, at least 1.</param>
    public double MeanReturn(int episodes = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(episodes);
        int count = Math.Min(episodes, returns.Count);
        return count == 0 ? double.NaN : returns.TakeLast(count).Average();
    }

    /// <inheritdoc/>
    public void Episode(in EpisodeSummary episode)
    {
        episodes.Add(episode with { AgentReturns = episode.AgentReturns.ToArray() });
        returns.Add(episode.Return);
        next?.Episode(episode);
    }

    /// <inheritdoc/>
    public void Metric(string name, double value)
    {
        metrics[name] = value;
        next?.Metric(name, value);
    }

    /// <inheritdoc/>
    public void Hypergradient(in HypergradientReport report)
    {
        LastHypergradient = report;
        next?.Hypergradient(report);
    }

    /// <inheritdoc/>
    public void Notice(string message)
    {
        notices.Add(message);
        next?.Notice(message);
    }
}
