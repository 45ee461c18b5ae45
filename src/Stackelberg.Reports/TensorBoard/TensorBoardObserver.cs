using System.Collections.Concurrent;
using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Experiments;

namespace Stackelberg.Reports.TensorBoard;

/// <summary>
/// Writes <c>&lt;run&gt;/tensorboard/events.out.tfevents.*</c> while runs train: every training episode, every row of their other tables, and the speed. See <c>docs/tensorboard.md</c>.
/// </summary>
/// <remarks>
/// A run that goes on gets a further file, whose beginning has readers drop what older ones say of steps that are trained again. A file that cannot be written is noted once, and the
/// run goes on without it: nothing here changes what is learnt, or any other file.
/// </remarks>
public sealed class TensorBoardObserver : IRunObserver, IDisposable
{
    /// <summary>The folder within a run's.</summary>
    public const string FolderName = "tensorboard";

    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, LiveEvents> runs = new(StringComparer.Ordinal);
    private readonly Action<RunPlan, string> note;
    private readonly Timer timer;

    /// <summary>Makes an observer for any number of runs.</summary>
    /// <param name="note">Receives at most one sentence per run: why its events are no longer written, or not at all. Called from the threads that train.</param>
    public TensorBoardObserver(Action<RunPlan, string> note)
    {
        this.note = note;
        // an iteration may take minutes in which no row ends
        timer = new Timer(_ => FlushAll(), null, FlushInterval, FlushInterval);
    }

    /// <inheritdoc/>
    public bool FollowsTables => true;

    /// <inheritdoc/>
    public void Started(RunPlan plan, long steps)
    {
        LiveEvents run = new(Path.Combine(Path.GetFullPath(plan.Directory), FolderName), message => note(plan, message));
        runs[plan.Directory] = run;
        run.Begin(plan, steps);
    }

    /// <inheritdoc/>
    public void Progressed(RunPlan plan, RunProgress progress) => Of(plan)?.Speed(progress.Steps, progress.StepsPerSecond);

    /// <inheritdoc/>
    public void EpisodeLogged(RunPlan plan, in EpisodeSummary episode) => Of(plan)?.Row(
        "episodes", episode.Step, [("return", episode.Return), ("length", episode.Length), ("terminated", episode.Terminated ? 1 : 0)]);

    /// <inheritdoc/>
    public void ProgressLogged(RunPlan plan, ProgressRow row) => Of(plan)?.Row("progress", row.Steps, Cells(row));

    /// <inheritdoc/>
    public void EvaluationLogged(RunPlan plan, long steps, EvaluationResult evaluation)
    {
        LiveEvents? run = Of(plan);
        run?.Row("evaluations", steps,
        [
            ("return_mean", evaluation.Mean), ("return_standard_deviation", evaluation.StandardDeviation),
            ("return_minimum", evaluation.Returns.Min()), ("return_maximum", evaluation.Returns.Max()), ("length_mean", evaluation.MeanLength),
        ]);
        run?.Flush();
    }

    /// <inheritdoc/>
    public void HypergradientLogged(RunPlan plan, long steps, in HypergradientReport report) => Of(plan)?.Row("hypergradient", steps, Cells(report));

    /// <inheritdoc/>
    public void Saving(RunPlan plan, long steps) => Of(plan)?.Flush(toDisk: true);

    /// <inheritdoc/>
    public void Ended(RunPlan plan, RunResult result)
    {
        if (runs.TryRemove(plan.Directory, out LiveEvents? run))
        {
            run.End(result);
        }
    }

    /// <summary>Closes what is still open.</summary>
    public void Dispose()
    {
        timer.Dispose();
        FlushAll();
        foreach (LiveEvents run in runs.Values)
        {
            run.Dispose();
        }
    }

    // null for a run that was finished before and does not start
    private LiveEvents? Of(RunPlan plan) => runs.GetValueOrDefault(plan.Directory);

    private void FlushAll()
    {
        foreach (LiveEvents run in runs.Values)
        {
            run.Flush();
        }
    }

    private static IEnumerable<(string, double)> Cells(ProgressRow row)
    {
        IEnumerable<(string, double)> metrics = row.Metrics.Select(static m => (m.Key, m.Value));
        return row.Episodes == 0 ? metrics : metrics.Prepend(("episode_length", row.MeanLength)).Prepend(("episode_return", row.MeanReturn));
    }

    private static List<(string, double)> Cells(in HypergradientReport report)
    {
        List<(string, double)> cells =
        [
            ("direct_norm", report.DirectNorm), ("implicit_norm", report.ImplicitNorm), ("cosine", report.Cosine), ("scale", report.Scale),
            ("guarded", report.Guarded ? 1 : 0), ("dropped", report.Dropped ? 1 : 0),
        ];
        LinearSolution solve = report.Solve;
        if (solve.Status != SolveStatus.None)
        {
            cells.AddRange(
            [
                ("solver_iterations", solve.Iterations), ("relative_residual", solve.RelativeResidual), ("smallest_curvature", solve.SmallestCurvature), ("damping", solve.Damping),
            ]);
        }

        return cells;
    }
}
