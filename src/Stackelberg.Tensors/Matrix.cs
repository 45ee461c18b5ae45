using System.Numerics;

namespace Stackelberg.Tensors;

/// <summary>A row-major matrix with padded rows (<see cref="Padding.Stride"/>), usually a batch: one row per sample.</summary>
/// <remarks>Padding columns are zero. Rows may be used partially: operations take the number of rows in use.</remarks>
public sealed unsafe class Matrix<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> storage;

    /// <summary>A zero matrix.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive, or storage exceeds <see cref="Padding.MaximumElements"/>.</exception>
    public Matrix(int rows, int columns)
    {
        storage = new FlatVector<T>(Padding.Elements(rows, columns));
        Rows = rows;
        Columns = columns;
        Stride = Padding.Stride(columns);
    }

    /// <summary>Number of rows there is room for.</summary>
    public int Rows { get; }

    /// <summary>Number of columns without padding.</summary>
    public int Columns { get; }

    /// <summary>Distance between the starts of two rows, in elements.</summary>
    public int Stride { get; }

    /// <summary>All elements including padding.</summary>
    public Span<T> Span => storage.Span;

    internal T* Pointer => storage.Pointer;

    /// <summary>One element.</summary>
    public ref T this[int row, int column] => ref Row(row)[column];

    /// <summary>The elements of one row without padding.</summary>
    public Span<T> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return storage.Span.Slice(row * Stride, Columns);
    }
}
