using Stackelberg.Experiments;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Reports.Comparisons;

/// <summary>The finished runs below some paths, and what else was found there.</summary>
/// <param name="Runs">Each once, however many paths and links lead to it; ordered by folder, seeds by number.</param>
/// <param name="LeftOut">Runs that are unfinished, damaged, changed since, or doubles of another, each with the reason.</param>
public sealed record RunCollection(IReadOnlyList<RunInfo> Runs, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>Looks for runs.</summary>
    /// <param name="paths">Folders of runs, or folders that hold runs at any depth.</param>
    /// <exception cref="RunException">A path is no folder, or has no run in it or below.</exception>
    public static RunCollection Find(IReadOnlyList<string> paths)
    {
        List<RunInfo> runs = [];
        List<LeftOut> leftOut = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            RunSearch search = RunDirectory.Search(path);
            leftOut.AddRange(search.Faults.Select(f => new LeftOut(Place(f.Message, path), f.Message)).Where(l => seen.Add(l.Reason)));
            runs.AddRange(search.Runs.Where(r => seen.Add(RealPath.Of(r.Directory))));
        }

        Dictionary<string, RunInfo> first = new(StringComparer.Ordinal);
        List<RunInfo> used = [];
        foreach (RunInfo run in runs)
        {
            if (WhyUnusable(run) is { } reason)
            {
                leftOut.Add(new LeftOut(run.Directory, reason));
            }
            else if (first.TryAdd(Identity(run), run))
            {
                used.Add(run);
            }
            else
            {
                leftOut.Add(new LeftOut(run.Directory, $"it is the same run as '{first[Identity(run)].Directory}': same configuration, same seed"));
            }
        }

        return new RunCollection(used, leftOut);
    }

    private static string? WhyUnusable(RunInfo run) => run switch
    {
        { Result: null } => $"it is not finished: {run.StepsTaken} of {run.Settings.GetValueOrDefault("total_timesteps", "unknown many")} steps; 'stackelberg resume' goes on with it",
        { Settings.Count: 0 } => "its manifest is of a version that did not note the settings, so it cannot be told what it would be compared with",
        { ConfigurationChange: { } change } => $"{change}: it cannot be told which of the two it is; put the file back as it was",
        _ => null,
    };

    // runs that are equal in these are equal to the bit
    private static string Identity(RunInfo run) =>
        $"{run.Seed}\n{string.Join('\n', SettingKeys.Of(run).Where(s => !SettingKeys.AreIncidental(s.Key)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"))}";

    // messages of runs that cannot be read quote their place first; a name may have quotation marks too
    private static string Place(string message, string path)
    {
        int start = message.IndexOf('\'') + 1;
        string[] places =
        [
            .. Enumerable.Range(start, message.Length - start).Where(i => start > 0 && message[i] == '\'').Select(i => message[start..i]),
        ];
        return places.LastOrDefault(p => Path.Exists(p)) ?? places.FirstOrDefault(path);
    }
}
