using Stackelberg.Experiments;
using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Tests.Fakes;

/// <summary>Comparisons of runs that never were, for pages and figures to show.</summary>
internal static class MadeComparison
{
    public const string Hostile = "</script><script>alert(1)</script><b>&%{x}";

    /// <summary>Two environments, a group with a leader and one without in each.</summary>
    public static Comparison Usual(int seeds = 5, int points = 60) => Of(
        Group("CartPole-v1", "ac", seeds, points, 380),
        Group("CartPole-v1", "stac", seeds, points, 450, Health(points)),
        Group("Hopper-v4", "ac", seeds, points, 1500),
        Group("Hopper-v4", "stac", Math.Max(seeds - 2, 1), points, 2100, Health(points)));

    public static Comparison Of(params RunGroup[] groups) => new()
    {
        Options = new ComparisonOptions(),
        Quantity = "episode return, evaluation, at the end",
        GroupedBy = ["algo", "env"],
        Groups = groups,
        Pairs = [.. groups.SelectMany((a, i) => groups.Skip(i + 1).Where(b => b.Environment == a.Environment).Select(b => Pair(a, b)))],
        LeftOut = [new LeftOut("runs/CartPole-v1/stac/seed-9", "The run was interrupted after step 14000.")],
        Notes = ["Groups of Hopper-v4 have unequal numbers of seeds."],
    };

    public static RunGroup Group(string environment, string label, int seeds, int points, double height, SolverHealth? health = null)
    {
        ComparedRun[] runs = [.. Enumerable.Range(0, seeds).Select(seed => Run(environment, label, (ulong)seed, points, height))];
        double[] scores = [.. runs.Select(r => r.Score)];
        return new RunGroup
        {
            Label = label, Environment = environment, Algorithm = label, Keys = new Dictionary<string, string> { ["algo"] = label, ["env"] = environment }, Runs = runs,
            Summary = Summary(scores), Band = Band(runs), Health = health,
            Times = health is null ? [("environment", 12.5), ("acting", 7), ("update", 31.2), ("evaluation", 3.3)]
                : [("environment", 12.9), ("acting", 7.1), ("update", 30.8), ("hypergradient", 48.5), ("evaluation", 3.4)],
        };
    }

    public static ComparedRun Run(string environment, string label, ulong seed, int points, double height)
    {
        RandomStream random = RandomStream.FromSeed(seed + (ulong)label.Length);
        double reach = height * (0.85 + (0.3 * random.NextDouble()));
        double[] steps = [.. Enumerable.Range(0, points).Select(i => 2000.0 * i)];
        double[] values = [.. steps.Select(s => (reach * (1 - Math.Exp(-3 * s / (2000.0 * points)))) + (height * 0.05 * (random.NextDouble() - 0.5)))];
        string directory = Path.Combine(Path.GetTempPath(), "runs", environment, label, $"seed-{seed}");
        return new ComparedRun
        {
            Directory = directory, Environment = environment, Algorithm = label, Seed = seed, Score = values.LastOrDefault(double.NaN), Curve = new LearningCurve(steps, values),
            Settings = label == "ac" ? Settings("0.99") : Settings("0.95", ("hypergradient.solver", "cg"), ("hypergradient.damping", seed == 0 ? "0.1" : "0.01")),
            Result = new RunResult { Seed = seed, Directory = directory, Status = RunStatus.Finished, Steps = 2000L * points, Times = new RunTimes { WallSeconds = 60 + seed } },
            Started = new DateTimeOffset(2026, 11, 28, 9, (int)(seed % 60), 0, TimeSpan.Zero), Version = "0.1.0+83b8928", Machine = "Xeon, 2 cores, Linux, .NET 10, 512 bits",
        };
    }

    public static LearningCurve Curve(int points, Func<double, double> value) => new(
        [.. Enumerable.Range(0, points).Select(i => 2000.0 * i)], [.. Enumerable.Range(0, points).Select(i => value(i / (double)points))]);

    public static CurveBand Unknown(int points)
    {
        double[] none = [.. Enumerable.Repeat(double.NaN, points)];
        return new CurveBand(Curve(points, x => x).Steps, none, none, none, new int[points]);
    }

    public static SolverHealth Health(int points) => new(
        1200, 0.034, 0.002, [("converged", 1100), ("iteration limit", 96), ("negative curvature", 4)],
        Curve(points, x => 1e-2 * Math.Exp(-6 * x)), Curve(points, x => (0.4 * x) - 0.1), Curve(points, x => 0.5 + (0.4 * x)));

    private static ScoreSummary Summary(double[] scores)
    {
        double mean = scores.Length == 0 ? double.NaN : scores.Average(), iqm = Of(scores, SampleStatistics.InterquartileMean);
        double deviation = scores.Length < 2 ? double.NaN : SampleStatistics.StandardDeviation(scores) * Math.Sqrt(scores.Length / (scores.Length - 1.0));
        double half = 2 * deviation / Math.Sqrt(scores.Length);
        return new ScoreSummary(
            scores.Length, mean, deviation, Of(scores, SampleStatistics.Median), iqm, iqm - half, iqm + half,
            scores.DefaultIfEmpty(double.NaN).Min(), scores.DefaultIfEmpty(double.NaN).Max());
    }

    private static CurveBand Band(ComparedRun[] runs)
    {
        IReadOnlyList<double> steps = runs.Length == 0 ? [] : runs[0].Curve.Steps;
        double[][] at = [.. steps.Select((_, i) => runs.Select(r => r.Curve.Values[i]).ToArray())];
        return new CurveBand(
            steps, [.. at.Select(v => Of(v, SampleStatistics.InterquartileMean))], [.. at.Select(v => Of(v, s => SampleStatistics.Quantile(s, 0.1)))], [.. at.Select(v => Of(v, s => SampleStatistics.Quantile(s, 0.9)))],
            [.. at.Select(v => v.Length)]);
    }

    // what is not known has no statistic
    private static double Of(double[] values, SampleStatistic statistic) => values.Length == 0 || values.Any(double.IsNaN) ? double.NaN : statistic(values);

    private static GroupPair Pair(RunGroup a, RunGroup b) => new(
        a.Environment, a.Label, b.Label, a.Runs.Count, b.Runs.Count, 0.2, 0.04, 0.44, 0.013, 0.024, Math.Min(a.Runs.Count, b.Runs.Count) < 5 ? "cannot be decided: too few seeds" : $"{b.Label} is better");

    private static Dictionary<string, string> Settings(string gamma, params (string Key, string Value)[] more)
    {
        Dictionary<string, string> settings = new() { ["gamma"] = gamma, ["total_timesteps"] = "120000", ["precision"] = "single", ["seed"] = "0" };
        foreach ((string key, string value) in more)
        {
            settings[key] = value;
        }

        return settings;
    }
}
