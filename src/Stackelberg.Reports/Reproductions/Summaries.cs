using System.Globalization;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Reproductions;

/// <summary>Makes the summary of an entry from its runs.</summary>
internal static class Summaries
{
    /// <summary>The entry's own comparison: groups are its arms.</summary>
    public static Comparison Compare(IReadOnlyList<RunInfo> runs, IReadOnlyDictionary<string, string> arms, Quantity quantity) =>
        Comparer.Compare(new RunCollection(runs, []), Options(quantity, runs.Max(r => r.Result!.Steps)), run => arms[Path.GetFullPath(run.Directory)]);

    /// <summary>Every quantity that the entry and its claims name, of every seed.</summary>
    public static EntrySummary Make(ReproductionEntry entry, ReproductionOptions options, IReadOnlyList<RunInfo> runs, IReadOnlyDictionary<string, string> arms, Comparison? own) => new()
    {
        Id = entry.Id,
        Scale = options.Scale,
        Command = $"stackelberg reproduce run {(options.File is { } file ? ShellText.Path(file) : entry.Id)} --scale {options.Scale}{(options.Seeds is null ? "" : $" --seeds {options.Seeds}")}",
        Date = runs.Count == 0 ? "" : runs.Max(r => r.Started).UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Machines = [.. runs.Select(r => r.Machine).Distinct().Order(StringComparer.Ordinal)],
        Versions = [.. runs.Select(r => r.Version).Distinct().Order(StringComparer.Ordinal)],
        Notes = [.. TooShort(entry, runs), .. own?.LeftOut.Select(l => $"left out: {Path.GetFileName(l.Directory)}: {l.Reason}") ?? []],
        Settings = runs.Count == 0 ? null : SummarySettings.Of([.. runs.GroupBy(r => (Arm: arms[Path.GetFullPath(r.Directory)], r.Environment)).Select(g => new ArmSettings(
            g.Key.Arm, g.Key.Environment, SettingKeys.Of(g.First()).Where(s => !SettingKeys.AreIncidental(s.Key)).ToDictionary()))]),
        Scores = own is null ? [] : [.. Quantities(entry).SelectMany(q => Scores(q, q.Name == entry.Quantity.Name ? own : Try(runs, arms, q)))],
        Curves = own is null ? [] : [.. own.Groups.Select(Curve)],
    };

    /// <summary>What the entry and its claims read of a run.</summary>
    public static IEnumerable<Quantity> Quantities(ReproductionEntry entry) =>
        entry.Claims.Select(c => c.Quantity).OfType<Quantity>().Prepend(entry.Quantity).DistinctBy(q => q.Name);

    // told, since the quantity's name says another step
    private static IEnumerable<string> TooShort(ReproductionEntry entry, IReadOnlyList<RunInfo> runs) => runs.Count == 0 ? [] : Quantities(entry)
        .Where(q => NumberText.TryInteger(q.At, out Int128 step) && step > runs.Max(r => r.Result!.Steps))
        .Select(q => $"No run reached step {q.At}: scores called '{q.Name}' are of each run's end.");

    // a quantity that no run of this scale has, such as a score at a later step, is one that was not run
    private static Comparison? Try(IReadOnlyList<RunInfo> runs, IReadOnlyDictionary<string, string> arms, Quantity quantity)
    {
        try
        {
            return Compare(runs, arms, quantity);
        }
        catch (ComparisonException)
        {
            return null;
        }
    }

    private static IEnumerable<ScoreList> Scores(Quantity quantity, Comparison? comparison) => comparison?.Groups.Select(g => new ScoreList(
        quantity.Name, g.Label, g.Environment, [.. g.Runs.Select(r => r.Seed)], [.. g.Runs.Select(r => r.Score)])) ?? [];

    private static SummaryCurve Curve(RunGroup group) => new(
        group.Label, group.Environment, group.Band.Steps, Rounded(group.Band.Centre), Rounded(group.Band.Low), Rounded(group.Band.High), group.Band.Counts);

    // for drawing: nothing is computed from them
    private static double[] Rounded(IReadOnlyList<double> values) => [.. values.Select(v => double.IsFinite(v) ? double.Parse(v.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : v)];

    // of a scale whose every run is shorter than the step asked for, the end
    private static ComparisonOptions Options(Quantity quantity, long longest) => new()
    {
        Metric = quantity.Metric,
        Kind = quantity.Kind == "training-last100" ? ScoreKind.TrainingLast100 : ScoreKind.Evaluation,
        At = quantity.At is "" or "final" ? null
            : NumberText.TryInteger(quantity.At, out Int128 step) ? (step <= longest ? (long)step : null)
            : throw new ReproductionException($"the quantity's step '{quantity.At}' is none", "final, or a whole number such as 2e5", "mend 'at' in the entry"),
    };
}
