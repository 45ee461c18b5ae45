using Stackelberg.Environments;
using Stackelberg.Experiments.Rollouts.Internals;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Turns rows of a rollout's table into an episode: asks the environment for the pose of every recorded state, or puts it into the state and asks then.</summary>
internal sealed class EpisodeReader
{
    private readonly string file;
    private readonly IRolloutWorld world;
    private readonly int time;
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
        (time, terminated, truncated) = (Array.IndexOf(columns, "t"), Array.IndexOf(columns, "terminated"), Array.IndexOf(columns, "truncated"));
        (state, actions, rewards) = (Places(stateNames), Places(world.ActionColumns), Places(world.RewardColumns));
        observation = new double[world.ObservationColumns.Count];

        int[] Places(IReadOnlyList<string> names) => [.. names.Select(name => Array.IndexOf(columns, name))];
    }

    /// <summary>Reads an episode.</summary>
    /// <exception cref="ReplayException">A state or an action is not possible there.</exception>
    public ReplayEpisode Read(IReadOnlyList<double[]> rows)
    {
        IPoseSource view = world.View!;
        double[] present = rows[0];
        EpisodeRecorder recorder = new(view.Scene, rewards.Length, pose => Place(present, view, pose));
        foreach (double[] row in rows.Skip(1))
        {
            present = row;
            RequireNamed(row, view.Scene.ActionNames);
            recorder.Add(Values(row, actions), Values(row, rewards));
        }

        return recorder.Finish(rows[^1][terminated] != 0, rows[^1][truncated] != 0);
    }

    private void Place(double[] row, IPoseSource view, Span<double> pose)
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
            throw new ReplayException($"'{file}' has a state that is not possible, at t = {row[time]}: {e.Message}", RolloutReader.Allowed, "roll out again", e);
        }
    }

    private void RequireNamed(double[] row, IReadOnlyList<IReadOnlyList<string>> names)
    {
        for (int i = 0; i < names.Count; i++)
        {
            double action = row[actions[i]];
            if (!(action >= 0 && action < names[i].Count && action == Math.Floor(action)))
            {
                throw new ReplayException(
                    $"'{file}' has an action that is not possible, at t = {row[time]}: action{i} is {action}", $"0 to {names[i].Count - 1}: {string.Join(", ", names[i])}", "roll out again");
            }
        }
    }

    private static double[] Values(double[] row, int[] places) => Array.ConvertAll(places, c => row[c]);
}
