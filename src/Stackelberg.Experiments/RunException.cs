namespace Stackelberg.Experiments;

/// <summary>A run cannot be started, continued or read: the message says what stands in the way and the way out.</summary>
public class RunException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A checkpoint, or another file of saved numbers, is missing, damaged or of another run; the message names the file.</summary>
public sealed class CheckpointException(string message, Exception? inner = null) : RunException(message, inner);
