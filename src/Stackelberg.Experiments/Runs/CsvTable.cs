using System.Globalization;
using System.Text;
using Stackelberg.Experiments.Checkpoints;
using Stackelberg.Experiments.Internals;

namespace Stackelberg.Experiments.Runs;

/// <summary>
/// An append-only table of numbers and plain words. Columns that come up later are added on the right, with empty cells above, so that nothing
/// a learner reports is lost.
/// </summary>
/// <remarks>
/// Numbers are written in the shortest form that reads back to the same bits; <c>nan</c>, <c>inf</c> and <c>-inf</c> as NumPy and pandas
/// read them. No wall-clock time enters, so the file is a function of the run's configuration and seed.
/// </remarks>
internal sealed class CsvTable : IDisposable
{
    private const string WayOut = "Restore the file from a copy, or delete the checkpoints made after that row: the run goes on from the one before and writes the rows again.";

    private readonly string path;
    private readonly List<string> columns;
    private readonly Dictionary<string, int> indices = new(StringComparer.Ordinal);
    private readonly StringBuilder line = new();
    private StreamWriter writer;
    private string[] cells;

    private CsvTable(string path, IEnumerable<string> columns, long rows, RowSums sums, StreamWriter writer)
    {
        this.path = path;
        this.columns = [.. columns];
        this.writer = writer;
        (Rows, Sums) = (rows, sums);
        cells = new string[this.columns.Count];
        for (int i = 0; i < this.columns.Count; i++)
        {
            indices.Add(this.columns[i], i);
        }

        Array.Fill(cells, "");
    }

    /// <summary>Rows below the header.</summary>
    public long Rows { get; private set; }

    /// <summary>What the rows are recognised by.</summary>
    public RowSums Sums { get; private set; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>
    /// Opens the table with its first <paramref name="rows"/> rows and the given columns; what a killed process wrote beyond is cut off.
    /// </summary>
    /// <exception cref="RunException">The file has fewer rows or other columns.</exception>
    public static CsvTable Open(string path, IReadOnlyList<string> columns, long rows)
    {
        RowSums sums = default;
        Rewrite(path, target =>
        {
            target.Write(string.Join(',', columns) + "\n");
            if (rows > 0)
            {
                sums = ReadRows(path, columns, rows, row => target.Write(row + "\n"));
                // checkpoints rely on these rows: they must not be in doubt again once the old file is gone
                target.Flush();
                Storage.Default.Flush((FileStream)target.BaseStream);
            }
        });
        return new CsvTable(path, columns, rows, sums, Append(path));
    }

    /// <summary>Requires that a table's first rows are those it had.</summary>
    /// <exception cref="RunException">The file has fewer rows, other columns or other values; the message names it and the row.</exception>
    public static void Check(string path, IReadOnlyList<string> columns, long rows, RowSums expected)
    {
        RowSums found = rows > 0 ? ReadRows(path, columns, rows, static _ => { }) : default;
        if (found != expected)
        {
            string where = found.Altered(expected, rows) is { } row ? $"row {row} (line {row + 1})" : $"more than one of the rows 1 to {rows}";
            throw new RunException($"'{path}' was altered: {where} is not what the run wrote. {WayOut}");
        }
    }

    /// <summary>Sets a cell of the row in progress.</summary>
    public void Set(string column, double value) => Set(column, Text(value));

    /// <inheritdoc cref="Set(string, double)"/>
    public void Set(string column, long value) => Set(column, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sets a cell of the row in progress to a word without comma or quotation mark.</summary>
    public void Set(string column, string word)
    {
        if (!indices.TryGetValue(column, out int index))
        {
            index = AddColumn(column);
        }

        cells[index] = word;
    }

    /// <summary>Ends the row in progress.</summary>
    public void EndRow()
    {
        string row = line.Clear().AppendJoin(',', cells).ToString();
        writer.Write(row);
        writer.Write('\n');
        Array.Fill(cells, "");
        Sums = Sums.With(++Rows, row);
    }

    /// <summary>Hands what was written to the system, or with <paramref name="toDisk"/> to the disk.</summary>
    public void Flush(bool toDisk = false)
    {
        writer.Flush();
        if (toDisk)
        {
            Storage.Default.Flush((FileStream)writer.BaseStream);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            writer.Dispose();
        }
        catch (IOException)
        {
            // whoever relies on the rows has flushed them and heard of the fault; the next resumption writes the others again
        }
    }

    /// <summary>A number as it stands in a cell.</summary>
    public static string Text(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    // Calls back with each row, as long as the columns asked for.
    private static RowSums ReadRows(string path, IReadOnlyList<string> columns, long rows, Action<string> visit)
    {
        if (!File.Exists(path))
        {
            throw new RunException($"'{path}' is missing; the checkpoint was written when it had {rows} rows. {WayOut}");
        }

        using var source = new StreamReader(path);
        string[] header = source.ReadLine()?.Split(',') ?? [];
        if (header.Length < columns.Count || !header.AsSpan(0, columns.Count).SequenceEqual(columns.ToArray()))
        {
            throw new RunException($"'{path}' has the columns {string.Join(", ", header)}; the checkpoint was written with {string.Join(", ", columns)}.");
        }

        RowSums sums = default;
        for (long row = 1; row <= rows; row++)
        {
            string text = source.ReadLine() ?? throw new RunException($"'{path}' has {row - 1} rows; the checkpoint was written when it had {rows}. {WayOut}");
            string[] cells = text.Split(',');
            if (cells.Length != header.Length)
            {
                throw new RunException($"'{path}' was altered: row {row} (line {row + 1}) has {cells.Length} cells, and the table {header.Length} columns. {WayOut}");
            }

            string kept = cells.Length == columns.Count ? text : string.Join(',', cells[..columns.Count]);
            sums = sums.With(row, kept);
            visit(kept);
        }

        return sums;
    }

    private static void Rewrite(string path, Action<StreamWriter> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var target = new StreamWriter(new DiskFile(temporary, FileMode.Create), new UTF8Encoding(false), bufferSize: 1 << 15))
            {
                write(target);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            WholeFile.TryDelete(temporary);
            throw;
        }
    }

    private static StreamWriter Append(string path) =>
        new(new DiskFile(path, FileMode.Append), new UTF8Encoding(false), bufferSize: 1 << 15);

    private int AddColumn(string column)
    {
        if (column.Length == 0 || column.AsSpan().IndexOfAny(",\"\r\n") >= 0)
        {
            throw new ArgumentException($"A column cannot be called '{column}': names are not empty and have no comma, quotation mark or line end.", nameof(column));
        }

        columns.Add(column);
        indices.Add(column, columns.Count - 1);
        Array.Resize(ref cells, columns.Count);
        cells[^1] = "";
        writer.Dispose();
        Rewrite(path, target =>
        {
            using var source = new StreamReader(path);
            target.Write(string.Join(',', columns) + "\n");
            source.ReadLine();
            while (source.ReadLine() is { } text)
            {
                target.Write(text + ",\n");
            }
        });
        writer = Append(path);
        return columns.Count - 1;
    }
}
