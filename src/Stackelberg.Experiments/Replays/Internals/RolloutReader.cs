using System.Globalization;
using System.Runtime.ExceptionServices;
using Stackelberg.Environments;
using Stackelberg.Experiments.Rollouts.Internals;
using Stackelberg.MuJoCo;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Reads the tables of <c>env rollout</c>: finds out whose they are and cuts them into episodes.</summary>
internal static class RolloutReader
{
    /// <summary>What may be given.</summary>
    internal const string Allowed = "a table that 'stackelberg env rollout' wrote";

    public static Replay Read(string file, EnvironmentCatalogue catalogue, MultiAgentCatalogue games, string? id, int? limit)
    {
        RolloutRows table = RolloutRows.Read(file);
        (string[] columns, IReadOnlyList<RolloutRow> rows) = (table.Columns, table.Rows);
        using IRolloutWorld world = Open(id ?? Identify(file, catalogue, games, columns, rows), catalogue, games);
        IPoseSource view = ReplayRecorder.ViewOf(world.Id, world.View);
        if (!Fits(world, columns))
        {
            throw new ReplayException(
                $"the columns of '{file}' are not those of {world.Id}", "the environment that was rolled out", $"name it with --env; {world.Id} has {string.Join(", ", StateNames(world))}");
        }

        if (Contradiction(world, columns, rows) is { } contradiction)
        {
            throw new ReplayException($"'{file}' was not played in {world.Id}: {contradiction}", "the environment that was rolled out", "name it with --env");
        }

        EpisodeReader reader = new(file, columns, world, StateNames(world));
        List<ReplayEpisode> episodes = [];
        for (int begin = 0; begin < rows.Count && !(episodes.Count >= limit);)
        {
            int end = begin + 1;
            while (end < rows.Count && rows[end].T != 0)
            {
                end++;
            }

            episodes.Add(reader.Read([.. rows.Skip(begin).Take(end - begin)]));
            begin = end;
        }

        return new Replay(world.Id, string.Create(CultureInfo.InvariantCulture, $"rollout {Path.GetFileName(file)}"), view.Scene, episodes) { Agents = world.AgentNames };
    }

    private static IRolloutWorld Open(string id, EnvironmentCatalogue catalogue, MultiAgentCatalogue games) =>
        games.Contains(id) ? new MultiAgentWorld(games.Make(id)) : new SingleAgentWorld(catalogue.Make(id));

    // Which environment was rolled out is not in the table, but few have the same columns, and fewer games pay the same.
    private static string Identify(string file, EnvironmentCatalogue catalogue, MultiAgentCatalogue games, string[] columns, IReadOnlyList<RolloutRow> rows)
    {
        List<string> found = [];
        ExceptionDispatchInfo? missing = null;
        foreach (EnvironmentSpec spec in columns.Contains("reward") ? catalogue.Specs : games.Specs)
        {
            try
            {
                using IRolloutWorld world = Open(spec.Id, catalogue, games);
                if (Fits(world, columns) && Contradiction(world, columns, rows) is null)
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
            found.Count == 0 ? Allowed + ", of an environment that has a view and shows its state" : "the one that was rolled out",
            found.Count == 0 ? "roll out again with --out, or name the environment with --env" : $"name it, as in --env {ShellText.Path(found[0])}");
    }

    private static string? Contradiction(IRolloutWorld world, string[] columns, IReadOnlyList<RolloutRow> rows) =>
        world is MultiAgentWorld { Game: { } game } ? GameTable.Contradiction(game, columns, rows) : null;

    private static bool Fits(IRolloutWorld world, string[] columns) =>
        world.View is not null && StateNames(world) is { Count: > 0 } names && names.All(columns.Contains) &&
        columns.Count(c => names.Contains(c) || IsState(c, world)) == names.Count &&
        Numbered(columns, "obs") == world.ObservationColumns.Count && Numbered(columns, "action") == world.ActionColumns.Count &&
        world.RewardColumns.All(columns.Contains) && Numbered(columns, "reward") == world.AgentNames.Count;

    private static bool IsState(string column, IRolloutWorld world) => world.Initial?.InitialStateParts.Any(p => IsNumbered(column, p.Name)) == true;

    private static IReadOnlyList<string> StateNames(IRolloutWorld world) => world switch
    {
        { View: IStatePoseSource shown } => shown.StateColumns,
        { Initial: { } dynamics } => [.. dynamics.InitialStateParts.SelectMany(p => Enumerable.Range(0, p.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"{p.Name}{i}")))],
        _ => [],
    };

    private static int Numbered(string[] columns, string name) => columns.Count(c => IsNumbered(c, name));

    private static bool IsNumbered(string column, string name) =>
        column.StartsWith(name, StringComparison.Ordinal) && int.TryParse(column.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
