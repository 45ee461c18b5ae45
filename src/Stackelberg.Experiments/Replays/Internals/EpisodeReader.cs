using Stackelberg.Environments;
using Stackelberg.Experiments.Rollouts.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Turns rows of a rollout's table into an episode: asks the environment for the pose of every recorded state, or puts it into the state and asks then.</summary>
internal sealed class EpisodeReader
{
    private readonly string file;
    private readonly IRolloutWorld world;
    private readonly int terminated;
    private readonly int truncated;
    private readonly int[] state;
    private readonly int[] actions;
    private readonly int[] rewards;
    private readonly double[] observation;

    /// <summary>A reader for the episodes of one table.</summary>
    /// <param name="file">What messages call the table.</param>
    /// <param name="columns">Names of the table's columns, which fit the environment.</param>
    /// <param name="world">The environment; it has a view.</param>
    /// <param name="stateNames">The columns a pose follows from.</param>
    public EpisodeReader(string file, string[] columns, IRolloutWorld world, IReadOnlyList<string> stateNames)
    {
        (this.file, this.world) = (file, world);
        (terminated, truncated) = (Array.IndexOf(columns, "terminated"), Array.IndexOf(columns, "truncated"));
        (state, actions, rewards) = (Places(stateNames), Places(world.ActionColumns), Places(world.RewardColumns));
        observation = new double[world.ObservationColumns.Count];

        int[] Places(IReadOnlyList<string> names) => [.. names.Select(name => Array.IndexOf(columns, name))];
    }

    /// <summary>Reads an episode.</summary>
    /// <exception cref="ReplayException">A state or an action is not possible there.</exception>
    public ReplayEpisode Read(IReadOnlyList<RolloutRow> rows)
    {
        IPoseSource view = world.View!;
        RolloutRow present = rows[0];
        EpisodeRecorder recorder = new(view.Scene, rewards.Length, pose => Place(present, view, pose));
        foreach (RolloutRow row in rows.Skip(1))
        {
            present = row;
            RequireNamed(row, view.Scene.ActionNames);
            RequireChoices(row);
            recorder.Add(Values(row, actions), Values(row, rewards));
        }

        return recorder.Finish(rows[^1][terminated] != 0, rows[^1][truncated] != 0);
    }

    private void Place(RolloutRow row, IPoseSource view, Span<double> pose)
    {
        try
        {
            if (view is IStatePoseSource shown)
            {
                shown.WritePoseOf(Values(row, state), pose);
            }
            else
            {
                world.Initial!.ResetTo(Values(row, state), observation);
                view.WritePose(pose);
            }
        }
        catch (ArgumentException e)
        {
            throw new ReplayException($"'{file}', line {row.Line}: the state is not possible: {FileFaultText.Of(e)}", RolloutReader.Allowed, "roll out again", e);
        }
    }

    private void RequireNamed(RolloutRow row, IReadOnlyList<IReadOnlyList<string>> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            double action = row[actions[i]];
            if (!(action >= 0 && action < names[i].Count && action == Math.Floor(action)))
            {
                throw new ReplayException(
                    $"'{file}', line {row.Line}: action{i} is {action}", $"0 to {names[i].Count - 1}: {string.Join(", ", names[i])}", "roll out again");
            }
        }
    }

    // what lies beyond a box is the dynamics' affair (most clip it)
    private void RequireChoices(RolloutRow row)
    {
        int at = 0;
        foreach (Space space in world.ActionSpaces)
        {
            if (space is DiscreteSpace choices && !choices.Contains([row[actions[at]]]))
            {
                throw new ReplayException($"'{file}', line {row.Line}: {world.ActionColumns[at]} is {row[actions[at]]}", $"an integer from 0 to {choices.Count - 1}", "roll out again");
            }

            at += space.Size;
        }
    }

    private static double[] Values(RolloutRow row, int[] places) => Array.ConvertAll(places, c => row[c]);
}
