using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Reads the compared quantity of one run: its score and its curve.</summary>
internal sealed class RunReader(ComparisonOptions options)
{
    // what "last 100" means, for training episodes and for rows of progress.csv
    private const int Window = 100;

    // more points than a screen has columns show nothing more
    private const int MostPoints = 1000;

    private bool IsColumn => options.Metric is not ("return" or "length") && !RunTimesMetric.Exists(options.Metric);

    /// <summary>The quantity in words.</summary>
    public string Quantity
    {
        get
        {
            string at = options.At is { } step ? $"at step {step}" : "at the end of training";
            return RunTimesMetric.Exists(options.Metric) ? $"{options.Metric} over the whole run"
                : IsColumn ? $"{options.Metric}, mean of the last {Window} rows of progress.csv {at}"
                : options.Kind == ScoreKind.Evaluation ? $"episode {options.Metric} in evaluation {at}"
                : $"episode {options.Metric}, mean of the last {Window} training episodes {at}";
        }
    }

    /// <summary>A run with its score and curve.</summary>
    /// <exception cref="RunException">A table was altered, or has no value by the step asked for; the message says so.</exception>
    public ComparedRun Read(RunInfo run)
    {
        RunTables tables = RunTables.Of(run);
        RequireLength(run);
        (LearningCurve curve, double score) = RunTimesMetric.Exists(options.Metric) ? (new LearningCurve([], []), RunTimesMetric.Of(options.Metric, run))
            : IsColumn ? OfColumn(tables)
            : options.Kind == ScoreKind.Evaluation ? OfEvaluations(run, tables)
            : OfTraining(tables);
        RequireOrder(curve.Steps);
        if (double.IsNaN(score))
        {
            throw new RunException($"it has no {options.Metric} {(options.At is { } step ? $"by step {step}" : "at its end")}");
        }

        return new ComparedRun
        {
            Directory = run.Directory,
            Environment = run.Environment,
            Algorithm = run.Algorithm,
            Seed = run.Seed,
            Settings = SettingKeys.Of(run),
            Result = run.Result!,
            Started = run.Started,
            Version = run.Version,
            Machine = run.Machine,
            Score = score,
            Curve = ToTheEnd(Thin(curve), run.Result!.Steps),
            Solves = SolverHealthReader.Rows(tables),
            HasSealedTables = tables.AreSealed,
        };
    }

    // what a run wrote is in order; tables without a seal may be anything
    private static void RequireOrder(IReadOnlyList<double> steps)
    {
        for (int i = 0; i < steps.Count; i++)
        {
            if (!double.IsFinite(steps[i]) || (i > 0 && steps[i] < steps[i - 1]))
            {
                throw new RunException($"its tables were altered: row {i + 1} is of step {steps[i]}{(i > 0 ? $", after step {steps[i - 1]}" : "")}");
            }
        }
    }

    // a run that ended before the step has no score there: its last one would be of another step
    private void RequireLength(RunInfo run)
    {
        if (options.At is { } step && run.Result!.Steps < step)
        {
            throw new RunException($"it ended at step {run.Result.Steps}, before step {step}");
        }
    }

    private (LearningCurve Curve, double Score) OfEvaluations(RunInfo run, RunTables tables)
    {
        string column = options.Metric == "return" ? "return_mean" : "length_mean";
        LearningCurve curve = new(tables.Evaluations.Numbers("step"), tables.Evaluations.Numbers(column));
        EvaluationCheck(run, curve);
        double final = options.Metric == "return" ? run.Result!.FinalEvaluation!.Mean : run.Result!.FinalEvaluation!.MeanLength;
        return (curve, options.At is { } step ? LastBy(curve, step) : final);
    }

    // of runs whose tables have no seal this at least can be told
    private void EvaluationCheck(RunInfo run, LearningCurve curve)
    {
        if (options.Metric == "return" && (curve.Values.Count == 0 || !curve.Values[^1].Equals(run.Result!.FinalEvaluation!.Mean)))
        {
            throw new RunException("its evaluations.csv does not end with the evaluation that result.json has");
        }
    }

    private (LearningCurve Curve, double Score) OfTraining(RunTables tables)
    {
        LearningCurve episodes = new(tables.Episodes.Numbers("step"), tables.Episodes.Numbers(options.Metric));
        return (MeanOfLast(episodes), ScoreOf(episodes));
    }

    private (LearningCurve Curve, double Score) OfColumn(RunTables tables)
    {
        RunTable progress = tables.Progress;
        if (!progress.Columns.Contains(options.Metric))
        {
            string near = Suggestions.Nearest(options.Metric, progress.Columns) is { } name ? $" (did you mean '{name}'?)" : "";
            throw new RunException($"its progress.csv has no column '{options.Metric}'{near}; it has {string.Join(", ", progress.Columns)}");
        }

        LearningCurve rows = new(progress.Numbers("step"), progress.Numbers(options.Metric));
        return (rows, ScoreOf(rows));
    }

    private double ScoreOf(LearningCurve values)
    {
        int count = options.At is { } step ? values.Steps.Count(s => s <= step) : values.Steps.Count;
        double[] last = [.. values.Values.Take(count).Skip(Math.Max(0, count - Window)).Where(double.IsFinite)];
        return SampleStatistics.Mean(last);
    }

    // as the column episode_return of progress.csv: fewer than 100 at the beginning
    private static LearningCurve MeanOfLast(LearningCurve episodes)
    {
        double[] means = new double[episodes.Values.Count];
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            sum += episodes.Values[i] - (i >= Window ? episodes.Values[i - Window] : 0);
            means[i] = sum / Math.Min(i + 1, Window);
        }

        return new LearningCurve(episodes.Steps, means);
    }

    private static double LastBy(LearningCurve curve, long step)
    {
        int last = curve.Steps.Count(s => s <= step) - 1;
        return last < 0 ? double.NaN : curve.Values[last];
    }

    // runs of one length whose last episodes ended a few steps apart are all known at their end
    private static LearningCurve ToTheEnd(LearningCurve curve, long steps) => curve.Steps.Count > 0 && curve.Steps[^1] < steps
        ? new LearningCurve([.. curve.Steps, steps], [.. curve.Values, curve.Values[^1]])
        : curve;

    private static LearningCurve Thin(LearningCurve curve)
    {
        int count = curve.Steps.Count;
        if (count <= MostPoints)
        {
            return curve;
        }

        int[] kept = [.. Enumerable.Range(1, MostPoints).Select(i => (int)((long)i * count / MostPoints) - 1)];
        return new LearningCurve([.. kept.Select(i => curve.Steps[i])], [.. kept.Select(i => curve.Values[i])]);
    }
}
