using System.Globalization;
using System.Runtime.ExceptionServices;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;
using Stackelberg.MuJoCo;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Reads the tables of <c>env rollout</c>: puts the environment into every recorded state and asks where things are.</summary>
internal static class RolloutReader
{
    private const string Allowed = "a table that 'stackelberg env rollout' wrote";

    public static Replay Read(string file, EnvironmentCatalogue catalogue, string? id, int? limit)
    {
        (string[] columns, List<double[]> rows) = ReadTable(file);
        using IEnvironment environment = catalogue.Make(id ?? Identify(file, catalogue, columns));
        IPoseSource view = ReplayRecorder.ViewOf(environment);
        if (!Fits(environment, columns))
        {
            throw new ReplayException(
                $"the columns of '{file}' are not those of {environment.Spec.Id}", "the environment that was rolled out", $"name it with --env; {environment.Spec.Id} has {string.Join(", ", StateNames(environment))}");
        }

        int[] state = [.. StateNames(environment).Select(name => Array.IndexOf(columns, name))];
        int number = Array.IndexOf(columns, "episode");
        IInitialState dynamics = environment.Find<IInitialState>()!;
        double[] observation = new double[environment.ObservationSpace.Size];
        List<ReplayEpisode> episodes = [];
        for (int begin = 0; begin < rows.Count && !(episodes.Count >= limit);)
        {
            int end = begin + 1;
            while (end < rows.Count && rows[end][Column(columns, "t")] != 0 && (number < 0 || rows[end][number] == rows[begin][number]))
            {
                end++;
            }

            episodes.Add(ReadEpisode(file, columns, rows[begin..end], (row) => dynamics.ResetTo(Array.ConvertAll(state, c => row[c]), observation), view));
            begin = end;
        }

        return new Replay(environment.Spec.Id, string.Create(CultureInfo.InvariantCulture, $"rollout {Path.GetFileName(file)}"), view.Scene, episodes);
    }

    private static ReplayEpisode ReadEpisode(string file, string[] columns, List<double[]> rows, Action<double[]> place, IPoseSource view)
    {
        EpisodeRecorder? recorder = null;
        int reward = Column(columns, "reward");
        foreach (double[] row in rows)
        {
            try
            {
                place(row);
            }
            catch (ArgumentException e)
            {
                throw new ReplayException($"'{file}' has a state that is not possible, at t = {row[Column(columns, "t")]}: {e.Message}", Allowed, "roll out again", e);
            }

            if (recorder is null)
            {
                recorder = new EpisodeRecorder(view);
            }
            else
            {
                recorder.Add(row[reward]);
            }
        }

        return recorder!.Finish(rows[^1][Column(columns, "terminated")] != 0, rows[^1][Column(columns, "truncated")] != 0);
    }

    // Which environment was rolled out is not in the table, but few have the same columns.
    private static string Identify(string file, EnvironmentCatalogue catalogue, string[] columns)
    {
        List<string> found = [];
        ExceptionDispatchInfo? missing = null;
        foreach (EnvironmentSpec spec in catalogue.Specs)
        {
            try
            {
                using IEnvironment environment = catalogue.Make(spec.Id);
                if (Fits(environment, columns))
                {
                    found.Add(spec.Id);
                }
            }
            catch (MujocoException e)
            {
                // without the engine the table may still be another environment's
                missing = ExceptionDispatchInfo.Capture(e);
            }
        }

        if (found.Count == 0)
        {
            missing?.Throw();
        }

        return found.Count == 1 ? found[0] : throw new ReplayException(
            found.Count == 0 ? $"the columns of '{file}' are those of no environment that can be drawn" : $"the columns of '{file}' fit {string.Join(", ", found)}",
            found.Count == 0 ? Allowed + ", of an environment that has a view and shows its state" : "the one that was rolled out", found.Count == 0 ? "roll out again with --out" : $"name it, as in --env {found[0]}");
    }

    private static bool Fits(IEnvironment environment, string[] columns) =>
        environment.Find<IPoseSource>() is not null && StateNames(environment) is { Count: > 0 } names && names.All(columns.Contains) &&
        columns.Count(c => names.Contains(c) || IsState(c, environment)) == names.Count &&
        Numbered(columns, "obs") == environment.ObservationSpace.Size && Numbered(columns, "action") == environment.ActionSpace.Size;

    private static bool IsState(string column, IEnvironment environment) => environment.Find<IInitialState>()!.InitialStateParts.Any(p => IsNumbered(column, p.Name));

    private static List<string> StateNames(IEnvironment environment) => environment.Find<IInitialState>() is { } dynamics
        ? [.. dynamics.InitialStateParts.SelectMany(p => Enumerable.Range(0, p.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"{p.Name}{i}")))]
        : [];

    private static int Numbered(string[] columns, string name) => columns.Count(c => IsNumbered(c, name));

    private static bool IsNumbered(string column, string name) =>
        column.StartsWith(name, StringComparison.Ordinal) && int.TryParse(column.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static int Column(string[] columns, string name) => Array.IndexOf(columns, name);

    private static (string[] Columns, List<double[]> Rows) ReadTable(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplayException($"'{file}' cannot be read: {e.Message}", Allowed, "check the path", e);
        }

        string[] columns = lines.Length > 0 ? lines[0].Split(',') : [];
        if (new[] { "t", "reward", "terminated", "truncated" }.FirstOrDefault(c => !columns.Contains(c)) is { } missing)
        {
            throw new ReplayException($"'{file}' has no column '{missing}'", Allowed, "write it with 'stackelberg env rollout … --out FILE.csv'");
        }

        List<double[]> rows = [.. lines.Skip(1).Where(l => l.Length > 0).Select((line, i) => Parse(file, line, i + 2, columns.Length))];
        return rows.Count > 0 ? (columns, rows) : throw new ReplayException($"'{file}' has no rows", Allowed, "roll out again");
    }

    private static double[] Parse(string file, string line, int number, int count)
    {
        string[] cells = line.Split(',');
        double[] values = new double[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            if (!double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
            {
                throw new ReplayException($"'{file}', line {number}: '{cells[i]}' is not a number", Allowed, "mend the line or roll out again");
            }
        }

        return cells.Length == count
            ? values
            : throw new ReplayException($"'{file}', line {number} has {cells.Length} cells and the header {count}", Allowed, "mend the line or roll out again");
    }
}
