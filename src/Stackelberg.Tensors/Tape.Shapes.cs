using System.Runtime.CompilerServices;
using Stackelberg.Tensors.Internals;

namespace Stackelberg.Tensors;

/// <content>Sums, means, broadcasts, slices, softmax and sums over time.</content>
public sealed unsafe partial class Tape<T>
{
    /// <summary>The sum of all elements, [1 × 1].</summary>
    public Variable Sum(Variable x) => Handle(Emit(Operation.Sum, 1, 1, IndexOf(x)));

    /// <summary>The mean of all elements, [1 × 1].</summary>
    public Variable Mean(Variable x)
    {
        int a = IndexOf(x);
        return Handle(Emit(Operation.Sum, 1, 1, a, scale: 1.0 / ((double)nodes[a].Rows * nodes[a].Columns)));
    }

    /// <summary>The sum of the rows (over samples), [1 × columns].</summary>
    public Variable SumOverRows(Variable x)
    {
        int a = IndexOf(x);
        return Handle(Emit(Operation.SumOverRows, 1, nodes[a].Columns, a));
    }

    /// <summary>The mean of the rows (over samples), [1 × columns].</summary>
    public Variable MeanOverRows(Variable x)
    {
        int a = IndexOf(x);
        return Handle(Emit(Operation.SumOverRows, 1, nodes[a].Columns, a, scale: 1.0 / nodes[a].Rows));
    }

    /// <summary>The sum of the columns (within each sample), [rows × 1].</summary>
    public Variable SumOverColumns(Variable x)
    {
        int a = IndexOf(x);
        return Handle(Emit(Operation.SumOverColumns, nodes[a].Rows, 1, a));
    }

    /// <summary>The mean of the columns (within each sample), [rows × 1].</summary>
    public Variable MeanOverColumns(Variable x)
    {
        int a = IndexOf(x);
        return Handle(Emit(Operation.SumOverColumns, nodes[a].Rows, 1, a, scale: 1.0 / nodes[a].Columns));
    }

    /// <summary>A number [1 × 1] everywhere in a matrix.</summary>
    public Variable BroadcastScalar(Variable number, int rows, int columns)
    {
        int a = IndexOf(number);
        CheckShape("BroadcastScalar", a, 1, 1, "a number, [1 × 1], is repeated");
        CheckPositive(rows, columns);
        return Handle(Emit(Operation.BroadcastScalar, rows, columns, a));
    }

    /// <summary>A row [1 × columns] repeated <paramref name="rows"/> times.</summary>
    public Variable BroadcastRow(Variable row, int rows)
    {
        int a = IndexOf(row);
        CheckShape("BroadcastRow", a, 1, nodes[a].Columns, "a row, [1 × columns], is repeated");
        CheckPositive(rows, 1);
        return Handle(Emit(Operation.BroadcastRow, rows, nodes[a].Columns, a));
    }

    /// <summary>A column [rows × 1] repeated <paramref name="columns"/> times.</summary>
    public Variable BroadcastColumn(Variable column, int columns)
    {
        int a = IndexOf(column);
        CheckShape("BroadcastColumn", a, nodes[a].Rows, 1, "a column, [rows × 1], is repeated");
        CheckPositive(1, columns);
        return Handle(Emit(Operation.BroadcastColumn, nodes[a].Rows, columns, a));
    }

    /// <summary>The columns of <paramref name="x"/>, then those of <paramref name="y"/>; both have the same number of rows.</summary>
    public Variable Concat(Variable x, Variable y)
    {
        int a = IndexOf(x);
        int b = IndexOf(y);
        if (nodes[a].Rows != nodes[b].Rows)
        {
            TapeErrors.Shapes("Concat", nodes[a].Rows, nodes[a].Columns, nodes[b].Rows, nodes[b].Columns, "the rows must be equal");
        }

        return Handle(Emit(Operation.Concat, nodes[a].Rows, nodes[a].Columns + nodes[b].Columns, a, b));
    }

    /// <summary>Columns start … start + columns − 1.</summary>
    public Variable SliceColumns(Variable x, int start, int columns)
    {
        int a = IndexOf(x);
        CheckSlice(start, columns, nodes[a].Columns, "columns");
        return Handle(Emit(Operation.SliceColumns, nodes[a].Rows, columns, a, start: start));
    }

