using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Reports.Reproductions.Claims;

namespace Stackelberg.Reports.Reproductions;

/// <summary>How an entry is run.</summary>
public sealed record ReproductionOptions
{
    /// <summary><c>smoke</c>, <c>standard</c> or <c>full</c>.</summary>
    public string Scale { get; init; } = "standard";

    /// <summary>In place of the entry's seeds, such as <c>0..9</c>; null for its own.</summary>
    public string? Seeds { get; init; }

    /// <summary>Runs at the same time; 0 for one per processor. Entries about times run one after the other whatever this is.</summary>
    public int Jobs { get; init; }

    /// <summary>Below this everything is written: runs, summary, page, figure.</summary>
    public string Folder { get; init; } = "reproductions";

    /// <summary>Whether only what exists is judged and nothing trained.</summary>
    public bool IsJudgedOnly { get; init; }

    /// <summary>Summaries of the same entry and scale, whose scores count and are not trained again.</summary>
    public IReadOnlyList<EntrySummary> Known { get; init; } = [];

    /// <summary>The YAML file the entry was read from, for the summary; null for one of the catalogue.</summary>
    public string? File { get; init; }

    /// <summary>For the manifests of the runs and the summary.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];
}

/// <summary>What became of an entry.</summary>
/// <param name="Summary">Every seed's score, as written to <c>summary.json</c>.</param>
/// <param name="Claims">With verdicts, in the entry's order.</param>
/// <param name="Comparison">Of the arms; null where nothing was run.</param>
/// <param name="Failures">Runs that stopped, which are not in it.</param>
/// <param name="IsInterrupted">Whether a run was cancelled; calling it again goes on.</param>
public sealed record ReproductionResult(
    EntrySummary Summary, IReadOnlyList<ClaimResult> Claims, Comparison? Comparison, IReadOnlyList<(RunPlan Plan, RunResult Result)> Failures, bool IsInterrupted);

/// <summary>Runs an entry: trains what is missing, goes on with what is unfinished, leaves what is finished, and judges.</summary>
public static class Reproducer
{
    /// <summary>Runs an entry.</summary>
    /// <param name="request">Catalogues of algorithms, solvers and environments.</param>
    /// <exception cref="ReproductionException">The entry cannot be run as asked.</exception>
    /// <exception cref="ConfigurationException">A setting of the entry is none.</exception>
    /// <exception cref="RunException">A folder holds a run of other settings; nothing was trained.</exception>
    public static ReproductionResult Run(ReproductionEntry entry, ConfigurationRequest request, ReproductionOptions options, IRunObserver? observer = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<OrderedRun> order = RunOrder.Of(entry, options.Scale, options.Folder, request, options.Seeds, options.CommandLine);
        KnownScores known = new(entry, options, order);
        List<(RunPlan Plan, RunResult Result)> failures = [];
        bool isInterrupted = !options.IsJudgedOnly && Train([.. order.Where(o => !known.Have(o))], entry.IsTimed ? 1 : options.Jobs, observer, failures, cancellation);
        List<RunInfo> finished = [.. order.Where(o => RunOrder.StateOf(o) == RunState.Finished).Select(o => RunDirectory.Read(o.Plan.Directory))];
        Dictionary<string, string> arms = order.ToDictionary(o => Path.GetFullPath(o.Plan.Directory), o => o.Arm.Id, StringComparer.Ordinal);
        Comparison? comparison = finished.Count == 0 ? null : Summaries.Compare(finished, arms, entry.Quantity);
        EntrySummary summary = known.AddTo(Summaries.Make(entry, options, finished, arms, comparison), options.Seeds);
        return new ReproductionResult(summary, ClaimJudge.Judge(entry, summary), comparison, failures, isInterrupted);
    }

    // What exists goes on first: a kill then loses the least. All folders are looked at before any is written.
    private static bool Train(IReadOnlyList<OrderedRun> order, int jobs, IRunObserver? observer, List<(RunPlan Plan, RunResult Result)> failures, CancellationToken cancellation)
    {
        ILookup<RunState, RunPlan> plans = States(order).ToLookup(s => s.State, s => s.Plan);
        foreach ((RunState state, RunMode mode) in new[] { (RunState.Unfinished, RunMode.Resume), (RunState.Missing, RunMode.New) })
        {
            RunPlan[] due = [.. plans[state]];
            if (due.Length == 0)
            {
                continue;
            }

            int threads = jobs > 0 ? jobs : Math.Min(Environment.ProcessorCount, due.Length);
            IReadOnlyList<RunResult> results = TrainingSession.Run(due, new SessionOptions { Mode = mode, Threads = threads }, observer, cancellation);
            failures.AddRange(due.Zip(results).Where(r => r.Second.Status == RunStatus.Failed));
            if (cancellation.IsCancellationRequested)
            {
                return true;
            }
        }

        return false;
    }

    private static List<(RunState State, RunPlan Plan)> States(IReadOnlyList<OrderedRun> order)
    {
        List<(RunState, RunPlan)> states = [];
        List<RunException> faults = [];
        foreach (OrderedRun run in order)
        {
            try
            {
                states.Add((RunOrder.StateOf(run), run.Plan));
            }
            catch (RunException e)
            {
                faults.Add(e);
            }
        }

        return faults.Count switch
        {
            0 => states,
            1 => throw faults[0],
            _ => throw new RunException($"{faults.Count} folders hold other runs than the entry asks for; the first: {faults[0].Message}", faults[0]),
        };
    }
}
