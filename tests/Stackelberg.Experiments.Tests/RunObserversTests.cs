using System.Globalization;
using Stackelberg.Agents;
using Stackelberg.Experiments.Tests.Fakes;

namespace Stackelberg.Experiments.Tests;

public sealed class RunObserversTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_follower_hears_of_every_row_of_the_tables()
    {
        Counter follower = new(follows: true);

        string run = Train(follower).Directory;

        string[] episodes = File.ReadAllLines(Path.Combine(run, "episodes.csv"))[1..];
        follower.Episodes.ShouldBe([.. episodes.Select(l => l.Split(',')).Select(c => $"{c[0]} {c[2]} {c[3]}")]);
        string[] progress = File.ReadAllLines(Path.Combine(run, "progress.csv"));
        follower.Progress.ShouldBe([.. progress[1..].Select(l => string.Join(' ', l.Split(',').Where(c => c.Length > 0)))]);
        follower.Evaluations.ShouldBe([.. File.ReadAllLines(Path.Combine(run, "evaluations.csv"))[1..].Select(l => long.Parse(l.Split(',')[0], CultureInfo.InvariantCulture))]);
        follower.Saves.ShouldBe([.. follower.Saved]);
    }

    [Fact]
    public void Resuming_tells_of_no_row_that_was_logged_before_the_checkpoint()
    {
        using CancellationTokenSource stop = new();
        Counter first = new(follows: true), second = new(follows: true), whole = new(follows: true);
        RunPlan plan = FakeRuns.Plan(folder.Below("split"), beforeIteration: a => CancelAt(a, 500, stop));
        TrainingSession.Run([plan], new SessionOptions(), first, stop.Token);
        TrainingSession.Run([FakeRuns.Plan(folder.Below("split"))], new SessionOptions { Mode = RunMode.Resume }, second);
        TrainingSession.Run([FakeRuns.Plan(folder.Below("whole"))], new SessionOptions(), whole);

        first.Progress.Concat(second.Progress).ShouldBe(whole.Progress);
        first.Episodes.Concat(second.Episodes).ShouldBe(whole.Episodes);
        first.Evaluations.Concat(second.Evaluations).ShouldBe(whole.Evaluations);
    }

    [Fact]
    public void One_that_follows_no_tables_hears_of_no_rows_alone_or_beside_one_that_does()
    {
        Counter alone = new(follows: false), beside = new(follows: false), follower = new(follows: true);
        new RunObservers(alone, new Counter(follows: false)).FollowsTables.ShouldBeFalse();

        TrainingSession.Run([FakeRuns.Plan(folder.Below("alone"))], new SessionOptions(), alone);
        TrainingSession.Run([FakeRuns.Plan(folder.Below("group"))], new SessionOptions(), new RunObservers(beside, follower));

        (alone.Rows, beside.Rows).ShouldBe((0, 0));
        follower.Rows.ShouldBeGreaterThan(0);
        beside.Saved.ShouldBe(follower.Saved);
        beside.Ends.ShouldBe(1);
    }

    private RunResult Train(IRunObserver observer) => TrainingSession.Run([FakeRuns.Plan(folder.Path)], new SessionOptions(), observer)[0];

    private static void CancelAt(RandomSearch algorithm, long steps, CancellationTokenSource source)
    {
        if (algorithm.Steps >= steps)
        {
            source.Cancel();
        }
    }

    private sealed class Counter(bool follows) : IRunObserver
    {
        public List<string> Episodes { get; } = [];

        public List<string> Progress { get; } = [];

        public List<long> Evaluations { get; } = [];

        public List<long> Saves { get; } = [];

        public List<long> Saved { get; } = [];

        public int Ends { get; private set; }

        public int Rows => Episodes.Count + Progress.Count + Evaluations.Count;

        public bool FollowsTables => follows;

        public void EpisodeLogged(RunPlan plan, in EpisodeSummary episode) =>
            Episodes.Add(string.Create(CultureInfo.InvariantCulture, $"{episode.Step} {episode.Return:R} {episode.Length}"));

        public void ProgressLogged(RunPlan plan, ProgressRow row)
        {
            IEnumerable<double> numbers = [row.Steps, row.Iterations, row.Episodes, .. row.Episodes > 0 ? [row.MeanReturn, row.MeanLength] : Array.Empty<double>(), .. row.Metrics.Select(m => m.Value)];
            Progress.Add(string.Join(' ', numbers.Select(n => double.IsNaN(n) ? "nan" : n.ToString("R", CultureInfo.InvariantCulture))));
        }

        public void EvaluationLogged(RunPlan plan, long steps, EvaluationResult evaluation) => Evaluations.Add(steps);

        void IRunObserver.Saving(RunPlan plan, long steps) => Saves.Add(steps);

        void IRunObserver.Saved(RunPlan plan, CheckpointInfo checkpoint) => Saved.Add(checkpoint.Step);

        public void Ended(RunPlan plan, RunResult result) => Ends++;
    }
}
