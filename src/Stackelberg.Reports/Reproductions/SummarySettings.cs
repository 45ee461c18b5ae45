namespace Stackelberg.Reports.Reproductions;

/// <summary>With which settings the scores of a summary were made.</summary>
/// <param name="Common">What the runs of all arms share, key to value.</param>
/// <param name="Arms">What each arm has beside it on each environment.</param>
public sealed record SummarySettings(IReadOnlyDictionary<string, string> Common, IReadOnlyList<ArmSettings> Arms)
{
    /// <summary>Takes what is shared out of the settings of every arm on every environment.</summary>
    internal static SummarySettings Of(IReadOnlyList<ArmSettings> whole)
    {
        SortedDictionary<string, string> common = new(StringComparer.Ordinal);
        foreach ((string key, string value) in whole.SelectMany(a => a.Values))
        {
            if (whole.All(a => a.Values.GetValueOrDefault(key) == value))
            {
                common[key] = value;
            }
        }

        return new SummarySettings(common, [.. whole.Select(a => a with
        {
            Values = new SortedDictionary<string, string>(a.Values.Where(v => !common.ContainsKey(v.Key)).ToDictionary(), StringComparer.Ordinal),
        })]);
    }

    /// <summary>All settings of an arm on an environment; null where it has no run.</summary>
    public IReadOnlyDictionary<string, string>? Find(string arm, string environment) =>
        Arms.FirstOrDefault(a => a.Arm == arm && a.Environment == environment) is not { } own ? null : Common.Concat(own.Values).ToDictionary();

    /// <summary>These and those of arms on environments that only <paramref name="other"/> has.</summary>
    internal SummarySettings And(SummarySettings other) => Of([.. Whole(this), .. Whole(other).Where(o => Find(o.Arm, o.Environment) is null)]);

    private static IEnumerable<ArmSettings> Whole(SummarySettings settings) => settings.Arms.Select(a => a with { Values = settings.Find(a.Arm, a.Environment)! });
}

/// <summary>Settings of one arm on one environment.</summary>
public sealed record ArmSettings(string Arm, string Environment, IReadOnlyDictionary<string, string> Values);
