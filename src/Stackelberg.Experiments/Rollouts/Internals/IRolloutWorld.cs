using Stackelberg.Environments;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>What is played: an environment of one agent or several, with the columns its rows have.</summary>
internal interface IRolloutWorld : IDisposable
{
    /// <summary>The environment's id.</summary>
    string Id { get; }

    /// <summary>Steps after which an episode is truncated; null for none.</summary>
    int? TimeLimit { get; }

    /// <summary>One space per agent, in order of play; their numbers follow each other in <see cref="ActionColumns"/>.</summary>
    IReadOnlyList<Space> ActionSpaces { get; }

    IReadOnlyList<string> ActionColumns { get; }

    IReadOnlyList<string> ObservationColumns { get; }

    IReadOnlyList<string> RewardColumns { get; }

    /// <summary>The raw state, in columns of its own; null where there is none.</summary>
    IStateColumns? State { get; }

    /// <summary>Starts an episode from a given state; null where that is not possible.</summary>
    IInitialState? Initial { get; }

    /// <summary>What draws it; null where nothing does.</summary>
    IPoseSource? View { get; }

    /// <summary>Names of the agents in order of play; empty where there is only one.</summary>
    IReadOnlyList<string> AgentNames { get; }

    /// <summary>Goes on after termination; null where that is not possible.</summary>
    IContinueAfterTermination? Continuation { get; }

    void Reset(ulong? seed, Span<double> observation);

    (bool Terminated, bool Truncated) Step(ReadOnlySpan<double> action, Span<double> observation, Span<double> rewards);
}
