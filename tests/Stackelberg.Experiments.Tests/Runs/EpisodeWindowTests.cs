using Stackelberg.Agents;
using Stackelberg.Experiments.Runs;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Runs;

/// <summary>What a run remembers between rows: the last episodes, the latest metrics.</summary>
public sealed class EpisodeWindowTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Means_are_those_of_the_last_hundred_episodes()
    {
        var random = RandomStream.FromSeed(1);
        var window = new EpisodeWindow();
        List<(double Return, int Length)> all = [];
        for (int i = 0; i < 350; i++)
        {
            all.Add((random.NextNormal(), random.NextInt32(1000)));
            window.Add(Episode(all[^1].Return, all[^1].Length));

            window.Count.ShouldBe(i + 1);
            window.LastReturn.ShouldBe(all[^1].Return);
            window.MeanReturn.ShouldBe(all.TakeLast(100).Average(e => e.Return), 1e-13);
            window.MeanLength.ShouldBe(all.TakeLast(100).Average(e => e.Length), 1e-10);
        }
    }

    [Fact]
    public void Before_the_first_episode_there_is_no_mean()
    {
        var window = new EpisodeWindow();
        window.Count.ShouldBe(0);
        double.IsNaN(window.LastReturn).ShouldBeTrue();
        double.IsNaN(window.MeanReturn).ShouldBeTrue();
        double.IsNaN(window.MeanLength).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(273)]
    public void A_window_that_was_saved_goes_on_as_if_it_had_not_been(int episodes)
    {
        var (whole, first, second) = (new EpisodeWindow(), new EpisodeWindow(), new EpisodeWindow());
        second.Add(Episode(1e9, 1));
        for (int i = 0; i < episodes; i++)
        {
            whole.Add(Episode(Math.Sin(i), i));
            first.Add(Episode(Math.Sin(i), i));
        }

        MemoryState.Of(first).Restore(second);
        for (int i = 0; i < 130; i++)
        {
            second.Count.ShouldBe(whole.Count);
            second.LastReturn.ShouldBe(whole.LastReturn);
            second.MeanReturn.ShouldBe(whole.MeanReturn);
            second.MeanLength.ShouldBe(whole.MeanLength);
            whole.Add(Episode(i, i));
            second.Add(Episode(i, i));
        }

        MemoryState.Of(second).FirstDifference(MemoryState.Of(whole)).ShouldBeNull();
    }

    [Fact]
    public void Metrics_keep_their_order_and_latest_values_and_are_written_once()
    {
        var board = new MetricBoard();
        board.Set("b", 1);
        board.Set("a", 2);
        board.Set("b", 3);
        board.Snapshot().ShouldBe([new("b", 3), new("a", 2)]);

        Table(board).ShouldBe("b,a\n3,2\n");
        Table(board).ShouldBe("\n\n");
        board.Set("a", 2);
        board.Set("c", double.NaN);
        Table(board).ShouldBe("a,c\n2,nan\n");
        board.Snapshot().Select(p => p.Key).ShouldBe(["b", "a", "c"]);
        board.Snapshot()[0].Value.ShouldBe(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Metrics_that_were_saved_remember_which_are_still_to_be_written(int metrics)
    {
        var board = new MetricBoard();
        for (int i = 0; i < metrics; i++)
        {
            board.Set($"old/{i}", i);
        }

        Table(board);
        board.Set("fresh/metric", 7);
        var other = new MetricBoard();
        other.Set("something else", 1);
        MemoryState.Of(board).Restore(other);

        other.Snapshot().ShouldBe(board.Snapshot());
        Table(other).ShouldBe("fresh/metric\n7\n");
        other.Set("old/0", 9);
        Table(other).ShouldBe("old/0\n9\n");
    }

    private string Table(MetricBoard board)
    {
        string path = folder.Below("metrics.csv");
        using (CsvTable table = CsvTable.Open(path, [], 0))
        {
            board.MoveTo(table);
            table.EndRow();
        }

        // without columns the header is an empty line, to which the first column is added
        return File.ReadAllText(path);
    }

    private static EpisodeSummary Episode(double value, int length) => new(0, value, length, true);
}
