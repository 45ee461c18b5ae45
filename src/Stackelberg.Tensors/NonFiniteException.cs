namespace Stackelberg.Tensors;

/// <summary>A recorded operation gave NaN or infinity while <see cref="Tape{T}.DetectNonFinite"/> was on; the message names the first one.</summary>
public sealed class NonFiniteException(string message) : ArithmeticException(message);
