using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays;

/// <summary>Recorded episodes with all that is needed to draw them.</summary>
/// <param name="Environment">The environment's id.</param>
/// <param name="Source">One line on where the episodes come from.</param>
/// <param name="Scene">What is drawn.</param>
/// <param name="Episodes">At least one.</param>
public sealed record Replay(string Environment, string Source, SceneDescription Scene, IReadOnlyList<ReplayEpisode> Episodes);

/// <summary>One recorded episode.</summary>
/// <param name="Poses">The pose after the reset and after every step, one row after the other, <see cref="SceneDescription.PoseSize"/> numbers each.</param>
/// <param name="Rewards">One per step.</param>
/// <param name="Terminated">The last step terminated the episode.</param>
/// <param name="Truncated">The last step truncated it.</param>
public sealed record ReplayEpisode(double[] Poses, double[] Rewards, bool Terminated, bool Truncated)
{
    /// <summary>The episode return.</summary>
    public double Return => Rewards.Sum();
}

/// <summary>A replay cannot be made as asked.</summary>
/// <param name="problem">What was given.</param>
/// <param name="allowed">What may be given.</param>
/// <param name="next">What to do.</param>
public sealed class ReplayException(string problem, string allowed, string next, Exception? inner = null) : Exception(problem, inner)
{
    /// <summary>What may be given.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do.</summary>
    public string Next { get; } = next;
}
