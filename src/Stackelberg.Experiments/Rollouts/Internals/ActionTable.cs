using System.Globalization;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>Recorded actions: the columns <c>action0, action1, …</c> of a table, with <c>t</c> and <c>episode</c> where it has them.</summary>
/// <remarks>Other columns are not looked at, so what a rollout wrote can be read again. A row with t = 0 is a start and holds no action.</remarks>
internal sealed class ActionTable
{
    private ActionTable(IReadOnlyList<Recording> episodes, bool numbered)
    {
        Episodes = episodes;
        Numbered = numbered;
    }

    /// <summary>The episodes in the order they come up.</summary>
    public IReadOnlyList<Recording> Episodes { get; }

    /// <summary>Whether the table numbers its episodes.</summary>
    public bool Numbered { get; }

    /// <summary>Reads the table.</summary>
    /// <exception cref="RolloutException">It cannot be read, lacks a column, has one too many, or a number is not one.</exception>
    public static ActionTable Read(string path, string id, IReadOnlyList<string> columns, IReadOnlyList<Space> spaces)
    {
        string[] lines = InputFile.ReadLines(path, "--actions");
        string[] header = lines.Length > 0 ? [.. lines[0].Split(',').Select(c => c.Trim())] : [];
        int[] indices = Find(path, id, header, columns);
        int time = Array.IndexOf(header, "t"), episode = Array.IndexOf(header, "episode");
        var recordings = new Dictionary<long, Recording>();
        for (int line = 1; line < lines.Length; line++)
        {
            if (lines[line].Length == 0)
            {
                continue;
            }

            string[] cells = lines[line].Split(',');
            var place = new Place(path, line + 1, header, cells);
            if (cells.Length != header.Length)
            {
                throw place.Fault($"has {cells.Length} cells under {header.Length} columns", "as many cells as columns");
            }

            long number = episode < 0 ? 0 : place.Whole(episode);
            if (!recordings.TryGetValue(number, out Recording? recording))
            {
                recordings.Add(number, recording = new Recording(number, []));
            }

            long due = recording.Actions.Count + 1;
            long t = time < 0 ? due : place.Whole(time);
            if (t == 0 && due == 1)
            {
                continue;
            }

            if (t != due)
            {
                throw place.Fault($"has t = {t} where {due} is due", "rows in the order t = 1, 2, 3, … within each episode (a row t = 0 may come first)");
            }

            double[] action = [.. indices.Select(place.Finite)];
            RequireChoices(place, action, columns, spaces);
            recording.Actions.Add(action);
        }

        return recordings.Values.Sum(r => r.Actions.Count) > 0
            ? new ActionTable([.. recordings.Values], episode >= 0)
            : throw new RolloutException($"'{path}' has no actions", $"rows t = 1, 2, … below {string.Join(", ", columns)}", "add rows, or use --policy");
    }

    private static int[] Find(string path, string id, string[] header, IReadOnlyList<string> columns)
    {
        // One action may go without a number.
        if (columns.Count == 1 && !header.Contains(columns[0]) && header.Contains("action"))
        {
            return [Array.IndexOf(header, "action")];
        }

        if (header.Distinct().Count() != header.Length)
        {
            string twice = header.GroupBy(c => c).First(g => g.Count() > 1).Key;
            throw new RolloutException($"'{path}' has the column '{twice}' twice", "each column once", "delete or rename one of them");
        }

        string allowed = $"{string.Join(", ", columns)} (other columns are not looked at)";
        string[] given = [.. header.Where(c => c.StartsWith("action", StringComparison.Ordinal))];
        if (given.Length > 0 && given.Length != columns.Count && columns.Take(given.Length).All(given.Contains) | given.Length > columns.Count)
        {
            throw new RolloutException(
                $"'{path}' has {given.Length} action columns ({string.Join(", ", given)}); {id} takes {columns.Count} numbers per action", allowed,
                $"'stackelberg env show {ShellText.Path(id)}' describes the actions");
        }

        foreach (string column in columns)
        {
            if (!header.Contains(column))
            {
                string? nearest = Suggestions.Nearest(column, header.Except(columns));
                throw new RolloutException(
                    $"'{path}' has no column '{column}'", allowed,
                    nearest is null ? "name the columns in the first line, separated by commas" : $"did you mean '{column}' where the file has '{nearest}'?");
            }
        }

        return [.. columns.Select(c => Array.IndexOf(header, c))];
    }

    // What lies beyond a box is the dynamics' affair (most clip it); a choice that does not exist is a mistake in the file.
    private static void RequireChoices(Place place, double[] action, IReadOnlyList<string> columns, IReadOnlyList<Space> spaces)
    {
        int at = 0;
        foreach (Space space in spaces)
        {
            if (space is DiscreteSpace choices && !choices.Contains(action.AsSpan(at, 1)))
            {
                throw place.Fault($"has {columns[at]} = {action[at].ToString("R", CultureInfo.InvariantCulture)}", $"an integer from 0 to {choices.Count - 1}");
            }

            at += space.Size;
        }
    }

    /// <summary>A row, to be read cell by cell.</summary>
    private readonly record struct Place(string Path, int Line, string[] Header, string[] Cells)
    {
        public RolloutException Fault(string what, string allowed) => new($"line {Line} of '{Path}' {what}", allowed, "mend the line");

        // Other programs write whole numbers with a point as well.
        public long Whole(int index) =>
            double.TryParse(Cells[index], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && value < 1L << 53 && value == Math.Floor(value)
                ? (long)value
                : throw Fault($"has {Header[index]} = '{Cells[index]}'", "an integer ≥ 0");

        public double Finite(int index) =>
            double.TryParse(Cells[index], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : throw Fault($"has {Header[index]} = '{Cells[index]}'", "a finite number with a decimal point, such as -0.25 or 1e-3");
    }
}

/// <summary>The actions of one episode.</summary>
internal sealed record Recording(long Number, List<double[]> Actions);
