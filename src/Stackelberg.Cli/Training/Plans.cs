using Stackelberg.Cli.Internals;
using Stackelberg.Experiments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Cli.Training;

/// <summary>Turns configurations into plans, one per seed.</summary>
internal static class Plans
{
    /// <summary>This command's own, for manifests.</summary>
    public static IReadOnlyList<string> CommandLine => ["stackelberg", .. Environment.GetCommandLineArgs().Skip(1)];

    /// <summary>The plans of a new run.</summary>
    public static IReadOnlyList<RunPlan> Create(ResolvedConfiguration configuration) =>
        [.. configuration.Run.Seeds.Select(seed => Create(
            configuration.ForSeed(seed),
            RunDirectory.PathFor(configuration.Run.Out, configuration.Run.Env, configuration.Run.Algo, (ulong)seed)))];

    /// <summary>The plan of a run that lies on disk, from the configuration it was started with.</summary>
    public static RunPlan Restore(RunInfo info) => Create(Resolve(info), info.Directory);

    /// <summary>The plan of a run that lies on disk, with another total of environment steps.</summary>
    /// <param name="total">As on the command line.</param>
    /// <exception cref="ConfigurationException">It is no number of steps.</exception>
    public static RunPlan Restore(RunInfo info, string total) => Create(Resolve(info, total), info.Directory);

    /// <summary>The configuration that a run on disk was started with, with another total of environment steps where one is given.</summary>
    /// <exception cref="ConfigurationException">The total is no number of steps.</exception>
    /// <exception cref="RunException">The configuration is of another run than the manifest.</exception>
    public static ResolvedConfiguration Resolve(RunInfo info, string? total = null)
    {
        string file = Path.Combine(info.Directory, "config.yml");
        ResolvedConfiguration configuration = Read(file, total is null ? [] : [new("total_timesteps", total)]);
        RunSettings run = configuration.Run;
        return run.Env == info.Environment && run.Algo == info.Algorithm && run.Seeds.Contains((long)info.Seed)
            ? configuration.ForSeed((long)info.Seed)
            : throw new RunException(
                $"'{file}' is of {run.Algo} on {run.Env} with {(run.Seeds.Length == 1 ? "seed" : "seeds")} {string.Join(", ", run.Seeds)}, and manifest.json beside it of {info.Algorithm} on {info.Environment} with seed {info.Seed}. " +
                "Put the one back that was changed.");
    }

    // What is missing in the file is no flag's business: a run's configuration is whole.
    private static ResolvedConfiguration Read(string file, IReadOnlyList<KeyValuePair<string, string>> flags)
    {
        try
        {
            return ConfigurationResolver.Resolve(Catalogues.Request() with { File = file, IsRecord = true, Flags = flags });
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException([.. e.Errors.Select(each =>
                each.Problem.Contains(file, StringComparison.Ordinal) || each.Origin.Layer == SettingLayer.File ? each : each with { Problem = $"{each.Problem}, in '{file}'" })]);
        }
    }

    private static RunPlan Create(ResolvedConfiguration configuration, string directory) => RunPlan.Of(configuration, directory, CommandLine);
}
