using System.Globalization;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Pages.Internals;

/// <summary>Words that several sections share.</summary>
internal static class PageText
{
    /// <summary>A number with its noun.</summary>
    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>Number of seeds, as it stands beside every name of a group.</summary>
    public static string Seeds(RunGroup group) => string.Create(CultureInfo.InvariantCulture, $"n = {group.Runs.Count}");

    /// <summary>Numbers of seeds of several groups, in one sentence.</summary>
    public static string Seeds(IEnumerable<RunGroup> groups)
    {
        int[] counts = [.. groups.Select(g => g.Runs.Count)];
        return counts.Length == 0 ? ""
            : counts.Min() == counts.Max() ? $" n = {Count(counts[0], "seed")} in {(counts.Length == 1 ? "the one group" : "every group")}."
            : $" n = {counts.Min()} to {counts.Max()} seeds a group.";
    }

    /// <summary>Confidence as a percentage.</summary>
    public static string Confidence(Comparison comparison) => string.Create(CultureInfo.InvariantCulture, $"{comparison.Options.Confidence * 100:0.###} %");

    /// <summary>What was compared, and by what the groups differ.</summary>
    public static string Quantity(Comparison comparison) =>
        $"{Capital(comparison.Quantity)}{(comparison.GroupedBy.Count == 0 ? "" : $". Groups differ in {string.Join(", ", comparison.GroupedBy)}")}.";

    /// <summary>Environments in the order of the groups.</summary>
    public static IEnumerable<IGrouping<string, RunGroup>> ByEnvironment(Comparison comparison) => comparison.Groups.GroupBy(g => g.Environment);

    /// <summary>A number as the sentences around charts have it.</summary>
    public static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    /// <summary>The text with its first letter in upper case.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
