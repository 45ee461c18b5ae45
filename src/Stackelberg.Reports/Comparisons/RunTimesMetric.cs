using Stackelberg.Experiments;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Quantities of a run's <c>timing.json</c>. They depend on the machine, and on what else it did.</summary>
internal static class RunTimesMetric
{
    /// <summary>Names of all.</summary>
    public static IReadOnlyList<string> Names { get; } = ["update_microseconds", "environment_microseconds", "steps_per_second", "wall_seconds"];

    /// <summary>Whether a metric is one of these.</summary>
    public static bool Exists(string metric) => Names.Contains(metric);

    /// <summary>Of a finished run; NaN where it noted no times.</summary>
    public static double Of(string metric, RunInfo run)
    {
        RunTimes times = run.Result!.Times;
        double value = metric switch
        {
            "update_microseconds" => 1e6 * times.UpdateSeconds / run.Result.Steps,
            "environment_microseconds" => 1e6 * times.EnvironmentSeconds / run.Result.Steps,
            "steps_per_second" => run.Result.Steps / times.TrainingSeconds,
            _ => times.WallSeconds,
        };
        return value > 0 && double.IsFinite(value) ? value : double.NaN;
    }
}
