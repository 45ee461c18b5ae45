using System.Diagnostics.CodeAnalysis;

namespace Stackelberg.Tensors.Internals;

/// <summary>The tape's errors, kept out of the hot paths.</summary>
internal static class TapeErrors
{
    [DoesNotReturn]
    public static void Stale(Variable variable) => throw new InvalidOperationException(
        variable.IsNone
            ? "The variable is empty (default): it was never recorded. Use a variable that a method of this tape returned."
            : "The variable does not belong to this recording: the tape was reset or rewound since, or it is another tape's. Record it again on this tape.");

    [DoesNotReturn]
    public static void Shapes(string operation, int rows, int columns, int otherRows, int otherColumns, string rule) =>
        throw new ArgumentException($"{operation}: shapes [{rows} × {columns}] and [{otherRows} × {otherColumns}] do not fit: {rule}.");

    [DoesNotReturn]
    public static void Shape(string operation, int rows, int columns, string rule) =>
        throw new ArgumentException($"{operation}: shape [{rows} × {columns}] does not fit: {rule}.");

    [DoesNotReturn]
    public static void Counts(string what, int count, string other, int otherCount) =>
        throw new ArgumentException($"There are {count} {what} but {otherCount} {other}; give as many of one as of the other.");

    [DoesNotReturn]
    public static void Index(string operation, int row, int index, int columns) => throw new ArgumentOutOfRangeException(
        "indices", index, $"{operation}: the index of row {row} must lie in 0 … {columns - 1}.");
}
