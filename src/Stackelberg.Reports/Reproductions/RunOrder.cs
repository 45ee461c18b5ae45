using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Reproductions;

/// <summary>A run that an entry asks for.</summary>
/// <param name="Arm">Which line of the figure it belongs to.</param>
/// <param name="Plan">What is trained.</param>
/// <param name="Configuration">Where the plan's settings come from.</param>
public sealed record OrderedRun(Arm Arm, RunPlan Plan, ResolvedConfiguration Configuration);

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>There is nothing yet.</summary>
    Missing,

    /// <summary>It was begun with the same settings.</summary>
    Unfinished,

    /// <summary>It is finished, with the same settings.</summary>
    Finished,
}

/// <summary>All runs of an entry at a scale.</summary>
public static class RunOrder
{
    // what a resumed run may have otherwise
    private static bool IsFree(string key) => SettingKeys.AreIncidental(key);

    /// <summary>The runs, by arm, environment and seed, each in <c>FOLDER/ID/SCALE/ARM/ENV/ALGO/seed-N</c>.</summary>
    /// <param name="request">Catalogues of algorithms, solvers and environments.</param>
    /// <param name="seeds">In place of the entry's, such as <c>0..9</c>; null for the entry's own.</param>
    /// <exception cref="ReproductionException">The entry has no such scale.</exception>
    /// <exception cref="ConfigurationException">A setting of the entry is none.</exception>
    public static IReadOnlyList<OrderedRun> Of(ReproductionEntry entry, string scale, string folder, ConfigurationRequest request, string? seeds, IReadOnlyList<string> commandLine)
    {
        string used = ScaleOf(entry, scale);
        List<OrderedRun> runs = [];
        List<ConfigurationError> errors = [];
        foreach ((Arm arm, string environment) in entry.Arms.SelectMany(a => entry.EnvironmentsOf(a).Select(e => (a, e))))
        {
            try
            {
                ResolvedConfiguration configuration = ConfigurationResolver.Resolve(request with
                {
                    Assignments = [.. Settings(entry, arm, used).Select(s => $"{s.Key}={s.Value}")],
                    Flags = [new("algo", arm.Algo), new("env", environment), .. seeds is null ? [] : new KeyValuePair<string, string>[] { new("seeds", seeds) }],
                });
                string root = Path.Combine(folder, entry.Id, scale, arm.Id);
                runs.AddRange(configuration.Run.Seeds.Select(seed => (Seed: seed, Own: configuration.ForSeed(seed))).Select(c => new OrderedRun(
                    arm, RunPlan.Of(c.Own, RunDirectory.PathFor(root, configuration.Run.Env, configuration.Run.Algo, (ulong)c.Seed), commandLine), c.Own)));
            }
            catch (ConfigurationException e)
            {
                errors.AddRange(e.Errors.Select(x => x with { Problem = $"{entry.Id}, arm '{arm.Id}' on {environment}: {x.Problem}" }));
            }
        }

        return errors.Count == 0 ? runs : throw new ConfigurationException(errors);
    }

    /// <summary>Where a run stands.</summary>
    /// <exception cref="RunException">Its folder holds a run of other settings, which is not taken for this one, or one that cannot be read.</exception>
    public static RunState StateOf(OrderedRun run)
    {
        RunPlan plan = run.Plan;
        if (!Directory.Exists(plan.Directory) || !Directory.EnumerateFileSystemEntries(plan.Directory).Any())
        {
            return RunState.Missing;
        }

        RunInfo info = RunDirectory.Read(plan.Directory);
        IReadOnlyList<string> differences = Differences(run, SettingKeys.Of(info));
        return differences.Count > 0
            ? throw new RunException($"'{plan.Directory}' holds a run of other settings: {string.Join("; ", differences.Take(4))}. Give another --out, or delete that folder to train it again.")
            : info.ConfigurationChange is { } change
            ? throw new RunException($"'{plan.Directory}': {change}. Put the file back as it was, or delete that folder to train it again.")
            : info.Result is null ? RunState.Unfinished : RunState.Finished;
    }

    /// <summary>In which settings earlier runs differ from what is asked for, in words.</summary>
    /// <param name="was">Settings of the earlier runs. A key that they have not is newer than they are: its default is what they were made with.</param>
    public static IReadOnlyList<string> Differences(OrderedRun run, IReadOnlyDictionary<string, string> was) =>
    [
        .. run.Configuration.Values.Where(v => v.Key == "env" && was.GetValueOrDefault(SettingKeys.EnvironmentFile) != SettingKeys.HashOf(run.Plan.EnvironmentFile?.Sha256))
            .Select(_ => $"another content of the file '{run.Plan.Environment}' is there"),
        .. run.Configuration.Values
            .Where(v => !IsFree(v.Key) && (was.TryGetValue(v.Key, out string? there) ? there != v.Text : v.Origin.Layer is not (SettingLayer.Default or SettingLayer.Algorithm)))
            .Select(v => $"{v.Key} is {was.GetValueOrDefault(v.Key, "not set")} there and {v.Text} here"),
    ];

    // "full" where an entry has none is the standard one
    private static string ScaleOf(ReproductionEntry entry, string scale)
    {
        if (entry.Arms.Count == 0 || entry.Scales.ContainsKey(scale))
        {
            return scale;
        }

        return scale == "full" ? "standard" : throw new ReproductionException($"'{entry.Id}' has no scale '{scale}'", string.Join(", ", entry.Scales.Keys), "choose one of these");
    }

    private static Dictionary<string, string> Settings(ReproductionEntry entry, Arm arm, string scale)
    {
        Dictionary<string, string> settings = new(entry.Settings);
        foreach (Dictionary<string, string>? layer in new[] { entry.Scales.GetValueOrDefault(scale), arm.Settings, arm.Scales.GetValueOrDefault(scale) })
        {
            foreach ((string key, string value) in layer ?? [])
            {
                settings[key] = value;
            }
        }

        return settings;
    }
}
