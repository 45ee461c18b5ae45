namespace Stackelberg.Environments.Internals;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class Spelling
{
    private const int Suggestions = 3;

    /// <summary>The candidates within a third of the length in edits (case not counted), nearest first, at most three.</summary>
    public static IReadOnlyList<string> Nearest(string given, IEnumerable<string> candidates) =>
    [
        .. candidates
            .Select(c => (Name: c, Distance: Distance(given.ToLowerInvariant(), c.ToLowerInvariant())))
            .Where(c => c.Distance <= Math.Max(2, given.Length / 3))
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(Suggestions)
            .Select(c => c.Name),
    ];

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions that turn one text into the other.</summary>
    public static int Distance(string from, string to)
    {
        int[] previous = [.. Enumerable.Range(0, to.Length + 1)];
        int[] current = new int[to.Length + 1];
        for (int i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[to.Length];
    }
}
