using Stackelberg.Primitives;
using Stackelberg.Statistics.Tests.Support;

namespace Stackelberg.Statistics.Tests;

public sealed class AggregatesTests
{
    private delegate Interval OfTasks(IReadOnlyList<double[]> tasks, RandomStream random, int resamples = 2000, double confidence = 0.95);

    private static readonly (Func<IReadOnlyList<double[]>, double> Value, OfTasks Interval)[] All =
    [
        (Aggregates.InterquartileMean, Aggregates.InterquartileMeanInterval),
        (Aggregates.Mean, Aggregates.MeanInterval),
        (Aggregates.Median, Aggregates.MedianInterval),
        (tasks => Aggregates.OptimalityGap(tasks), (tasks, random, resamples, confidence) => Aggregates.OptimalityGapInterval(tasks, random, resamples, confidence)),
    ];

    [Fact]
    public void Three_tasks_by_hand()
    {
        double[][] tasks = [[0, 1], [2, 4], [0.5, 9]];
        // 0 and 9 are cut; means by task are 0.5, 3 and 4.75; capped at 1 the scores are 0, 1, 1, 1, 0.5, 1
        Aggregates.InterquartileMean(tasks).ShouldBe(7.5 / 4);
        Aggregates.Mean(tasks).ShouldBe(2.75);
        Aggregates.Median(tasks).ShouldBe(3);
        Aggregates.OptimalityGap(tasks).ShouldBe(0.25, 1e-15);
        Aggregates.OptimalityGap(tasks, target: 2).ShouldBe(2 - (7.5 / 6), 1e-15);
    }

    [Fact]
    public void Interquartile_mean_of_six_leaves_one_out_at_each_end_and_weights_none_in_part() =>
        Aggregates.InterquartileMean([[0, 0, 1], [10, 20, 30]]).ShouldBe(7.75);

    [Fact]
    public void Tasks_with_unequal_numbers_of_runs_have_means_and_are_not_pooled()
    {
        double[][] tasks = [[1, 2, 3], [10]];
        Aggregates.Mean(tasks).ShouldBe(6);
        Aggregates.Median(tasks).ShouldBe(6);
        Interval interval = Aggregates.MeanInterval(tasks, RandomStream.FromSeed(1), 4000, 0.999);
        interval.ShouldBe(new Interval(5.5, 6.5));

        Action[] pooled =
        [
            () => Aggregates.InterquartileMean(tasks), () => Aggregates.OptimalityGap(tasks),
            () => Aggregates.InterquartileMeanInterval(tasks, RandomStream.FromSeed(1)), () => Aggregates.OptimalityGapInterval(tasks, RandomStream.FromSeed(1)),
        ];
        pooled.ShouldAllBe(call => Should.Throw<ArgumentException>(call).Message.StartsWith("tasks[0] has 3 runs and tasks[1] has 1"));
    }

    [Fact]
    public void What_has_no_aggregate_is_refused_by_its_place()
    {
        foreach (Action<double[][]> call in All.SelectMany(a => new Action<double[][]>[] { t => a.Value(t), t => a.Interval(t, RandomStream.FromSeed(0), 2) }))
        {
            Should.Throw<ArgumentException>(() => call([])).Message.ShouldStartWith("tasks is empty");
            Should.Throw<ArgumentException>(() => call([[1], []])).Message.ShouldStartWith("tasks[1] is empty");
            Should.Throw<ArgumentException>(() => call([[1, 2], [3, double.NaN]])).Message.ShouldStartWith("tasks[1][1] is NaN");
        }
    }

    [Fact]
    public void Intervals_do_not_depend_on_the_order_of_runs() => Laws.Hold(Laws.ScoreSets, set =>
    {
        double[][] shuffled = [.. set.Tasks.Select((t, i) => Laws.Shuffled(t, set.Seed + (ulong)i))];
        foreach ((_, OfTasks interval) in All)
        {
            interval(shuffled, RandomStream.FromSeed(set.Seed), 50).ShouldBe(interval(set.Tasks, RandomStream.FromSeed(set.Seed), 50));
        }
    });

    [Fact]
    public void Intervals_follow_shift_and_scale() => Laws.Hold(Laws.ScoreSets, set =>
    {
        double[][] changed = [.. set.Tasks.Select(t => t.Select(x => (8 * x) - 3).ToArray())];
        foreach ((Func<IReadOnlyList<double[]>, double> value, OfTasks interval) in All[..3])
        {
            value(changed).ShouldBe((8 * value(set.Tasks)) - 3, 1e-12);
            Interval before = interval(set.Tasks, RandomStream.FromSeed(set.Seed), 50), after = interval(changed, RandomStream.FromSeed(set.Seed), 50);
            after.Low.ShouldBe((8 * before.Low) - 3, 1e-12);
            after.High.ShouldBe((8 * before.High) - 3, 1e-12);
        }
    });

    [Fact]
    public void Intervals_lie_within_what_resamples_can_reach_and_repeat_with_their_seed() => Laws.Hold(Laws.ScoreSets, set =>
    {
        foreach ((_, OfTasks interval) in All)
        {
            Interval drawn = interval(set.Tasks, RandomStream.FromSeed(set.Seed), 50);
            drawn.Low.ShouldBeLessThanOrEqualTo(drawn.High);
            interval(set.Tasks, RandomStream.FromSeed(set.Seed), 50).ShouldBe(drawn);
        }

        Interval gap = Aggregates.OptimalityGapInterval(set.Tasks, RandomStream.FromSeed(set.Seed), 50);
        Interval mean = Aggregates.MeanInterval(set.Tasks, RandomStream.FromSeed(set.Seed), 50);
        gap.Low.ShouldBeGreaterThanOrEqualTo(0);
        mean.Low.ShouldBeGreaterThanOrEqualTo(set.Tasks.Average(t => t.Min()) - 1e-12);
        mean.High.ShouldBeLessThanOrEqualTo(set.Tasks.Average(t => t.Max()) + 1e-12);
    });
}
