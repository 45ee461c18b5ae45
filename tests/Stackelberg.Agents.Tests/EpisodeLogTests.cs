using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;

namespace Stackelberg.Agents.Tests;

public sealed class EpisodeLogTests
{
    [Fact]
    public void Keeps_what_it_is_told_and_tells_the_next_in_the_same_order()
    {
        RecordingSink next = new();
        EpisodeLog log = new(next);
        log.MeanReturn().ShouldBe(double.NaN);
        log.LastHypergradient.ShouldBeNull();
        for (int i = 1; i <= 5; i++)
        {
            log.Episode(new EpisodeSummary(10 * i, i * i, 10, i % 2 == 0));
            log.Metric("critic/loss", i);
            log.Hypergradient(default(HypergradientReport) with { Update = i });
        }

        log.Metric("actor/entropy", 0.5);
        log.Notice("said once");

        log.Returns.ShouldBe([1, 4, 9, 16, 25]);
        log.Episodes.Select(e => (e.Step, e.Terminated)).ShouldBe([(10, false), (20, true), (30, false), (40, true), (50, false)]);
        log.Metrics.ShouldBe(new Dictionary<string, double> { ["critic/loss"] = 5, ["actor/entropy"] = 0.5 }, ignoreOrder: true);
        log.LastHypergradient!.Value.Update.ShouldBe(5);
        log.Notices.ShouldBe(["said once"]);
        (log.MeanReturn(2), log.MeanReturn(5), log.MeanReturn()).ShouldBe((20.5, 11, 11));
        Should.Throw<ArgumentOutOfRangeException>(() => log.MeanReturn(0));

        next.Episodes.ShouldBe(log.Episodes);
        next.Metrics.ShouldBe(log.Metrics, ignoreOrder: true);
        next.Reports.Select(r => r.Update).ShouldBe([1, 2, 3, 4, 5]);
        next.Notices.ShouldBe(["said once"]);
    }

    [Fact]
    public void A_sink_implements_what_it_cares_for_and_the_rest_is_dropped()
    {
        OnlyEpisodes only = new();
        ITrainingSink sink = only;
        sink.Episode(new EpisodeSummary(1, 2, 3, true));
        sink.Metric("critic/loss", 1);
        sink.Hypergradient(default);
        sink.Notice("dropped");
        only.Count.ShouldBe(1);
    }

    private sealed class OnlyEpisodes : ITrainingSink
    {
        public int Count { get; private set; }

        public void Episode(in EpisodeSummary episode) => Count++;
    }
}