    /// <summary>Rows start … start + rows − 1.</summary>
    public Variable SliceRows(Variable x, int start, int rows)
    {
        int a = IndexOf(x);
        CheckSlice(start, rows, nodes[a].Rows, "rows");
        return Handle(Emit(Operation.SliceRows, rows, nodes[a].Columns, a, start: start));
    }

    /// <summary>x as columns from <paramref name="start"/> of a matrix of zeros with <paramref name="columns"/> columns.</summary>
    public Variable PadColumns(Variable x, int start, int columns)
    {
        int a = IndexOf(x);
        CheckSlice(start, nodes[a].Columns, columns, "columns");
        return Handle(Emit(Operation.PadColumns, nodes[a].Rows, columns, a, start: start));
    }

    /// <summary>x as rows from <paramref name="start"/> of a matrix of zeros with <paramref name="rows"/> rows.</summary>
    public Variable PadRows(Variable x, int start, int rows)
    {
        int a = IndexOf(x);
        CheckSlice(start, nodes[a].Rows, rows, "rows");
        return Handle(Emit(Operation.PadRows, rows, nodes[a].Columns, a, start: start));
    }

    /// <summary>One column per row: y(r) = x(r, columns[r]), [rows × 1]. The indices are copied.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a column of <paramref name="x"/>.</exception>
    public Variable Gather(Variable x, ReadOnlySpan<int> columns)
    {
        int a = IndexOf(x);
        int start = KeepIndices("Gather", columns, nodes[a].Rows, nodes[a].Columns);
        return Handle(Emit(Operation.Gather, nodes[a].Rows, 1, a, start: start));
    }

    /// <summary>A matrix of zeros but for y(r, columns[r]) = x(r); <paramref name="x"/> is a column. The adjoint of <see cref="Gather"/>.</summary>
    public Variable Scatter(Variable x, ReadOnlySpan<int> columns, int width)
    {
        int a = IndexOf(x);
        CheckShape("Scatter", a, nodes[a].Rows, 1, "a column, [rows × 1], is scattered");
        CheckPositive(1, width);
        int start = KeepIndices("Scatter", columns, nodes[a].Rows, width);
        return Handle(Emit(Operation.Scatter, nodes[a].Rows, width, a, start: start));
    }

    /// <summary>ln softmax of each row, without overflow.</summary>
    public Variable LogSoftmax(Variable x) => Unary(Operation.LogSoftmax, x);

    /// <summary>Softmax of each row, without overflow.</summary>
    public Variable Softmax(Variable x) => Unary(Operation.Softmax, x);

    /// <summary>
    /// y(t) = x(t) + decays[t] · y(t + 1) for the rows t from the last up: returns-to-go, or generalised advantages of TD errors (decay γλ, 0 where a
    /// trajectory ends). The decays are copied and constant; that of the last row has no effect.
    /// </summary>
    public Variable DiscountedSums(Variable x, ReadOnlySpan<T> decays)
    {
        int a = IndexOf(x);
        if (decays.Length != nodes[a].Rows)
        {
            TapeErrors.Counts("decays", decays.Length, "rows", nodes[a].Rows);
        }

        int constant = Constant(decays, decays.Length, 1).Index;
        return Handle(Emit(Operation.DiscountedSum, nodes[a].Rows, nodes[a].Columns, a, constant));
    }

    private static void CheckPositive(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
    }

    private static void CheckSlice(int start, int length, int available, string what)
    {
        if (start < 0 || length <= 0 || start > available - length)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"{length} {what} from {start} do not lie within 0 … {available - 1}.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckShape(string operation, int index, int rows, int columns, string rule)
    {
        if (nodes[index].Rows != rows || nodes[index].Columns != columns)
        {
            TapeErrors.Shape(operation, nodes[index].Rows, nodes[index].Columns, rule);
        }
    }

    private int KeepIndices(string operation, ReadOnlySpan<int> columns, int rows, int width)
    {
        if (columns.Length != rows)
        {
            TapeErrors.Counts("indices", columns.Length, "rows", rows);
        }

        for (int r = 0; r < columns.Length; r++)
        {
            if ((uint)columns[r] >= (uint)width)
            {
                TapeErrors.Index(operation, r, columns[r], width);
            }
        }

        if (indexCount + rows > indices.Length)
        {
            Array.Resize(ref indices, Math.Max(2 * indices.Length, indexCount + rows));
        }

        columns.CopyTo(indices.AsSpan(indexCount));
        indexCount += rows;
        return indexCount - rows;
    }
}
