namespace Stackelberg.Experiments;

/// <summary>A learner that cannot be built as configured; the message names algorithm, environment and reason, and the plug-in where it is one's.</summary>
public sealed class LearnerException(string message, Exception innerException) : Exception(message, innerException);
