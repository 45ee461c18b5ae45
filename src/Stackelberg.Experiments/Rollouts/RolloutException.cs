namespace Stackelberg.Experiments.Rollouts;

/// <summary>A rollout cannot be played as asked: a file or a choice is wrong.</summary>
/// <param name="problem">What was given.</param>
/// <param name="allowed">What may be given.</param>
/// <param name="next">What to do.</param>
public sealed class RolloutException(string problem, string allowed, string next, Exception? inner = null) : Exception(problem, inner)
{
    /// <summary>What may be given.</summary>
    public string Allowed { get; } = allowed;

    /// <summary>What to do.</summary>
    public string Next { get; } = next;
}
