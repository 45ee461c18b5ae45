using Stackelberg.Agents;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Configuration;

/// <summary>What a run does, whatever the algorithm: the run-level keys of a configuration.</summary>
public sealed record RunSettings
{
    /// <summary>Id of the algorithm.</summary>
    [Option("the algorithm; see 'stackelberg algo list'")]
    public string Algo { get; init; } = "";

    /// <summary>Id of the environment.</summary>
    [Option("the environment; see 'stackelberg env list'")]
    public string Env { get; init; } = "";

    /// <summary>Name of one of the algorithm's presets; empty for none.</summary>
    [Option("a named set of settings of the algorithm, or nothing; see 'stackelberg algo show'")]
    public string Preset { get; init; } = "";

    /// <summary>One run per seed; distinct, each at least 0.</summary>
    [Option("one run per seed: 3, 0..4 (both ends included), 1,2,5", Minimum = 0)]
    public long[] Seeds { get; init; } = [0];

    /// <summary>Environment steps of training per seed.</summary>
    [Option("environment steps of training per seed", Minimum = 1)]
    public long TotalTimesteps { get; init; } = 200_000;

    /// <summary>Steps between two evaluations; 0 for none but the final one.</summary>
    [Option("steps between two evaluations; 0 for the final one alone", Minimum = 0)]
    public long EvalEvery { get; init; } = 20_000;

    /// <summary>Episodes per evaluation.</summary>
    [Option("episodes per evaluation", Minimum = 1, Maximum = 100_000)]
    public int EvalEpisodes { get; init; } = 10;

    /// <summary>How evaluations pick actions.</summary>
    [Option("how evaluations pick actions")]
    public PolicyMode EvalMode { get; init; } = PolicyMode.Greedy;

    /// <summary>Steps between two checkpoints; 0 for none but the final one.</summary>
    [Option("steps between two checkpoints; 0 for the final one alone", Minimum = 0)]
    public long CheckpointEvery { get; init; } = 50_000;

    /// <summary>How many of the newest checkpoints stay; 0 keeps all.</summary>
    [Option("how many of the newest checkpoints stay (the best one besides); 0 keeps all", Minimum = 0, Maximum = 1_000_000)]
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Steps between two rows of <c>progress.csv</c>; 0 for a row per iteration.</summary>
    [Option("steps between two rows of progress.csv; 0 for one per iteration", Minimum = 0)]
    public long LogEvery { get; init; }

    /// <summary>The most of <see cref="Threads"/>.</summary>
    public const int MostThreads = 1024;

    /// <summary>Worker threads in all; 0 for the smaller of processors and seeds. The result does not depend on it.</summary>
    [Option("worker threads in all, one per seed first; 0 for the smaller of processors and seeds; results do not depend on it", Minimum = 0, Maximum = MostThreads)]
    public int Threads { get; init; }

    /// <summary>Folder under which runs are laid out.</summary>
    [Option("folder of the runs: OUT/ENV/ALGO/seed-N")]
    public string Out { get; init; } = "runs";

    /// <summary>Assemblies with environments, algorithms or linear solvers of the user's own.</summary>
    [Option("assemblies with environments, algorithms or solvers of your own (an IEnvironmentPlugin, IAlgorithmPlugin, ISolverPlugin)")]
    public string[] Plugins { get; init; } = [];
}
