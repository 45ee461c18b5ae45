using Stackelberg.Environments;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>An environment of several agents; its columns hold them one after another in the order of play.</summary>
internal sealed class MultiAgentWorld : IRolloutWorld
{
    private readonly IMultiAgentEnvironment made;
    private readonly IMultiAgentEnvironment environment;

    /// <summary>Takes an environment over.</summary>
    /// <param name="made">As the catalogue made it. Its time limit is counted by the recorder, so that an episode can go on beyond it.</param>
    public MultiAgentWorld(IMultiAgentEnvironment made)
    {
        this.made = made;
        environment = made is MultiAgentTimeLimit limit ? limit.Inner : made;
        ActionSpaces = [.. made.Agents.Select(a => a.ActionSpace)];
        ActionColumns = SingleAgentWorld.Numbered("action", made.Agents.ActionSize);
        ObservationColumns = SingleAgentWorld.Numbered("obs", made.Agents.ObservationSize);
        RewardColumns = SingleAgentWorld.Numbered("reward", made.Agents.Count);
        IMultiAgentEnvironment dynamics = made.Unwrapped();
        State = dynamics as IStateColumns;
        Initial = dynamics as IInitialState;
        View = dynamics as IPoseSource;
        AgentNames = [.. made.Agents.Select(a => a.Name)];
        Game = (dynamics as MarkovGameEnvironment)?.Game;
        Continuation = dynamics as IContinueAfterTermination;
    }

    public string Id => made.Spec.Id;

    public int? TimeLimit => made.Spec.MaxEpisodeSteps;

    public IReadOnlyList<Space> ActionSpaces { get; }

    public IReadOnlyList<string> ActionColumns { get; }

    public IReadOnlyList<string> ObservationColumns { get; }

    public IReadOnlyList<string> RewardColumns { get; }

    public IStateColumns? State { get; }

    public IInitialState? Initial { get; }

    public IPoseSource? View { get; }

    public IReadOnlyList<string> AgentNames { get; }

    /// <summary>The exact model; null where there is none.</summary>
    public MarkovGame? Game { get; }

    public IContinueAfterTermination? Continuation { get; }

    public void Reset(ulong? seed, Span<double> observation) => environment.Reset(seed, observation);

    public (bool Terminated, bool Truncated) Step(ReadOnlySpan<double> action, Span<double> observation, Span<double> rewards)
    {
        (bool terminated, bool truncated) = environment.Step(action, observation, rewards);
        return (terminated, truncated);
    }

    public void Dispose() => made.Dispose();
}
