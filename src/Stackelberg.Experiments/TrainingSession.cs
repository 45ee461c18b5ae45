namespace Stackelberg.Experiments;

/// <summary>Trains several seeds, in parallel where threads allow.</summary>
public static class TrainingSession
{
    /// <summary>
    /// Trains or resumes every plan and returns one result for each, in their order. All folders are claimed before the first step is
    /// taken, so that a folder in the way stops the command at once.
    /// </summary>
    /// <remarks>
    /// A run that fails does not stop the others. Cancelling <paramref name="cancellation"/> ends every run at its next iteration boundary
    /// with a checkpoint.
    /// </remarks>
    /// <exception cref="RunException">A folder is in the way, locked, damaged or not writable; nothing was trained.</exception>
    public static IReadOnlyList<RunResult> Run(
        IReadOnlyList<RunPlan> plans, SessionOptions options, IRunObserver? observer = null, CancellationToken cancellation = default) =>
        throw new NotSupportedException($"Training {plans.Count} runs ({options}, {observer}, {cancellation}) is not written yet.");
}
