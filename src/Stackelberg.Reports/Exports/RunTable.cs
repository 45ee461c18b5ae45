using System.Globalization;
using Stackelberg.Primitives;
using Stackelberg.Reports.Comparisons;

namespace Stackelberg.Reports.Exports;

/// <summary>A table of a finished run.</summary>
internal sealed class RunTable
{
    private readonly string path;
    private readonly string[] columns;
    private readonly List<string[]> rows = [];

    private RunTable(string path, string header)
    {
        this.path = path;
        columns = header.Split(',');
    }

    /// <summary>Rows below the header.</summary>
    public int Rows => rows.Count;

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns => columns;

    /// <summary>Reads a table.</summary>
    /// <param name="name">Name of the file, without its end.</param>
    /// <exception cref="ExportException">It cannot be read, or is not what a run writes.</exception>
    public static RunTable Read(ComparedRun run, string name)
    {
        string path = Path.Combine(run.Directory, name + ".csv");
        try
        {
            using StreamReader source = new(path);
            RunTable table = new(path, source.ReadLine() ?? "");
            while (source.ReadLine() is { } line)
            {
                string[] cells = line.Split(',');
                table.rows.Add(cells.Length == table.columns.Length ? cells : throw Damaged(path, table.Rows + 2, $"has {cells.Length} cells, and the header {table.columns.Length}"));
            }

            return table;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ExportException($"'{path}' cannot be read: {FileFaultText.Of(e, path)}", "the tables of a finished run", "put the file back from a copy, or leave the run out");
        }
    }

    /// <summary>A cell as text, empty where nothing was reported.</summary>
    /// <param name="row">From 0.</param>
    public string Text(int row, string column)
    {
        int index = Array.IndexOf(columns, column);
        return index >= 0 ? rows[row][index] : throw Damaged(path, 1, $"has no column '{column}'");
    }

    /// <summary>A cell as a number; NaN where it is empty.</summary>
    public double Number(int row, string column) => Text(row, column) is { Length: > 0 } text
        ? TryNumber(text) ?? throw Damaged(path, row + 2, $"has '{text}' for {column}, which is no number") : double.NaN;

    /// <summary>The column <c>step</c>.</summary>
    public long Step(int row) => long.TryParse(Text(row, "step"), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
        ? step : throw Damaged(path, row + 2, $"has '{Text(row, "step")}' for step, which is no whole number");

    /// <summary>Numbers separated by semicolons.</summary>
    public double[] List(int row, string column) => [.. Text(row, column).Split(';').Select(
        text => TryNumber(text) ?? throw Damaged(path, row + 2, $"has '{text}' in {column}, which is no number"))];

    /// <summary>All cells of a row that are numbers, with their columns.</summary>
    public IEnumerable<(string Column, double Value)> Numbers(int row) =>
        columns.Zip(rows[row]).Select(static c => (Column: c.First, Value: TryNumber(c.Second))).Where(static c => c.Value is not null).Select(static c => (c.Column, c.Value!.Value));

    private static double? TryNumber(string text) => text switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null,
    };

    private static ExportException Damaged(string path, int line, string problem) =>
        new($"'{path}' is not what a run writes: line {line} {problem}", "the tables of a finished run, as they were written", "put the file back from a copy, or leave the run out");
}
