using System.Globalization;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Reports.Comparisons;

/// <summary>Which configuration keys tell runs apart, and how groups are called by them.</summary>
internal static class SettingKeys
{
    /// <summary>The key under which the content of a file with the environment stands.</summary>
    public const string EnvironmentFile = "env_file";

    // where and how often something is written, by how many threads: no learner behaves otherwise for them
    private static readonly HashSet<string> Incidental = ["seeds", "threads", "out", "checkpoint_every", "keep_checkpoints", "log_every", "eval_every", "preset", "hypergradient.log_every", "plugins"];

    /// <summary>The settings of a run, and by what a file with its environment is recognised: the same name may stand for two contents.</summary>
    public static IReadOnlyDictionary<string, string> Of(RunInfo run) => HashOf(run.EnvironmentSha256) is not { } hash
        ? run.Settings
        : new Dictionary<string, string>(run.Settings) { [EnvironmentFile] = hash };

    /// <summary>How the content of a file is named among settings; null for none.</summary>
    public static string? HashOf(string? sha256) => sha256 is null ? null : $"sha256:{sha256[..12]}";

    /// <summary>Whether runs that differ in this key alone learn the same.</summary>
    public static bool AreIncidental(string key) => Incidental.Contains(key);

    /// <summary>The keys in which runs of one algorithm on one environment differ, by name.</summary>
    /// <remarks>Keys that follow from algorithm or environment, such as defaults, tell nothing beside them.</remarks>
    public static IReadOnlyList<string> Differing(IEnumerable<IReadOnlyDictionary<string, string>> runs) =>
    [
        .. runs.GroupBy(s => (s.GetValueOrDefault("algo"), s.GetValueOrDefault("env")))
            .SelectMany(same => same.SelectMany(s => s.Keys).Distinct().Where(k => same.Select(s => s.GetValueOrDefault(k)).Distinct().Skip(1).Any()))
            .Distinct().Where(k => !AreIncidental(k)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Requires that some run has each key.</summary>
    /// <exception cref="ComparisonException">One is unknown.</exception>
    public static void Require(IReadOnlyList<string> keys, IEnumerable<IReadOnlyDictionary<string, string>> runs)
    {
        SortedSet<string> known = new(runs.SelectMany(s => s.Keys), StringComparer.Ordinal);
        foreach (string key in keys.Where(k => !known.Contains(k)))
        {
            throw new ComparisonException(
                $"--by '{key}' is no key of these runs' configurations", string.Join(", ", known),
                Suggestions.Nearest(key, known) is { } near ? $"did you mean '{near}'?" : "'stackelberg config show' lists the keys with their meaning");
        }
    }

    /// <summary>Names for groups, given the values of their keys: the algorithm, and those keys in which groups of the same algorithm differ.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<IReadOnlyDictionary<string, string>> groups)
    {
        string[] names = Labels(groups, Value);
        return names.Distinct().Count() == names.Length ? names : Labels(groups, static text => text);
    }

    private static string[] Labels(IReadOnlyList<IReadOnlyDictionary<string, string>> groups, Func<string, string> valueOf)
    {
        string[] names =
        [
            .. groups.Select(group =>
            {
                var same = groups.Where(g => g.GetValueOrDefault("algo") == group.GetValueOrDefault("algo")).ToList();
                IEnumerable<string> parts = group.Where(k => k.Key is not ("algo" or "env") && same.Any(g => g.GetValueOrDefault(k.Key) != k.Value))
                    .Select(k => $"{Short(k.Key, groups)}={valueOf(k.Value)}");
                if (group.TryGetValue("arm", out string? arm))
                {
                    return arm;
                }

                return string.Join(' ', group.TryGetValue("algo", out string? algo) ? parts.Prepend(algo) : parts);
            }),
        ];
        return [.. names.Select(n => n.Length > 0 ? n : "all runs")];
    }

    // the last part of a key where it is unique
    private static string Short(string key, IReadOnlyList<IReadOnlyDictionary<string, string>> groups)
    {
        string last = key[(key.LastIndexOf('.') + 1)..];
        return groups.SelectMany(g => g.Keys).Distinct().Count(k => k == last || k.EndsWith("." + last, StringComparison.Ordinal)) == 1 ? last : key;
    }

    // 100000 is easier to read than 1.0e+05 or 100000.0
    private static string Value(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
        ? number.ToString(Math.Abs(number) is >= 1e-3 and < 1e7 or 0 ? "0.######" : "0.###e0", CultureInfo.InvariantCulture)
        : text;
}
