using Stackelberg.Reports.TensorBoard;
using Stackelberg.Reports.Tests.Support;

namespace Stackelberg.Reports.Tests.TensorBoard;

public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_later_file_comes_after_an_earlier_one_whatever_the_clock_says()
    {
        // the same second, and a clock that was put back
        foreach (double wall in new[] { 1.5e9, 1.5e9, 1.4e9, 1.6e9 })
        {
            using EventFile file = EventFile.Begin(folder["events"], wall);
        }

        Directory.GetFiles(folder["events"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(
            ["events.out.tfevents.1500000000.stackelberg", "events.out.tfevents.1500000001.stackelberg", "events.out.tfevents.1500000002.stackelberg", "events.out.tfevents.1600000000.stackelberg"]);
    }

    [Fact]
    public void A_reader_that_purges_drops_what_is_trained_again()
    {
        Write(null, (900, 1), (1000, 2), (1001, -1), (1400, -1));
        Write(1000, (1001, 3), (1400, 4), (1500, 5));

        ShownEvents shown = new(folder["events"]);

        shown.Starts.ShouldBe([1001]);
        shown.Curves["x"].ShouldBe([(900, "1.0"), (1000, "2.0"), (1001, "3.0"), (1400, "4.0"), (1500, "5.0")]);
    }

    [Fact]
    public void A_record_torn_by_a_kill_costs_itself_alone()
    {
        Write(null, (1, 1), (2, 2));
        string path = Directory.GetFiles(folder["events"]).Single();
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^3]);
        Write(0, (2, 7));

        new ShownEvents(folder["events"]).Curves["x"].ShouldBe([(2, "7.0")]);
        new ShownEvents(folder["events"]).Starts.ShouldBe([1]);
    }

    [Fact]
    public void Numbers_that_are_none_are_kept()
    {
        Write(null, (1, double.NaN), (2, double.PositiveInfinity), (3, -1e300), (4, 0));
        new ShownEvents(folder["events"]).Curves["x"].Select(p => p.Value).ShouldBe(["nan", "inf", "-inf", "0.0"]);
    }

    [Fact]
    public void Long_texts_and_many_events_arrive()
    {
        using (EventFile file = EventFile.Begin(folder["events"], 1))
        {
            file.Write(Events.Text(1, 0, "long", new string('ä', 100_000)));
            for (int i = 0; i < 1000; i++)
            {
                file.Write(Events.Scalars(1, i, [("x", i), ("y", -i)]));
            }

            file.Flush();
        }

        ShownEvents shown = new(folder["events"]);
        shown.Text("long").Length.ShouldBe(100_000);
        shown.Curves["y"].ShouldBe(Enumerable.Range(0, 1000).Select(i => ((long)i, i == 0 ? "0.0" : $"-{i}.0")));
    }

    private void Write(long? resumedFrom, params (long Step, double Value)[] points)
    {
        using EventFile file = EventFile.Begin(folder["events"], 1.5e9, resumedFrom);
        foreach ((long step, double value) in points)
        {
            file.Write(Events.Scalars(1.5e9, step, [("x", value)]));
        }

        file.Flush();
    }
}
