using System.Globalization;
using System.Text;
using Stackelberg.Experiments.Checkpoints;

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
    private readonly string path;
    private readonly List<string> columns;
    private readonly Dictionary<string, int> indices = new(StringComparer.Ordinal);
    private readonly StringBuilder line = new();
    private StreamWriter writer;
    private string[] cells;

    private CsvTable(string path, IEnumerable<string> columns, long rows, StreamWriter writer)
    {
        this.path = path;
        this.columns = [.. columns];
        this.writer = writer;
        Rows = rows;
        cells = new string[this.columns.Count];
        for (int i = 0; i < this.columns.Count; i++)
        {
            indices.Add(this.columns[i], i);
        }

        Array.Fill(cells, "");
    }

    /// <summary>Rows below the header.</summary>
    public long Rows { get; private set; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>
    /// Opens the table with its first <paramref name="rows"/> rows and the given columns; what a killed process wrote beyond is cut off.
    /// </summary>
    /// <exception cref="RunException">The file has fewer rows or other columns.</exception>
    public static CsvTable Open(string path, IReadOnlyList<string> columns, long rows)
    {
        string temporary = path + ".tmp";
        using (var target = new StreamWriter(temporary, append: false))
        {
            target.NewLine = "\n";
            target.WriteLine(string.Join(',', columns));
            if (rows > 0)
            {
                CopyRows(path, columns, rows, target);
                // checkpoints rely on these rows: they must not be in doubt again once the old file is gone
                target.Flush();
                Storage.Default.Flush((FileStream)target.BaseStream);
            }
        }

        File.Move(temporary, path, overwrite: true);
        return new CsvTable(path, columns, rows, Append(path));
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
        line.Clear().AppendJoin(',', cells);
        writer.Write(line.Append('\n'));
        Array.Fill(cells, "");
        Rows++;
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
    public void Dispose() => writer.Dispose();

    /// <summary>A number as it stands in a cell.</summary>
    public static string Text(double value) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static void CopyRows(string path, IReadOnlyList<string> columns, long rows, StreamWriter target)
    {
        using var source = new StreamReader(path);
        string[] header = source.ReadLine()?.Split(',') ?? [];
        if (header.Length < columns.Count || !header.AsSpan(0, columns.Count).SequenceEqual(columns.ToArray()))
        {
            throw new RunException($"'{path}' has the columns {string.Join(", ", header)}; the checkpoint was written with {string.Join(", ", columns)}.");
        }

        for (long row = 0; row < rows; row++)
        {
            string? text = source.ReadLine() ?? throw new RunException(
                $"'{path}' has {row} rows; the checkpoint was written when it had {rows}. Restore the file, or delete the checkpoints after its end.");
            target.WriteLine(header.Length == columns.Count ? text : string.Join(',', text.Split(',')[..columns.Count]));
        }
    }

    private static StreamWriter Append(string path) =>
        new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read), new UTF8Encoding(false), bufferSize: 1 << 15);

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
        string temporary = path + ".tmp";
        using (var source = new StreamReader(path))
        using (var target = new StreamWriter(temporary, append: false))
        {
            target.Write(string.Join(',', columns) + "\n");
            source.ReadLine();
            while (source.ReadLine() is { } text)
            {
                target.Write(text + ",\n");
            }
        }

        File.Move(temporary, path, overwrite: true);
        writer = Append(path);
        return columns.Count - 1;
    }
}
