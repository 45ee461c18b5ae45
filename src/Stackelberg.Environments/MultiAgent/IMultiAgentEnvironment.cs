using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>
/// An environment in which several agents act in every step: <see cref="IEnvironment"/>'s contract with one action, observation and reward per
/// agent.
/// </summary>
/// <remarks>
/// All buffers hold the agents one after another in the order of play, which is the order of <see cref="Agents"/>; <see cref="AgentRoster"/> cuts
/// them up. A step takes the joint action at once: that a follower saw the leader's action before it chose its own is the learner's affair, and
/// <see cref="AgentSpec.Level"/> says who may see whom. <see cref="Step"/> after an episode has ended and before <see cref="Reset"/> throws. Not
/// thread-safe. After <see cref="IStateful.Load"/> every later observation, reward and flag has the same bits.
/// </remarks>
public interface IMultiAgentEnvironment : IStateful, IDisposable
{
    /// <summary>Id, time limit and description. A reward threshold has no meaning here and is null.</summary>
    EnvironmentSpec Spec { get; }

    /// <summary>The agents in the order of play, with their spaces.</summary>
    AgentRoster Agents { get; }

    /// <summary>Starts an episode.</summary>
    /// <param name="seed">Restarts the environment's random stream from this seed, or null to go on with the present one. An environment that
    /// was never seeded goes on from seed 0.</param>
    /// <param name="observations">Receives the first observations; length <c>Agents.ObservationSize</c>.</param>
    void Reset(ulong? seed, Span<double> observations);

    /// <summary>Takes one joint step.</summary>
    /// <param name="actions">Length <c>Agents.ActionSize</c>.</param>
    /// <param name="observations">Receives the next observations, the final ones included; length <c>Agents.ObservationSize</c>.</param>
    /// <param name="rewards">Receives one reward per agent; length <c>Agents.Count</c>.</param>
    /// <exception cref="EnvironmentException">An action is not finite or not in its space, a buffer has the wrong length, no episode is running,
    /// or the dynamics broke down. A refused action leaves the episode as it was.</exception>
    JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards);
}

/// <summary>How a joint step left the episode, which all agents share.</summary>
/// <param name="Terminated">The episode ended inside the problem: no future reward exists.</param>
/// <param name="Truncated">The episode was cut from outside, by a time limit: future reward exists and is to be bootstrapped.</param>
public readonly record struct JointStepResult(bool Terminated, bool Truncated)
{
    /// <summary>Whether the episode is over for either reason.</summary>
    public bool Ended => Terminated || Truncated;
}
