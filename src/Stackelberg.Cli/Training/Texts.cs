using System.Globalization;
using Stackelberg.Experiments;

namespace Stackelberg.Cli.Training;

/// <summary>Numbers as displays show them.</summary>
internal static class Texts
{
    // from here on the digits before the point say nothing and make tables wide
    private const double Huge = 1e12;

    /// <summary>One decimal, or a dash for what is not known; with an exponent where it is huge.</summary>
    public static string Number(double value, string format = "F1") =>
        double.IsNaN(value) ? "-" : value.ToString(format[0] == 'F' && Math.Abs(value) >= Huge ? "G6" : format, CultureInfo.InvariantCulture);

    /// <summary>Mean return of the last episodes; of several agents, each one's by name.</summary>
    public static string Returns(RunProgress progress) => progress.AgentReturns.Count == 0
        ? Number(progress.MeanReturn)
        : string.Join(", ", progress.AgentReturns.Select(a => $"{a.Key} {Number(a.Value)}"));

    /// <summary>1 234 567 as 1.2M, 12 345 as 12.3k.</summary>
    public static string Count(double value) => value switch
    {
        double.NaN => "-",
        >= 9_999_500 => Number(value / 1e6, "F0") + "M",
        >= 999_500 => Number(value / 1e6) + "M",
        >= 9_995 => Number(value / 1e3) + "k",
        _ => Number(value, "F0"),
    };

    /// <summary>Hours, minutes and seconds as far as they matter.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        double.NaN or double.PositiveInfinity or double.NegativeInfinity => "-",
        >= 3600 => $"{(int)(seconds / 3600)}h{(int)(seconds / 60) % 60:00}m",
        >= 60 => $"{(int)(seconds / 60)}m{(int)seconds % 60:00}s",
        _ => Number(seconds, seconds < 9.95 ? "F1" : "F0") + "s",
    };

    /// <summary>Whether the runs differ in environment or algorithm, so that a seed alone does not name one and their scores have no common mean.</summary>
    public static bool IsMixed(IReadOnlyList<RunPlan> plans) => plans.Select(p => (p.Environment, p.Algorithm)).Distinct().Skip(1).Any();

    /// <summary>A run as displays call it.</summary>
    public static string Name(RunPlan plan, bool isMixed) => isMixed ? $"{plan.Algorithm} on {plan.Environment}, seed {plan.Seed}" : $"seed {plan.Seed}";

    /// <summary>Shares of the training time: environment, acting, update and, of the last, the hypergradient.</summary>
    public static string Split(RunTimes times)
    {
        double all = times.TrainingSeconds;
        return all > 0
            ? $"env {Percent(times.EnvironmentSeconds)}  act {Percent(times.ActSeconds)}  update {Percent(times.UpdateSeconds)} (hypergradient {Percent(times.HypergradientSeconds)})"
            : "-";

        string Percent(double part) => Number(100 * part / all, "F0") + "%";
    }

    /// <summary>Seconds until the planned end at the present pace.</summary>
    public static double Remaining(RunPlan plan, RunProgress progress) =>
        progress.StepsPerSecond > 0 ? (plan.Options.TotalTimesteps - progress.Steps) / progress.StepsPerSecond : double.NaN;
}
