using Stackelberg.Experiments;
using Stackelberg.Statistics;

namespace Stackelberg.Reports.Comparisons;

/// <summary>A finished run as a comparison sees it.</summary>
public sealed record ComparedRun
{
    /// <summary>Its folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Environment id.</summary>
    public required string Environment { get; init; }

    /// <summary>Algorithm id.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Every key of the configuration with its value as text, the environment's options included.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>The outcome.</summary>
    public required RunResult Result { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Version of the program, with the commit where it is known.</summary>
    public required string Version { get; init; }

    /// <summary>Processor, cores, system, runtime and vector width, in words.</summary>
    public required string Machine { get; init; }

    /// <summary>Whether its tables could be compared with what it noted of them; runs of earlier versions noted nothing.</summary>
    public bool HasSealedTables { get; init; } = true;

    /// <summary>The value that enters the comparison's tables.</summary>
    public required double Score { get; init; }

    /// <summary>The compared quantity over the steps: evaluations, or the mean of the last 100 training episodes at the end of each.</summary>
    public required LearningCurve Curve { get; init; }

    /// <summary>The leader's solves; none for algorithms without a leader.</summary>
    internal IReadOnlyList<Solve> Solves { get; init; } = [];
}
