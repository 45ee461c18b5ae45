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

    /// <summary>Every key of the configuration it was trained with, and its value as text; empty for runs of versions that did not note it.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>SHA-256 of the file that holds the environment, in lower-case hexadecimal; null where an id names it. Files of one name may be of different content.</summary>
    public string? EnvironmentSha256 { get; init; }

    /// <summary>What was changed in <see cref="ConfigurationText"/> or <see cref="Settings"/> since the run was trained last, in words; null where nothing was.</summary>
    public string? ConfigurationChange { get; init; }

    /// <summary>When it was started, in UTC.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>Version of the program that started it, and its commit where that is known, such as <c>0.1.0+1a2b3c4</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>Processor, cores, vector width, system and runtime it was started on, in words.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The outcome, when the run is finished.</summary>
    public RunResult? Result { get; init; }

    /// <summary>Folders of all checkpoints, oldest first; not verified.</summary>
    public required IReadOnlyList<string> Checkpoints { get; init; }

    /// <summary>Environment steps the run is known to have taken: those of its result, or of its newest checkpoint.</summary>
    public long StepsTaken => Math.Max(Result?.Steps ?? 0, Checkpoints.Count == 0 ? 0 : CheckpointStore.StepOf(Checkpoints[^1]) ?? 0);
}
