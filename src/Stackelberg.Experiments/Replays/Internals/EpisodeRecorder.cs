using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Gathers the poses, rewards and, where the scene names them, joint actions of one episode; made when the episode has been reset.</summary>
internal sealed class EpisodeRecorder
{
    private readonly WritePose write;
    private readonly bool keepsActions;
    private readonly int agents;
    private readonly double[] pose;
    private readonly List<double> poses = [];
    private readonly List<double> rewards = [];
    private readonly List<int> actions = [];

    /// <summary>A recorder of an episode that stands at its start.</summary>
    /// <param name="scene">What is drawn.</param>
    /// <param name="agents">Rewards per step.</param>
    /// <param name="write">Gives the pose at present.</param>
    public EpisodeRecorder(SceneDescription scene, int agents, WritePose write)
    {
        (this.write, this.agents, keepsActions) = (write, agents, scene.ActionNames.Count > 0);
        pose = new double[scene.PoseSize];
        AddPose();
    }

    public int Steps => rewards.Count / agents;

    /// <summary>A step was taken.</summary>
    public void Add(ReadOnlySpan<double> action, ReadOnlySpan<double> reward)
    {
        rewards.AddRange(reward);
        for (int i = 0; keepsActions && i < action.Length; i++)
        {
            actions.Add((int)action[i]);
        }

        AddPose();
    }

    public ReplayEpisode Finish(bool terminated, bool truncated) => new([.. poses], [.. rewards], terminated, truncated) { Agents = agents, Actions = [.. actions] };

    private void AddPose()
    {
        write(pose);
        poses.AddRange(pose);
    }

    /// <summary>Writes where everything is.</summary>
    internal delegate void WritePose(Span<double> pose);
}
