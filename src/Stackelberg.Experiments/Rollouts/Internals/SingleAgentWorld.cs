using System.Globalization;
using Stackelberg.Environments;
using Stackelberg.Environments.Wrappers;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>An environment of one agent.</summary>
internal sealed class SingleAgentWorld : IRolloutWorld
{
    private readonly IEnvironment made;
    private readonly IEnvironment environment;

    /// <summary>Takes an environment over.</summary>
    /// <param name="made">As the catalogue made it. Its time limit is counted by the recorder, so that an episode can go on beyond it.</param>
    public SingleAgentWorld(IEnvironment made)
    {
        this.made = made;
        environment = made is TimeLimit limit ? limit.Inner : made;
        ActionSpaces = [made.ActionSpace];
        ActionColumns = Numbered("action", made.ActionSpace.Size);
        ObservationColumns = Numbered("obs", made.ObservationSpace.Size);
        State = environment.Find<IStateColumns>();
        Initial = environment.Find<IInitialState>();
        View = environment.Find<IPoseSource>();
        Continuation = environment.Find<IContinueAfterTermination>();
    }

    public string Id => made.Spec.Id;

    public int? TimeLimit => made.Spec.MaxEpisodeSteps;

    public IReadOnlyList<Space> ActionSpaces { get; }

    public IReadOnlyList<string> ActionColumns { get; }

    public IReadOnlyList<string> ObservationColumns { get; }

    public IReadOnlyList<string> RewardColumns { get; } = ["reward"];

    public IStateColumns? State { get; }

    public IInitialState? Initial { get; }

    public IPoseSource? View { get; }

    public IReadOnlyList<string> AgentNames => [];

    public IContinueAfterTermination? Continuation { get; }

    public void Reset(ulong? seed, Span<double> observation) => environment.Reset(seed, observation);

    public (bool Terminated, bool Truncated) Step(ReadOnlySpan<double> action, Span<double> observation, Span<double> rewards)
    {
        (rewards[0], bool terminated, bool truncated) = environment.Step(action, observation);
        return (terminated, truncated);
    }

    public void Dispose() => made.Dispose();

    internal static string[] Numbered(string name, int count) =>
        [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}{i}"))];
}
