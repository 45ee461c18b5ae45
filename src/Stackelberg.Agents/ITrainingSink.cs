using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>
/// Receives what happens in training. Names of metrics are lower_snake_case with a group, such as <c>critic/loss</c>. A sink implements what it cares for;
/// the rest is dropped. <see cref="EpisodeLog"/> is one that keeps.
/// </summary>
public interface ITrainingSink
{
    /// <summary>A training episode ended.</summary>
    void Episode(in EpisodeSummary episode)
    {
    }

    /// <summary>A number of the iteration in progress; the last value per iteration counts.</summary>
    void Metric(string name, double value)
    {
    }

    /// <summary>A leader update was made.</summary>
    void Hypergradient(in HypergradientReport report)
    {
    }

    /// <summary>Something the user should know, said once; sinks without a reader may drop it.</summary>
    void Notice(string message)
    {
    }
}

/// <summary>One finished training episode.</summary>
/// <param name="Step">Environment steps of training when it ended.</param>
/// <param name="Return">Undiscounted sum of rewards; of several agents, the first one's.</param>
/// <param name="Length">Steps.</param>
/// <param name="Terminated">Ended inside the problem; otherwise it was truncated.</param>
public readonly record struct EpisodeSummary(long Step, double Return, int Length, bool Terminated)
{
    /// <summary>Undiscounted return of every agent in the order of play; empty where there is one. Valid while the sink is told of it.</summary>
    public ReadOnlyMemory<double> AgentReturns { get; init; }

    /// <summary>Whether all numbers are equal, those of the agents included.</summary>
    public bool Equals(EpisodeSummary other) =>
        (Step, Length, Terminated) == (other.Step, other.Length, other.Terminated) && Return.Equals(other.Return) && AgentReturns.Span.SequenceEqual(other.AgentReturns.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Step, Return, Length, Terminated);
}
