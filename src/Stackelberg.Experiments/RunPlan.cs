using Stackelberg.Agents;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments;

/// <summary>Everything one seed needs to be trained.</summary>
public sealed record RunPlan
{
    /// <summary>The plan of a configuration with one seed.</summary>
    /// <param name="configuration">For one seed, see <see cref="ResolvedConfiguration.ForSeed"/>.</param>
    /// <param name="directory">The run's folder.</param>
    /// <param name="commandLine">For the manifest.</param>
    public static RunPlan Of(ResolvedConfiguration configuration, string directory, IReadOnlyList<string> commandLine)
    {
        RunSettings run = configuration.Run;
        return new RunPlan
        {
            Environment = run.Env,
            Algorithm = run.Algo,
            Seed = (ulong)run.Seeds[0],
            Directory = directory,
            Options = new TrainingOptions
            {
                TotalTimesteps = run.TotalTimesteps,
                EvaluateEvery = run.EvalEvery,
                EvaluationEpisodes = run.EvalEpisodes,
                EvaluationMode = run.EvalMode,
                CheckpointEvery = run.CheckpointEvery,
                KeepCheckpoints = run.KeepCheckpoints,
                LogEvery = run.LogEvery,
            },
            MakeEnvironment = () => configuration.Environments.Make(run.Env),
            MakeAlgorithm = context => configuration.MakeAlgorithm(context),
            AlgorithmPlugin = configuration.AlgorithmPlugin,
            EnvironmentFile = configuration.EnvironmentFile,
            ConfigurationText = configuration.ToYaml(),
            Settings = configuration.Values.ToDictionary(v => v.Key, v => v.Text),
            CommandLine = commandLine,
        };
    }

    /// <summary>Id of the environment; part of the folder's name.</summary>
    public required string Environment { get; init; }

    /// <summary>Id of the algorithm; part of the folder's name.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The root of all randomness of this run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The run's folder; see <see cref="RunDirectory.PathFor"/>.</summary>
    public required string Directory { get; init; }

    /// <summary>Intervals and lengths.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Makes a fresh environment; called once for training and once per evaluation, on the thread that will use it.</summary>
    public required Func<IEnvironment> MakeEnvironment { get; init; }

    /// <summary>Makes a fresh learner, which owns the environment of its context.</summary>
    public required Func<AlgorithmContext, IAlgorithm> MakeAlgorithm { get; init; }

    /// <summary>The plug-in that brought the algorithm, whose faults are its own; null for an algorithm of this library.</summary>
    public string? AlgorithmPlugin { get; init; }

    /// <summary>Text of <c>config.yml</c>: the resolved configuration, reusable.</summary>
    public required string ConfigurationText { get; init; }

    /// <summary>Keys and values of <see cref="ConfigurationText"/>, by which a later resumption names what was changed in the file.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that holds the environment, for the run's folder to keep a copy of; null where an id names it.</summary>
    public EnvironmentFile? EnvironmentFile { get; init; }

    /// <summary>The command line, for <c>manifest.json</c>.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>Further facts for <c>manifest.json</c>, such as the engine's version.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
}
