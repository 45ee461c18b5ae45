using Stackelberg.Agents;

namespace Stackelberg.Experiments;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>All steps are trained, the final evaluation and checkpoint are made.</summary>
    Finished,

    /// <summary>Cancelled; a checkpoint was written, and the run can be resumed.</summary>
    Interrupted,

    /// <summary>Stopped by a fault; see <see cref="RunResult.Failure"/>.</summary>
    Failed,
}

/// <summary>Whose fault it was.</summary>
public enum RunFailureKind
{
    /// <summary>NaN or infinity in the learner.</summary>
    Numerical,

    /// <summary>The environment broke its contract or its dynamics broke down.</summary>
    Environment,

    /// <summary>A file could not be written or read, or is not what the run wrote.</summary>
    Storage,

    /// <summary>The system refused memory or threads.</summary>
    System,

    /// <summary>The learner cannot be built as configured: too large, or not for this action space.</summary>
    Configuration,

    /// <summary>An algorithm or a linear solver of a plug-in threw or broke its contract.</summary>
    Plugin,

    /// <summary>A fault of this program.</summary>
    Unexpected,
}

/// <summary>What stopped a run; also in its <c>failure.json</c>.</summary>
/// <param name="Message">Names the quantity and where it arose.</param>
/// <param name="Iteration">The iteration in progress, counted from 1; 0 when training did not begin.</param>
/// <param name="Steps">Environment steps taken.</param>
/// <param name="Report">Path of <c>failure.json</c>, or null when it could not be written.</param>
public sealed record RunFailure(RunFailureKind Kind, string Message, long Iteration, long Steps, string? Report)
{
    /// <summary>What the system refused, where that was the reason.</summary>
    public SystemFault? System { get; init; }
}

/// <summary>Seconds spent in a run, summed over its resumptions.</summary>
public readonly record struct RunTimes
{
    /// <summary>From start to end, evaluations and checkpoints included.</summary>
    public double WallSeconds { get; init; }

    /// <summary>In <c>Step</c> and <c>Reset</c> of the training environment.</summary>
    public double EnvironmentSeconds { get; init; }

    /// <summary>Choosing actions in training.</summary>
    public double ActSeconds { get; init; }

    /// <summary>In updates, hypergradients included.</summary>
    public double UpdateSeconds { get; init; }

    /// <summary>The part of <see cref="UpdateSeconds"/> spent on hypergradients.</summary>
    public double HypergradientSeconds { get; init; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent on the gradients that enter the linear system.</summary>
    public double HypergradientGradientSeconds { get; init; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent in the linear solver.</summary>
    public double HypergradientSolveSeconds { get; init; }

    /// <summary>The part of <see cref="HypergradientSeconds"/> spent on the mixed product.</summary>
    public double HypergradientMixedSeconds { get; init; }

    /// <summary>In evaluations.</summary>
    public double EvaluationSeconds { get; init; }

    /// <summary>The part of <see cref="EvaluationSeconds"/> spent in <c>Step</c> and <c>Reset</c>.</summary>
    public double EvaluationEnvironmentSeconds { get; init; }

    /// <summary>Writing checkpoints.</summary>
    public double CheckpointSeconds { get; init; }

    /// <summary>In training itself: wall time less evaluations and checkpoints.</summary>
    public double TrainingSeconds => WallSeconds - EvaluationSeconds - CheckpointSeconds;
}

/// <summary>The outcome of one seed.</summary>
public sealed record RunResult
{
    /// <inheritdoc cref="RunPlan.Seed"/>
    public required ulong Seed { get; init; }

    /// <inheritdoc cref="RunPlan.Directory"/>
    public required string Directory { get; init; }

    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Environment steps trained.</summary>
    public long Steps { get; init; }

    /// <summary>Iterations completed.</summary>
    public long Iterations { get; init; }

    /// <summary>Training episodes finished.</summary>
    public long Episodes { get; init; }

    /// <summary>The evaluation at the end; null unless finished.</summary>
    public EvaluationResult? FinalEvaluation { get; init; }

    /// <summary>Where the time went.</summary>
    public RunTimes Times { get; init; }

    /// <summary>Name of the checkpoint that the final evaluation played, such as <c>step-000000200000</c>; null unless the run was found finished.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>SHA-256 of the newest checkpoint in lower-case hexadecimal; null when there is none.</summary>
    public string? CheckpointHash { get; init; }

    /// <summary>Whether the run had been finished before and nothing was done now.</summary>
    public bool WasFinished { get; init; }

    /// <summary>What stopped it, for <see cref="RunStatus.Failed"/>.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>What the user should know, such as a damaged checkpoint that was passed over.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}
