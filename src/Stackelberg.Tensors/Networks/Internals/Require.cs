using System.Numerics;

namespace Stackelberg.Tensors.Networks.Internals;

/// <summary>Shape checks that say what was given and what is expected.</summary>
internal static class Require
{
    public static void Batch<T>(Matrix<T> matrix, int rows, int columns, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        if (matrix.Rows < rows || matrix.Columns != columns)
        {
            throw new ArgumentException(
                $"The matrix is {matrix.Rows} × {matrix.Columns}; expected {columns} columns and room for at least {rows} rows.", name);
        }
    }

    public static Span<T> Span<T>(FlatVector<T> vector, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(vector, name);
        return vector.Span;
    }

    public static void Storage<T>(FlatVector<T> vector, MlpLayout layout, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Storage<T>(Span(vector, name), layout, name);

    public static void Storage<T>(ReadOnlySpan<T> vector, MlpLayout layout, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vector.Length < layout.Parameters.Length)
        {
            throw new ArgumentException(
                $"The vector has {vector.Length} elements; expected at least the layout's storage length {layout.Parameters.Length} "
                + $"(padding included, for {layout.Parameters.Count} parameters).",
                name);
        }
    }

    public static void Length(int length, long expected, string what, string name)
    {
        if (length != expected)
        {
            throw new ArgumentException($"The span has {length} elements; expected {what}, {expected}.", name);
        }
    }

    public static void Rows(int rows, int maximumRows)
    {
        if (rows < 1 || rows > maximumRows)
        {
            throw new ArgumentException(
                $"{rows} rows were asked for; expected 1 to {maximumRows}, the room this linearisation was built with.", nameof(rows));
        }
    }

    public static void ScalarOutput(MlpLayout layout, string operation)
    {
        if (layout.Outputs != 1)
        {
            throw new InvalidOperationException(
                $"{operation} is defined for one output; this network has {layout.Outputs}.");
        }
    }
}
