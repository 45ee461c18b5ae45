using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>In which settings the groups of an environment differ, and which they share.</summary>
internal static class SettingTables
{
    private const string Absent = "–", Seed = "seed";

    /// <summary>Two tables for each environment: what differs, and, folded, what does not.</summary>
    public static IEnumerable<PageSection> Of(Comparison comparison)
    {
        string? entry = "Settings";
        foreach (IGrouping<string, RunGroup> environment in PageText.ByEnvironment(comparison))
        {
            RunGroup[] groups = [.. environment];
            string[] keys = [.. groups.SelectMany(g => g.Runs).SelectMany(r => r.Settings.Keys).Distinct().Where(k => k != Seed).Order(StringComparer.Ordinal)];
            ILookup<bool, (string Key, string[] Values)> rows = keys.Select(k => (k, Array.ConvertAll(groups, g => Value(g, k)))).ToLookup(r => r.Item2.Distinct().Count() > 1);
            yield return Differing(environment.Key, groups, [.. rows[true]]) with { Entry = entry };
            entry = null;
            if (rows[false].Any())
            {
                yield return new TableSection(
                    $"Settings shared in {environment.Key}", "The same in every group, the seed aside.", [new("setting"), new("value")],
                    [.. rows[false].Select(r => new Cell[] { r.Key, r.Values[0] })]) { Folded = true, Entry = null };
            }
        }
    }

    private static TableSection Differing(string environment, RunGroup[] groups, (string Key, string[] Values)[] rows) => new(
        $"Settings that differ in {environment}",
        "A dash: the group has no such setting. Values that differ between the seeds of one group are all there, with the number of runs that have each." + PageText.Seeds(groups),
        [new("setting"), .. groups.Select(g => new Column($"{g.Label} ({PageText.Seeds(g)})"))],
        [.. rows.Select(r => new Cell[] { r.Key }.Concat(r.Values.Select(v => (Cell)v)).ToArray())])
    {
        Empty = groups.Length == 1 ? "There is one group: nothing differs." : "No setting differs between these groups.",
    };

    private static string Value(RunGroup group, string key)
    {
        (string Value, int Count)[] values =
            [.. group.Runs.GroupBy(r => r.Settings.GetValueOrDefault(key, Absent)).Select(v => (v.Key, v.Count()))];
        return values.Length switch
        {
            0 => Absent,
            1 => values[0].Value,
            _ => string.Join("; ", values.Select(v => $"{v.Value} ({PageText.Count(v.Count, "run")})")),
        };
    }
}
