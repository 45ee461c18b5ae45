namespace Stackelberg.Reports.Comparisons;

/// <summary>What a reader of a comparison must know of its groups.</summary>
internal static class GroupNotes
{
    /// <summary>Of runs whose scores are of their end, those that ended at the largest total; the others are left out by name.</summary>
    public static IReadOnlyList<ComparedRun> OfOneLength(IReadOnlyList<ComparedRun> runs, ComparisonOptions options, List<LeftOut> leftOut)
    {
        if (options.At is not null)
        {
            return runs;
        }

        long longest = runs.Max(r => r.Result.Steps);
        leftOut.AddRange(runs.Where(r => r.Result.Steps != longest).Select(r => new LeftOut(
            r.Directory, $"it ended at step {r.Result.Steps} and others of its group at {longest}; --at {runs.Min(r => r.Result.Steps)} compares them all where each was then")));
        return [.. runs.Where(r => r.Result.Steps == longest)];
    }

    /// <summary>One sentence for each thing to know.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<RunGroup> groups, ComparisonOptions options)
    {
        foreach (RunGroup group in groups)
        {
            string name = $"{group.Label} on {group.Environment}";
            string[] mixed = [.. group.Runs.Select(r => r.Algorithm).Distinct().Skip(1).Take(1).Select(_ => "algo"), .. SettingKeys.Differing(group.Runs.Select(r => r.Settings))];
            if (mixed.Length > 0)
            {
                yield return $"{name} averages over runs that differ in {string.Join(", ", mixed)}: name these in --by to tell them apart.";
            }

            int seeds = group.Runs.Select(r => r.Seed).Distinct().Count();
            if (seeds < group.Runs.Count)
            {
                yield return $"{name} has several runs of the same seed, which are not independent of each other: its n counts {group.Runs.Count} runs of {seeds} {(seeds == 1 ? "seed" : "seeds")}.";
            }

            if (group.Runs.Select(r => r.Version).Distinct().Skip(1).Any())
            {
                yield return $"{name} has runs of several versions: {string.Join(", ", group.Runs.Select(r => r.Version).Distinct())}.";
            }

            int unsealed = group.Runs.Count(r => !r.HasSealedTables);
            if (unsealed > 0)
            {
                yield return $"{name}: the tables of {unsealed} of {group.Runs.Count} runs are of a version that did not note by what to recognise them, and were not checked.";
            }
        }

        if (groups.Any(g => g.Runs.Count < Comparison.FewestSeedsForVerdict))
        {
            yield return $"Groups of fewer than {Comparison.FewestSeedsForVerdict} seeds are listed, and no verdict is given on them.";
        }

        int pairs = groups.GroupBy(g => g.Environment).Sum(e => e.Count() * (e.Count() - 1) / 2);
        if (pairs > 1)
        {
            yield return $"{pairs} pairs are compared, each at {100 * options.Confidence:0.##} %: about one in {1 / (1 - options.Confidence):0} would be called different by chance.";
        }
    }
}
