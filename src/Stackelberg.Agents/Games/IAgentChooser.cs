using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Chooses for one agent after another, in the order of play.</summary>
public interface IAgentChooser
{
    /// <summary>Writes an agent's part of the joint action.</summary>
    /// <param name="agent">Its place in the order of play.</param>
    /// <param name="observations">The joint observation; the agent looks at its own part, unless the method says otherwise.</param>
    /// <param name="actions">The joint action: the parts of the agents before it are chosen, and seen by those of a later level.</param>
    /// <param name="random">Used in stochastic mode only.</param>
    void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random);
}

/// <summary>The policy of several agents together.</summary>
/// <param name="chooser">Chooses for each.</param>
/// <param name="agents">How many there are.</param>
internal sealed class JointPolicy(IAgentChooser chooser, int agents) : IPolicy
{
    /// <inheritdoc/>
    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        for (int i = 0; i < agents; i++)
        {
            chooser.Choose(i, observation, action, mode, random);
        }
    }
}
