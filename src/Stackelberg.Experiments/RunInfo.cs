using Stackelberg.Experiments.Checkpoints;

namespace Stackelberg.Experiments;

/// <summary>What a run's folder says of the run; read without taking its lock.</summary>
public sealed record RunInfo
{
    /// <summary>The folder.</summary>
    public required string Directory { get; init; }

    /// <inheritdoc cref="RunPlan.Environment"/>
    public required string Environment { get; init; }

    /// <inheritdoc cref="RunPlan.Algorithm"/>
    public required string Algorithm { get; init; }

    /// <inheritdoc cref="RunPlan.Seed"/>
    public required ulong Seed { get; init; }

    /// <summary>Text of <c>config.yml</c>.</summary>
    public required string ConfigurationText { get; init; }

    /// <summary>The outcome, when the run is finished.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Folders of all checkpoints, oldest first; not verified.</summary>
    public required IReadOnlyList<string> Checkpoints { get; init; }

    /// <summary>Environment steps the run is known to have taken: those of its result, or of its newest checkpoint.</summary>
    public long StepsTaken => Math.Max(Result?.Steps ?? 0, Checkpoints.Count == 0 ? 0 : CheckpointStore.StepOf(Checkpoints[^1]) ?? 0);
}
