using System.Globalization;
using Stackelberg.Experiments.Runs;

namespace Stackelberg.Experiments;

/// <summary>A table of a run, as it lies on the disk.</summary>
public sealed class RunTable
{
    private readonly string path;
    private readonly List<string> rows = [];

    private RunTable(string path, string[] columns)
    {
        this.path = path;
        Columns = columns;
    }

    /// <summary>Names of the columns, in their order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Rows below the header.</summary>
    public int Rows => rows.Count;

    /// <summary>Numbers of a column by row; NaN where the cell is empty.</summary>
    /// <exception cref="RunException">There is no such column, or a cell is no number; the message names file and row.</exception>
    public double[] Numbers(string column)
    {
        int index = IndexOf(column);
        double[] numbers = new double[rows.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            ReadOnlySpan<char> cell = Cell(rows[i], index);
            numbers[i] = Number(cell) ?? throw NoNumber(i, cell.ToString(), column);
        }

        return numbers;
    }

    /// <summary>Texts of a column by row.</summary>
    /// <exception cref="RunException">There is no such column.</exception>
    public string[] Texts(string column)
    {
        int index = IndexOf(column);
        return [.. rows.Select(r => Cell(r, index).ToString())];
    }

    /// <summary>The column <c>step</c>.</summary>
    /// <exception cref="RunException">There is none, or a cell is no whole number; the message names file and row.</exception>
    public long[] Steps() =>
    [
        .. Texts("step").Select((text, row) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step : throw NoNumber(row, text, "step", "whole number")),
    ];

    /// <summary>Numbers of a column whose cells are lists, separated by semicolons.</summary>
    /// <exception cref="RunException">There is no such column, or an item is no number; the message names file and row.</exception>
    public double[][] Lists(string column) => [.. Texts(column).Select((list, row) => list.Split(';').Select(
        item => item.Length > 0 && Number(item) is { } number ? number : throw NoNumber(row, item, column)).ToArray())];

    /// <summary>Cells of a row that are numbers, with their columns.</summary>
    /// <param name="row">From 0.</param>
    public IEnumerable<(string Column, double Value)> Row(int row) =>
        Columns.Zip(rows[row].Split(',')).Where(static c => c.Second.Length > 0 && Number(c.Second) is not null).Select(static c => (c.First, Number(c.Second)!.Value));

    /// <summary>Reads a table, and requires that it is what the run wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seal">What the run noted of it at its end; null where it noted nothing.</param>
    /// <exception cref="RunException">It is missing, damaged or altered; the message names file and row.</exception>
    internal static RunTable Read(string path, TableSeal? seal)
    {
        if (!File.Exists(path))
        {
            throw new RunException($"'{path}' is missing. Put it back from a copy.");
        }

        using var source = new StreamReader(path);
        string[] header = source.ReadLine()?.Split(',') ?? [];
        RunTable table = new(path, header);
        RowSums sums = default;
        while (source.ReadLine() is { } row)
        {
            table.rows.Add(row);
            if (row.AsSpan().Count(',') != header.Length - 1)
            {
                throw new RunException($"'{path}' was altered: row {table.Rows} (line {table.Rows + 1}) has {row.AsSpan().Count(',') + 1} cells, and the table {header.Length} columns.");
            }

            if (seal is not null)
            {
                sums = sums.With(table.Rows, row);
            }
        }

        if (seal is not null && (seal.Rows, seal.Columns) != (table.Rows, string.Join(',', header)))
        {
            throw new RunException($"'{path}' was altered: it has {table.Rows} rows of {header.Length} columns, and the run wrote {seal.Rows} of {seal.Columns.AsSpan().Count(',') + 1}.");
        }

        return seal is null || sums == seal.Sums
            ? table
            : throw new RunException($"'{path}' was altered: {(sums.Altered(seal.Sums, seal.Rows) is { } at ? $"row {at} (line {at + 1}) is" : "several rows are")} not what the run wrote.");
    }

    private static double? Number(ReadOnlySpan<char> cell) => cell switch
    {
        "" or "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null,
    };

    private static ReadOnlySpan<char> Cell(ReadOnlySpan<char> row, int index)
    {
        for (; index > 0; index--)
        {
            row = row[(row.IndexOf(',') + 1)..];
        }

        int end = row.IndexOf(',');
        return end < 0 ? row : row[..end];
    }

    private RunException NoNumber(int row, string cell, string column, string kind = "number") =>
        new($"'{path}': row {row + 1} (line {row + 2}) has '{cell}' for {column}, which is no {kind}.");

    private int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
            {
                return i;
            }
        }

        throw new RunException($"'{path}' has no column '{column}'; it has {string.Join(", ", Columns)}.");
    }
}
