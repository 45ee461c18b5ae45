using Stackelberg.Experiments;
using Stackelberg.Primitives;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Compares runs.</summary>
public static class Comparer
{
    // stands among the settings of runs whose groups have names of their own
    private const string NameKey = "arm";

    private const int BandPoints = 200, BandResamples = 400;

    /// <summary>Compares the finished runs below some paths.</summary>
    /// <exception cref="RunException">A path has no run in it or below.</exception>
    /// <exception cref="ComparisonException">A key is unknown, or no run has what is compared.</exception>
    public static Comparison Compare(IReadOnlyList<string> paths, ComparisonOptions options) => Compare(RunCollection.Find(paths), options);

    /// <inheritdoc cref="Compare(IReadOnlyList{string}, ComparisonOptions)"/>
    /// <param name="nameOf">Names groups of one's own; null: they are told apart by <see cref="ComparisonOptions.By"/>, or by what differs.</param>
    public static Comparison Compare(RunCollection found, ComparisonOptions options, Func<RunInfo, string>? nameOf = null)
    {
        RequireStep(options);
        RunReader reader = new(options);
        List<LeftOut> leftOut = [.. found.LeftOut];
        List<ComparedRun> runs = Read(found.Runs, reader, leftOut, nameOf);
        if (runs.Count == 0)
        {
            throw new ComparisonException(
                $"none of {leftOut.Count} {(leftOut.Count == 1 ? "run" : "runs")} can be compared; '{leftOut[0].Directory}': {leftOut[0].Reason}",
                "finished runs that have what is compared", "'stackelberg resume' ends runs; give another --metric, --kind or --at");
        }

        SettingKeys.Require(options.By, runs.Select(r => r.Settings));
        IReadOnlyList<string> keys = nameOf is not null ? [NameKey] : options.By.Count > 0 ? options.By : ["algo", .. SettingKeys.Differing(runs.Select(r => r.Settings))];
        List<RunGroup> groups = [];
        foreach (IGrouping<string, ComparedRun> environment in runs.GroupBy(r => r.Environment).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            groups.AddRange(Group(environment, keys, options, leftOut));
        }

        return new Comparison
        {
            Options = options,
            Quantity = reader.Quantity,
            GroupedBy = [.. keys.Where(k => k != "env"), .. groups.Select(g => g.Environment).Distinct().Skip(1).Any() ? new[] { "env" } : []],
            Groups = groups,
            Pairs = [.. groups.SelectMany((a, i) => groups.Skip(i + 1).Where(b => b.Environment == a.Environment).Select(b => GroupTests.Compare(a, b, options)))],
            LeftOut = leftOut,
            Notes = [.. GroupNotes.Of(groups, options)],
        };
    }

    // a run's times are of the whole of it
    private static void RequireStep(ComparisonOptions options)
    {
        if (options.At is { } step && RunTimesMetric.Exists(options.Metric))
        {
            throw new ComparisonException($"{options.Metric} is of a whole run, and has no value at step {step}", "the end", "leave --at out");
        }
    }

    private static List<ComparedRun> Read(IReadOnlyList<RunInfo> found, RunReader reader, List<LeftOut> leftOut, Func<RunInfo, string>? nameOf)
    {
        // tables of hundreds of runs take long to read one after the other; the order stays
        var read = found.AsParallel().AsOrdered().Select(run => TryRead(run, reader)).ToList();
        leftOut.AddRange(read.Select(r => r.LeftOut).OfType<LeftOut>());
        return [.. found.Zip(read).Where(r => r.Second.Run is not null).Select(r => nameOf is null
            ? r.Second.Run!
            : r.Second.Run! with { Settings = new Dictionary<string, string>(r.Second.Run!.Settings) { [NameKey] = nameOf(r.First) } })];
    }

    private static (ComparedRun? Run, LeftOut? LeftOut) TryRead(RunInfo run, RunReader reader)
    {
        try
        {
            return (reader.Read(run), null);
        }
        catch (RunException e)
        {
            return (null, new LeftOut(run.Directory, e.Message));
        }
    }

    private static IEnumerable<RunGroup> Group(IEnumerable<ComparedRun> runs, IReadOnlyList<string> keys, ComparisonOptions options, List<LeftOut> leftOut)
    {
        var parts = runs
            .GroupBy(r => string.Join('\n', keys.Select(k => r.Settings.GetValueOrDefault(k))))
            .Select(g => (Keys: KeysOf(g.First(), keys), Runs: GroupNotes.OfOneLength([.. g.OrderBy(r => r.Seed)], options, leftOut)))
            .ToList();
        IReadOnlyList<string> labels = SettingKeys.Labels([.. parts.Select(p => p.Keys)]);
        return parts.Zip(labels).OrderBy(p => p.Second, StringComparer.Ordinal).Select(p => Summarise(p.Second, p.First.Keys, p.First.Runs, options));
    }

    private static Dictionary<string, string> KeysOf(ComparedRun run, IReadOnlyList<string> keys) =>
        keys.Where(run.Settings.ContainsKey).ToDictionary(k => k, k => run.Settings[k], StringComparer.Ordinal);

    private static RunGroup Summarise(string label, IReadOnlyDictionary<string, string> keys, IReadOnlyList<ComparedRun> runs, ComparisonOptions options)
    {
        // named by its own scores: a group's interval is the same in every comparison
        RandomStream random = RandomStream.FromSeed(options.Seed).Split(GroupTests.NameOf(runs));
        LearningCurve[] curves = [.. runs.Select(r => r.Curve).Where(c => c.Steps.Count > 0)];
        return new RunGroup
        {
            Label = label,
            Environment = runs[0].Environment,
            Algorithm = string.Join('+', runs.Select(r => r.Algorithm).Distinct()),
            Keys = keys,
            Runs = runs,
            Summary = ScoreSummary.Of([.. runs.Select(r => r.Score)], random.Split("scores"), options),
            Band = CurveBand.Of(curves, StepGrid.Common(curves, BandPoints), SampleStatistics.InterquartileMean, random.Split("curves"), BandResamples, options.Confidence),
            Health = SolverHealthReader.Read(runs),
            Times = Times(runs),
        };
    }

    private static (string Part, double Seconds)[] Times(IReadOnlyList<ComparedRun> runs)
    {
        double Mean(Func<RunTimes, double> part) => runs.Average(r => part(r.Result.Times));
        return
        [
            ("environment", Mean(t => t.EnvironmentSeconds)),
            ("acting", Mean(t => t.ActSeconds)),
            ("update without hypergradient", Mean(t => t.UpdateSeconds - t.HypergradientSeconds)),
            ("hypergradient", Mean(t => t.HypergradientSeconds)),
            ("evaluation", Mean(t => t.EvaluationSeconds)),
            ("checkpoints", Mean(t => t.CheckpointSeconds)),
            ("the rest", Mean(t => Math.Max(0, t.TrainingSeconds - t.EnvironmentSeconds - t.ActSeconds - t.UpdateSeconds))),
        ];
    }
}
