using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays;

/// <summary>Recorded episodes with all that is needed to draw them.</summary>
/// <param name="Environment">The environment's id.</param>
/// <param name="Source">One line on where the episodes come from.</param>
/// <param name="Scene">What is drawn.</param>
/// <param name="Episodes">At least one.</param>
public sealed record Replay(string Environment, string Source, SceneDescription Scene, IReadOnlyList<ReplayEpisode> Episodes)
{
    /// <summary>Names of the agents in the order of play; empty where there is only one.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];
}

/// <summary>One recorded episode.</summary>
/// <param name="Poses">The pose after the reset and after every step, one row after the other, <see cref="SceneDescription.PoseSize"/> numbers each.</param>
/// <param name="Rewards">One per step and agent, the agents of a step one after another.</param>
/// <param name="Terminated">The last step terminated the episode.</param>
/// <param name="Truncated">The last step truncated it.</param>
public sealed record ReplayEpisode(double[] Poses, double[] Rewards, bool Terminated, bool Truncated)
{
    /// <summary>How many agents are rewarded.</summary>
    public int Agents { get; init; } = 1;

    /// <summary>Joint actions, as indices into <see cref="SceneDescription.ActionNames"/>: one per step and agent; empty where the scene names none.</summary>
    public int[] Actions { get; init; } = [];

    /// <summary>Steps taken.</summary>
    public int Steps => Rewards.Length / Agents;

    /// <summary>The episode return of every agent.</summary>
    public IReadOnlyList<double> Returns => [.. Enumerable.Range(0, Agents).Select(agent => Rewards.Where((_, i) => i % Agents == agent).Sum())];
}

/// <summary>A replay cannot be made as asked.</summary>
/// <param name="problem">What was given.</param>
/// <param name="allowed">What may be given.</param>
/// <param name="next">What to do.</param>
public sealed class ReplayException(string problem, string allowed, string next, Exception? inner = null) : RequestException(problem, allowed, next, inner);
