using System.Globalization;
using Stackelberg.Experiments.Configuration.Internals;

namespace Stackelberg.Experiments.Configuration;

/// <summary>Compares the settings that a run's manifest notes with those of its configuration file, which were written as one.</summary>
internal static class RecordedSettings
{
    private const int MostNamed = 4;

    /// <summary>Keys with two values, or in one of the two alone, in words; null where there is none.</summary>
    /// <param name="file">The run's <c>config.yml</c>.</param>
    /// <param name="noted">What the manifest notes; nothing in runs of versions that did not.</param>
    public static string? Disagreement(string file, IReadOnlyDictionary<string, string> noted)
    {
        List<ConfigurationError> errors = [];
        if (noted.Count == 0 || YamlSettings.Read(file, errors) is not { } written || errors.Count > 0)
        {
            // what cannot be read is told by whoever trains with it
            return null;
        }

        Dictionary<string, string> values = written.ToDictionary(s => s.Key, s => s.Text, StringComparer.Ordinal);
        string[] keys =
        [
            .. noted.Keys.Union(values.Keys).Where(k => !AreEqual(noted.GetValueOrDefault(k), values.GetValueOrDefault(k))).Order(StringComparer.Ordinal),
        ];
        return keys.Length == 0 ? null : string.Join("; ", keys.Take(MostNamed).Select(k => $"{k} is {Word(noted, k)} and {Word(values, k)}")) + (keys.Length > MostNamed ? $"; and {keys.Length - MostNamed} more" : "");
    }

    private static string Word(IReadOnlyDictionary<string, string> settings, string key) => settings.TryGetValue(key, out string? text) ? text : "not set";

    // YAML has its own words for nothing and infinity, a point in every floating-point number, and blanks in lists
    private static bool AreEqual(string? noted, string? written)
    {
        if (noted is null || written is null || noted == written)
        {
            return noted == written;
        }

        string[] a = noted.Split(',', StringSplitOptions.TrimEntries), b = written.Split(',', StringSplitOptions.TrimEntries);
        return a.Length == b.Length && a.Zip(b).All(static i => i.First == i.Second || AreOne(i.First, i.Second));
    }

    private static bool AreOne(string noted, string written) => (noted, written) switch
    {
        ("none", "null") or ("infinity", ".inf") or ("-infinity", "-.inf") or ("NaN", ".nan") => true,
        // whole numbers have one way to be written, and some are beyond what a double tells apart
        _ => !(IsWhole(noted) && IsWhole(written)) && TryNumber(noted, out double a) && TryNumber(written, out double b) && a.Equals(b),
    };

    private static bool IsWhole(string text) => text.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
