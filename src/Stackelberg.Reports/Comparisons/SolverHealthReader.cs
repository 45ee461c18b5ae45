using Stackelberg.Experiments;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>How the leader's solves went, from <c>hypergradient.csv</c>.</summary>
internal static class SolverHealthReader
{
    private const int Buckets = 60;

    /// <summary>Over the runs of a group; null where none has a leader.</summary>
    public static SolverHealth? Read(IReadOnlyList<ComparedRun> runs)
    {
        List<Row> rows = [];
        Dictionary<string, long> statuses = new(StringComparer.Ordinal);
        foreach (ComparedRun run in runs)
        {
            RunTable table = RunTables.Of(RunDirectory.Read(run.Directory)).Hypergradients;
            double[] Column(string name) => table.Numbers(name);
            double[] steps = Column("step"), guarded = Column("guarded"), dropped = Column("dropped");
            double[] residual = Column("relative_residual"), curvature = Column("smallest_curvature"), cosine = Column("cosine");
            for (int i = 0; i < steps.Length; i++)
            {
                rows.Add(new Row(steps[i], guarded[i] > 0, dropped[i] > 0, residual[i], curvature[i], cosine[i]));
            }

            foreach (string status in table.Texts("status").Where(s => s.Length > 0))
            {
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
            }
        }

        return rows.Count == 0 ? null : new SolverHealth(
            rows.Count, (double)rows.Count(r => r.Guarded) / rows.Count, (double)rows.Count(r => r.Dropped) / rows.Count,
            [.. statuses.OrderByDescending(s => s.Value).Select(s => (s.Key, s.Value))],
            Medians(rows, r => r.Residual), Medians(rows, r => r.Curvature), Medians(rows, r => r.Cosine));
    }

    // medians over equal spans of steps, each at the span's end
    private static LearningCurve Medians(List<Row> rows, Func<Row, double> of)
    {
        double last = rows.Max(r => r.Step);
        var spans = rows.Where(r => double.IsFinite(of(r))).GroupBy(r => Math.Clamp((int)Math.Ceiling(Buckets * r.Step / last), 1, Buckets)).OrderBy(s => s.Key).ToList();
        return new LearningCurve([.. spans.Select(s => s.Key * last / Buckets)], [.. spans.Select(s => SampleStatistics.Quantile([.. s.Select(of)], 0.5))]);
    }

    private readonly record struct Row(double Step, bool Guarded, bool Dropped, double Residual, double Curvature, double Cosine);
}
