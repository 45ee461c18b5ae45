namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>Gives the action of each step of a rollout.</summary>
internal interface IActionSource : IDisposable
{
    /// <summary>Writes the next action.</summary>
    void Next(ReadOnlySpan<double> observation, Span<double> action);
}
