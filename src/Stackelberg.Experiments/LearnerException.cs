namespace Stackelberg.Experiments;

/// <summary>A learner that cannot be built as configured; the message names algorithm, environment and reason, and the plug-in where it is one's.</summary>
public sealed class LearnerException(string message, Exception innerException) : Exception(message, innerException)
{
    /// <summary>Whether the learner is a plug-in's: whatever it threw is its own fault then, also where it speaks of memory or files.</summary>
    public bool IsOfPlugin { get; init; }
}
