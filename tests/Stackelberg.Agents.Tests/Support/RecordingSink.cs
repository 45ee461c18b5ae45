using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingSink : ITrainingSink
{
    public List<EpisodeSummary> Episodes { get; } = [];

    public List<HypergradientReport> Reports { get; } = [];

    public List<string> Notices { get; } = [];

    public Dictionary<string, double> Metrics { get; } = [];

    public void Episode(in EpisodeSummary episode) => Episodes.Add(episode);

    public void Metric(string name, double value) => Metrics[name] = value;

    public void Notice(string message) => Notices.Add(message);

    public void Hypergradient(in HypergradientReport report) => Reports.Add(report);
}
