namespace Stackelberg.Experiments.Rollouts;

/// <summary>A rollout cannot be played as asked: a file or a choice is wrong.</summary>
/// <param name="problem">What was given.</param>
/// <param name="allowed">What may be given.</param>
/// <param name="next">What to do.</param>
public sealed class RolloutException(string problem, string allowed, string next, Exception? inner = null) : RequestException(problem, allowed, next, inner);
