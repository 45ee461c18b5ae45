using Stackelberg.Environments;
using Stackelberg.Experiments.Rollouts.Internals;
using Stackelberg.MuJoCo;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts;

/// <summary>
/// Plays episodes and writes every step as a row of a CSV table: to replay recorded actions, to compare with another simulator, to be looked at.
/// </summary>
/// <remarks>
/// Columns: <c>episode</c> when there are several or the actions number them; <c>t</c>, 0 for the start of an episode; <c>action0</c> …;
/// <c>obs0</c> …; <c>reward</c>; <c>terminated</c>, <c>truncated</c> (0 or 1); then what the environment shows of its state: <c>qpos*</c>,
/// <c>qvel*</c>, <c>ncon</c> for MuJoCo, <c>state*</c> for classic control. Environments of several agents have <c>reward0</c> …, one per agent,
/// and actions and observations of the agents one after another in the order of play. A start has zeros for action, reward and flags.
/// </remarks>
public static class RolloutRecorder
{
    private const int StepsWithoutLimit = 1000;

    /// <summary>Plays and writes.</summary>
    /// <param name="path">The table; it appears when it is complete.</param>
    /// <exception cref="RolloutException">A file or a choice of the request is wrong.</exception>
    /// <exception cref="EnvironmentException">The environment broke down.</exception>
    /// <exception cref="OperationCanceledException">The request's token asked for the end.</exception>
    public static IReadOnlyList<RolloutEpisode> Record(RolloutRequest request, string path) => PhysicsThread.Run(() =>
    {
        string id = request.Environment;
        using IRolloutWorld world = request.MultiAgentCatalogue.Contains(id)
            ? new MultiAgentWorld(request.MultiAgentCatalogue.Make(id))
            : new SingleAgentWorld(request.Catalogue.Make(id));
        return Record(request, world, path);
    });

    private static List<RolloutEpisode> Record(RolloutRequest request, IRolloutWorld world, string path)
    {
        if (request.ContinueAfterTermination && world.Continuation is null)
        {
            throw new RolloutException(
                $"{world.Id} cannot go on after termination", "environments that implement IContinueAfterTermination", "leave out --continue-after-termination");
        }

        ActionTable? table = request.ActionsFile is { } file ? ActionTable.Read(file, world.Id, world.ActionColumns, world.ActionSpaces) : null;
        InitialStates? starts = request.InitialStateFile is { } states ? ReadStarts(states, world) : null;
        int episodes = CountEpisodes(request, table, starts);
        bool numbered = table?.Numbered ?? episodes > 1;
        using IActionSource? policy = table is null ? request.Policy.Open(world, RandomStream.FromSeed(request.Seed).Split("policy")) : null;
        using var rows = new RolloutTable(
            path,
            [.. numbered ? ["episode"] : Array.Empty<string>(), "t", .. world.ActionColumns, .. world.ObservationColumns, .. world.RewardColumns, "terminated", "truncated", .. world.State?.StateColumns ?? []]);
        var player = new EpisodePlayer(world, rows, request.ContinueAfterTermination);
        List<RolloutEpisode> played = [];
        for (int i = 0; i < episodes; i++)
        {
            Recording? recording = table?.Episodes[i];
            long number = recording?.Number ?? i;
            player.Begin(i == 0 ? request.Seed : null, starts is null ? default : starts[i], numbered ? number : null);
            int available = recording?.Actions.Count ?? world.TimeLimit ?? StepsWithoutLimit;
            int limit = recording is null ? request.Steps ?? available : Math.Min(request.Steps ?? available, available);
            RolloutEpisode episode = player.Play(number, limit, (t, observation, action) =>
            {
                request.Cancellation.ThrowIfCancellationRequested();
                if (recording is null)
                {
                    policy!.Next(observation, action);
                }
                else
                {
                    recording.Actions[t].CopyTo(action);
                }
            });
            played.Add(recording is null ? episode : episode with { UnusedActions = limit - episode.Steps });
        }

        rows.Complete();
        return played;
    }

    private static InitialStates ReadStarts(string path, IRolloutWorld world) => world.Initial is { } initial
        ? InitialStates.Read(path, world.Id, initial.InitialStateParts)
        : throw new RolloutException($"{world.Id} cannot start from a given state", "environments that implement IInitialState", "leave out --initial-state and give --seed");

    private static int CountEpisodes(RolloutRequest request, ActionTable? table, InitialStates? starts)
    {
        int episodes = table?.Episodes.Count ?? request.Episodes ?? starts?.Count ?? 1;
        return starts?.Count is not { } listed || listed == episodes
            ? episodes
            : throw new RolloutException(
                $"'{request.InitialStateFile}' lists {listed} initial states; {(table is null ? "--episodes asks for" : $"'{request.ActionsFile}' has")} {episodes} episodes",
                "one state per episode, or one object that starts them all", "make the two agree");
    }
}
