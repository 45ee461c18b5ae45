using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Gathers the poses and rewards of one episode; made when the episode has been reset.</summary>
internal sealed class EpisodeRecorder
{
    private readonly IPoseSource view;
    private readonly double[] pose;
    private readonly List<double> poses = [];
    private readonly List<double> rewards = [];

    public EpisodeRecorder(IPoseSource view)
    {
        this.view = view;
        pose = new double[view.Scene.PoseSize];
        AddPose();
    }

    public int Steps => rewards.Count;

    /// <summary>A step was taken.</summary>
    public void Add(double reward)
    {
        rewards.Add(reward);
        AddPose();
    }

    public ReplayEpisode Finish(bool terminated, bool truncated) => new([.. poses], [.. rewards], terminated, truncated);

    private void AddPose()
    {
        view.WritePose(pose);
        poses.AddRange(pose);
    }
}
