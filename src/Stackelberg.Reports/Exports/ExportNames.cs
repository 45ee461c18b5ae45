using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>Names of groups and environments as other programs can take them, with those refused that would become one.</summary>
internal static class ExportNames
{
    /// <summary>A name without commas, by which marl-eval and rliable separate two algorithms.</summary>
    public static string WithoutComma(string name) => name.Replace(',', ';');

    /// <summary>A name that can be a folder's on every system.</summary>
    public static string ForFile(string name)
    {
        string safe = string.Concat(name.Select(static c => char.IsControl(c) || "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal) ? '_' : c)).TrimEnd('.', ' ');
        return safe.Length == 0 ? "_" : safe;
    }

    /// <summary>New names of groups and of environments, by the old ones.</summary>
    /// <param name="change">Makes the new name.</param>
    /// <param name="comparer">By which two new names are one.</param>
    /// <exception cref="ExportException">Two become one.</exception>
    public static (IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Environments) Change(
        Comparison comparison, Func<string, string> change, StringComparer comparer) =>
        (Change("groups", comparison.Groups.Select(static g => g.Label), change, comparer), Change("environments", comparison.Groups.Select(static g => g.Environment), change, comparer));

    private static Dictionary<string, string> Change(string what, IEnumerable<string> names, Func<string, string> change, StringComparer comparer)
    {
        var changed = names.Distinct(StringComparer.Ordinal).ToDictionary(static n => n, change, StringComparer.Ordinal);
        IGrouping<string, string>? collision = changed.GroupBy(static p => p.Value, static p => p.Key, comparer).FirstOrDefault(static g => g.Skip(1).Any());
        return collision is null ? changed : throw new ExportException(
            $"The {what} {string.Join(" and ", collision.Select(static n => $"'{n}'"))} would both be called '{collision.Key}' there",
            "names that still differ there", "compare runs whose names differ by more, or export them one at a time");
    }
}
