using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>
/// An environment of several agents as one: its observation and action are those of all agents, one after another in the order of play. Training,
/// evaluation and recording run it as they run any other; a learner for several agents asks it for <see cref="Agents"/> and <see cref="Rewards"/>.
/// </summary>
/// <remarks>The reward of a step is the first agent's, who leads where somebody does.</remarks>
/// <param name="inner">The environment of several agents, owned from now on.</param>
public sealed class JointEnvironment(IMultiAgentEnvironment inner) : IEnvironment
{
    private readonly double[] rewards = new double[inner.Agents.Count];

    /// <summary>The environment of several agents.</summary>
    public IMultiAgentEnvironment Inner { get; } = inner;

    /// <summary>The agents in the order of play.</summary>
    public AgentRoster Agents { get; } = inner.Agents;

    /// <summary>What each agent got in the last step.</summary>
    public ReadOnlySpan<double> Rewards => rewards;

    /// <inheritdoc/>
    public EnvironmentSpec Spec => Inner.Spec;

    /// <inheritdoc/>
    public Space ObservationSpace { get; } = new ProductSpace([.. inner.Agents.Select(a => a.ObservationSpace)]);

    /// <inheritdoc/>
    public Space ActionSpace { get; } = new ProductSpace([.. inner.Agents.Select(a => a.ActionSpace)]);

    /// <inheritdoc/>
    public void Reset(ulong? seed, Span<double> observation) => Inner.Reset(seed, observation);

    /// <inheritdoc/>
    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        (bool terminated, bool truncated) = Inner.Step(action, observation, rewards);
        return new StepResult(rewards[0], terminated, truncated);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer) => Inner.Save(writer);

    /// <inheritdoc/>
    public void Load(StateReader reader) => Inner.Load(reader);

    /// <inheritdoc/>
    public void Dispose() => Inner.Dispose();
}

/// <summary>Finds the agents of an environment.</summary>
public static class JointEnvironmentExtensions
{
    /// <summary>The environment of several agents below all wrappers; null where there is one agent.</summary>
    public static JointEnvironment? Joint(this IEnvironment environment) => environment.Unwrapped() as JointEnvironment;
}
