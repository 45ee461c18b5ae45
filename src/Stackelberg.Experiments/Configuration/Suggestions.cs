namespace Stackelberg.Experiments.Configuration;

/// <summary>Finds the name that was probably meant.</summary>
public static class Suggestions
{
    /// <summary>
    /// The candidate nearest to <paramref name="given"/>, letter case aside, or null when none is near: at most a third of the letters
    /// (and at least two) may differ, unless one is a beginning of the other.
    /// </summary>
    public static string? Nearest(string given, IEnumerable<string> candidates)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        string folded = Fold(given);
        foreach (string candidate in candidates)
        {
            string other = Fold(candidate);
            int limit = Math.Max(2, Math.Max(folded.Length, other.Length) / 3);
            bool prefix = folded.Length >= 3 && other.StartsWith(folded, StringComparison.Ordinal);
            int difference = Math.Abs(folded.Length - other.Length);
            int whole = prefix ? difference : difference > limit ? int.MaxValue : Distance(folded, other);
            int distance = Math.Min(whole, LastPartDistance(folded, other));
            if (distance >= Math.Max(folded.Length, other.Length))
            {
                continue;
            }

            if (prefix)
            {
                distance = Math.Min(distance, limit);
            }

            if (distance <= limit && distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>
    /// Damerau-Levenshtein distance, optimal string alignment form: insertions, deletions, substitutions and swaps of neighbours.
    /// </summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int width = b.Length + 1;
        int[] table = new int[(a.Length + 1) * width];
        for (int i = 0; i <= a.Length; i++)
        {
            table[i * width] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            table[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int value = Math.Min(
                    Math.Min(table[((i - 1) * width) + j] + 1, table[(i * width) + j - 1] + 1),
                    table[((i - 1) * width) + j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    value = Math.Min(value, table[((i - 2) * width) + j - 2] + 1);
                }

                table[(i * width) + j] = value;
            }
        }

        return table[^1];
    }

    private static string Fold(string text) => text.ToLowerInvariant().Replace('-', '_');

    // A key whose group was forgotten (learning_rate for critic.learning_rate) counts as one slip more than the same last part.
    private static int LastPartDistance(string given, string candidate)
    {
        int dot = candidate.LastIndexOf('.');
        if (dot < 0 || given.Contains('.', StringComparison.Ordinal))
        {
            return int.MaxValue;
        }

        // measured by its own length: beside a long group every short word would be near
        ReadOnlySpan<char> last = candidate.AsSpan(dot + 1);
        int length = Math.Max(given.Length, last.Length), limit = Math.Max(2, length / 3);
        int distance = Math.Abs(given.Length - last.Length) > limit ? int.MaxValue : Distance(given, last);
        return distance < length && distance <= limit ? distance + 1 : int.MaxValue;
    }
}
