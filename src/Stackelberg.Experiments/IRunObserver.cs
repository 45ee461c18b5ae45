using Stackelberg.Agents;
using Stackelberg.Bilevel;

namespace Stackelberg.Experiments;

/// <summary>
/// Watches runs, for a live table or another program. Calls for different seeds come from different threads at the same time; calls for one seed come in
/// order. An observer must be quick and must not throw. Nothing it does reaches a learner, a table or a checkpoint.
/// </summary>
public interface IRunObserver
{
    /// <summary>Whether it is told of every row of a run's tables, by the methods that end in <c>Logged</c>; asked once, when a run begins.</summary>
    bool FollowsTables => false;

    /// <summary>A run begins, or goes on from <paramref name="steps"/>.</summary>
    void Started(RunPlan plan, long steps)
    {
    }

    /// <summary>Training goes on; at most about ten times a second per run.</summary>
    void Progressed(RunPlan plan, RunProgress progress)
    {
    }

    /// <summary>An evaluation was made.</summary>
    void Evaluated(RunPlan plan, long steps, EvaluationResult evaluation)
    {
    }

    /// <summary>A row of <c>episodes.csv</c>: a training episode ended.</summary>
    void EpisodeLogged(RunPlan plan, in EpisodeSummary episode)
    {
    }

    /// <summary>A row of <c>progress.csv</c>.</summary>
    void ProgressLogged(RunPlan plan, ProgressRow row)
    {
    }

    /// <summary>A row of <c>evaluations.csv</c>. Unlike <see cref="Evaluated"/>, which also tells of one made again on resuming, once per evaluated step.</summary>
    /// <param name="steps">Environment steps trained.</param>
    void EvaluationLogged(RunPlan plan, long steps, EvaluationResult evaluation)
    {
    }

    /// <summary>A row of <c>hypergradient.csv</c>; an iteration may make many at one step.</summary>
    /// <param name="steps">Environment steps trained.</param>
    void HypergradientLogged(RunPlan plan, long steps, in HypergradientReport report)
    {
    }

    /// <summary>A checkpoint is about to be written. A process that dies after it goes on behind all rows logged so far, and logs none of them again.</summary>
    void Saving(RunPlan plan, long steps)
    {
    }

    /// <summary>A checkpoint was written.</summary>
    void Saved(RunPlan plan, CheckpointInfo checkpoint)
    {
    }

    /// <summary>Something the user should know; also in <see cref="RunResult.Notices"/>.</summary>
    void Noticed(RunPlan plan, string message)
    {
    }

    /// <summary>The run ended.</summary>
    void Ended(RunPlan plan, RunResult result)
    {
    }
}

/// <summary>Where a run stands.</summary>
public sealed record RunProgress
{
    /// <summary>Environment steps trained.</summary>
    public required long Steps { get; init; }

    /// <summary>Iterations completed.</summary>
    public required long Iterations { get; init; }

    /// <summary>Training episodes finished.</summary>
    public required long Episodes { get; init; }

    /// <summary>Return of the last training episode; NaN before the first.</summary>
    public required double LastReturn { get; init; }

    /// <summary>Mean return of the last training episodes, 100 at most; NaN before the first.</summary>
    public required double MeanReturn { get; init; }

    /// <summary>Of several agents, each one's name and mean return of the last training episodes; empty where there is one.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AgentReturns { get; init; } = [];

    /// <summary>Environment steps per second of training since this process began the run.</summary>
    public required double StepsPerSecond { get; init; }

    /// <summary>Where the time went so far.</summary>
    public required RunTimes Times { get; init; }

    /// <summary>Latest values of the learner's metrics.</summary>
    public required IReadOnlyList<KeyValuePair<string, double>> Metrics { get; init; }

    /// <summary>Latest hypergradient; null when there was none.</summary>
    public HypergradientReport? Hypergradient { get; init; }

    /// <summary>Latest evaluation; null when there was none.</summary>
    public EvaluationResult? Evaluation { get; init; }
}

/// <summary>A row of <c>progress.csv</c>.</summary>
/// <param name="Steps">Environment steps trained.</param>
/// <param name="Iterations">Iterations completed.</param>
/// <param name="Episodes">Training episodes finished.</param>
/// <param name="MeanReturn">Mean return of the last training episodes, 100 at most; NaN before the first.</param>
/// <param name="MeanLength">Their mean length in steps; NaN before the first.</param>
/// <param name="Metrics">The learner's metrics that came up since the row before, in the order of the columns.</param>
public sealed record ProgressRow(
    long Steps, long Iterations, long Episodes, double MeanReturn, double MeanLength, IReadOnlyList<KeyValuePair<string, double>> Metrics);

/// <summary>A checkpoint on disk.</summary>
/// <param name="Step">Environment steps it was taken at.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Hash">SHA-256 over all its files, in lower-case hexadecimal.</param>
public sealed record CheckpointInfo(long Step, string Path, string Hash);
