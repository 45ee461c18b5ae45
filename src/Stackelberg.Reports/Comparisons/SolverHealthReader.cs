using Stackelberg.Experiments;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>How the leader's solves went, from <c>hypergradient.csv</c>.</summary>
internal static class SolverHealthReader
{
    private const int Buckets = 60;

    /// <summary>The solves of a run.</summary>
    /// <exception cref="RunException">Its table is missing or altered.</exception>
    public static IReadOnlyList<Solve> Rows(RunTables tables)
    {
        RunTable table = tables.Hypergradients;
        double[] steps = table.Numbers("step"), guarded = table.Numbers("guarded"), dropped = table.Numbers("dropped");
        double[] residual = table.Numbers("relative_residual"), curvature = table.Numbers("smallest_curvature"), cosine = table.Numbers("cosine");
        string[] status = table.Texts("status");
        return [.. steps.Select((step, i) => new Solve(step, guarded[i] > 0, dropped[i] > 0, string.Intern(status[i]), residual[i], curvature[i], cosine[i]))];
    }

    /// <summary>Over the runs of a group; null where none has a leader.</summary>
    public static SolverHealth? Read(IReadOnlyList<ComparedRun> runs)
    {
        List<Solve> rows = [.. runs.SelectMany(r => r.Solves)];
        return rows.Count == 0 ? null : new SolverHealth(
            rows.Count, (double)rows.Count(r => r.Guarded) / rows.Count, (double)rows.Count(r => r.Dropped) / rows.Count,
            [.. rows.Where(r => r.Status.Length > 0).GroupBy(r => r.Status).Select(s => (s.Key, s.LongCount())).OrderByDescending(s => s.Item2)],
            Medians(rows, r => r.Residual), Medians(rows, r => r.Curvature), Medians(rows, r => r.Cosine));
    }

    // medians over equal spans of steps, each at the span's end
    private static LearningCurve Medians(List<Solve> rows, Func<Solve, double> of)
    {
        double last = rows.Max(r => r.Step);
        var spans = rows.Where(r => double.IsFinite(of(r))).GroupBy(r => Math.Clamp((int)Math.Ceiling(Buckets * r.Step / last), 1, Buckets)).OrderBy(s => s.Key).ToList();
        return new LearningCurve([.. spans.Select(s => s.Key * last / Buckets)], [.. spans.Select(s => SampleStatistics.Quantile([.. s.Select(of)], 0.5))]);
    }
}

/// <summary>A row of <c>hypergradient.csv</c>.</summary>
internal readonly record struct Solve(double Step, bool Guarded, bool Dropped, string Status, double Residual, double Curvature, double Cosine);
