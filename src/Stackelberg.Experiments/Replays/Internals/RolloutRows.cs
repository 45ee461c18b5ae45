using System.Globalization;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>A row of a rollout's table.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="T">The step within its episode.</param>
/// <param name="Values">Its numbers, all finite.</param>
internal readonly record struct RolloutRow(int Line, long T, double[] Values)
{
    public double this[int column] => Values[column];
}

/// <summary>
/// The table of a rollout with every cell checked: a file that was cut, or that hands or other programs have changed, is refused with its line and never drawn as it stands.
/// </summary>
internal sealed class RolloutRows
{
    private readonly string file;
    private readonly int time, episode;
    private readonly List<RolloutRow> rows = [];

    private RolloutRows(string file, string[] columns)
    {
        (this.file, Columns) = (file, columns);
        (time, episode) = (Array.IndexOf(columns, "t"), Array.IndexOf(columns, "episode"));
    }

    public string[] Columns { get; }

    public IReadOnlyList<RolloutRow> Rows => rows;

    /// <summary>Reads the table.</summary>
    /// <exception cref="ReplayException">It cannot be read, lacks a column, has one twice, or a row is no step of an episode.</exception>
    public static RolloutRows Read(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplayException($"'{file}' cannot be read: {FileFaultText.Of(e, file)}", RolloutReader.Allowed, "check the path", e);
        }

        RolloutRows table = new(file, Header(file, lines.Length > 0 ? lines[0] : ""));
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Length > 0)
            {
                table.Add(i + 1, lines[i].Split(','));
            }
        }

        return table.rows.Count > 0 ? table : throw new ReplayException($"'{file}' has no rows", RolloutReader.Allowed, "roll out again");
    }

    private static string[] Header(string file, string line)
    {
        string[] columns = [.. line.Split(',').Select(c => c.Trim())];
        string reward = columns.Contains("reward0") ? "reward0" : "reward";
        if (new[] { "t", reward, "terminated", "truncated" }.FirstOrDefault(c => !columns.Contains(c)) is { } missing)
        {
            throw new ReplayException($"'{file}', line 1 has no column '{missing}'", RolloutReader.Allowed, "write it with 'stackelberg env rollout … --out FILE.csv'");
        }

        return columns.GroupBy(c => c).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice
            ? throw new ReplayException($"'{file}', line 1 has the column '{twice}' twice", "each column once", "delete or rename one of them")
            : columns;
    }

    private void Add(int line, string[] cells)
    {
        if (cells.Length != Columns.Length)
        {
            throw Fault(line, $" has {cells.Length} cells and the header {Columns.Length}", RolloutReader.Allowed);
        }

        double[] values = new double[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            bool isNumber = double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) && double.IsFinite(values[i]);
            if (!isNumber || Kind(Columns[i], values[i]) is not null)
            {
                throw Fault(line, $": {Columns[i]} is '{cells[i].Trim()}'", Kind(Columns[i], values[i]) ?? "a finite number with a decimal point");
            }
        }

        RequireOrder(line, values);
        rows.Add(new RolloutRow(line, (long)values[time], values));
    }

    /// <summary>What a column holds instead of a value; null where the value is of its kind.</summary>
    private static string? Kind(string column, double value) => column switch
    {
        "t" or "episode" => value >= 0 && value <= 1L << 53 && value == Math.Floor(value) ? null : "a whole number from 0",
        "terminated" or "truncated" => value is 0 or 1 ? null : "0 or 1",
        _ => null,
    };

    private void RequireOrder(int line, double[] values)
    {
        const string Order = "rows in the order t = 0, 1, 2, … within each episode";
        long t = (long)values[time];
        long due = rows.Count == 0 ? 0 : rows[^1].T + 1;
        if (t != due && t != 0)
        {
            throw Fault(line, $": t is {t} where {(rows.Count == 0 ? "0" : $"{due}, or 0 for another episode,")} is due", Order);
        }

        if (episode >= 0 && rows.Count > 0 && (values[episode] == rows[^1][episode]) != (t != 0))
        {
            throw Fault(line, $": t is {t} and episode {values[episode]} after episode {rows[^1][episode]}", Order + ", each under its own number");
        }
    }

    private ReplayException Fault(int line, string what, string allowed) => new($"'{file}', line {line}{what}", allowed, "mend the line or roll out again");
}
