using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals.Checks;

/// <summary>Names the entries of what an environment's <c>Step</c> writes, where "observation entry" would not say enough.</summary>
internal interface INamedEntries
{
    string EntryName(int entry);
}

/// <summary>
/// A multi-agent environment seen as one agent that chooses the joint action and observes all observations followed by all rewards, so that the
/// rules for single agents compare every number of every agent.
/// </summary>
internal sealed class JointView : IEnvironment, INamedEntries
{
    private static readonly BoxSpace AnyReward = new(1, double.NegativeInfinity, double.PositiveInfinity);

    public JointView(IMultiAgentEnvironment inner)
    {
        Inner = inner;
        if ((inner is MultiAgentTimeLimit limit ? limit.Inner : inner) is GuardedMultiAgentEnvironment guarded)
        {
            guarded.Guard.ChecksNumbers = false;
        }

        ObservationSpace = new ProductSpace([.. inner.Agents.Select(a => a.ObservationSpace), .. inner.Agents.Select(_ => AnyReward)]);
        ActionSpace = new ProductSpace([.. inner.Agents.Select(a => a.ActionSpace)]);
    }

    public IMultiAgentEnvironment Inner { get; }

    public EnvironmentSpec Spec => Inner.Spec;

    public Space ObservationSpace { get; }

    public Space ActionSpace { get; }

    public void Reset(ulong? seed, Span<double> observation)
    {
        Inner.Reset(seed, observation[..Inner.Agents.ObservationSize]);
        observation[Inner.Agents.ObservationSize..].Clear();
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        int split = Inner.Agents.ObservationSize;
        JointStepResult result = Inner.Step(action, observation[..split], observation[split..]);
        return new StepResult(0, result.Terminated, result.Truncated);
    }

    public void Save(StateWriter writer) => Inner.Save(writer);

    public void Load(StateReader reader) => Inner.Load(reader);

    public void Dispose() => Inner.Dispose();

    public string EntryName(int entry)
    {
        if (entry >= Inner.Agents.ObservationSize)
        {
            return $"the reward of agent '{Inner.Agents[entry - Inner.Agents.ObservationSize].Name}'";
        }

        int agent = Inner.Agents.Count - 1;
        while (Inner.Agents.ObservationOffset(agent) > entry)
        {
            agent--;
        }

        return $"observation entry {entry - Inner.Agents.ObservationOffset(agent)} of agent '{Inner.Agents[agent].Name}'";
    }
}
