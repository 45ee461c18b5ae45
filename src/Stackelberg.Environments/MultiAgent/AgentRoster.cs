using System.Collections;

namespace Stackelberg.Environments;

/// <summary>The agents of an environment in the order of play, and where each one's numbers lie in the joint buffers.</summary>
public sealed class AgentRoster : IReadOnlyList<AgentSpec>
{
    private readonly AgentSpec[] agents;
    private readonly int[] observationOffsets;
    private readonly int[] actionOffsets;

    /// <summary>A roster of at least one agent.</summary>
    /// <exception cref="ArgumentException">There is no agent, a name is empty or given twice, or the levels do not start at 0 and rise by at most 1
    /// from agent to agent.</exception>
    public AgentRoster(params IReadOnlyList<AgentSpec> agents)
    {
        if (agents.Count == 0)
        {
            throw new ArgumentException("A roster needs at least one agent.", nameof(agents));
        }

        this.agents = [.. agents];
        observationOffsets = new int[agents.Count + 1];
        actionOffsets = new int[agents.Count + 1];
        HashSet<string> names = new(StringComparer.Ordinal);
        int level = 0;
        for (int i = 0; i < agents.Count; i++)
        {
            AgentSpec agent = agents[i];
            if (string.IsNullOrWhiteSpace(agent.Name) || !names.Add(agent.Name))
            {
                throw new ArgumentException($"Agent {i} is called '{agent.Name}'; give every agent a name of its own.", nameof(agents));
            }

            if (agent.Level < level || agent.Level > (i == 0 ? 0 : level + 1))
            {
                throw new ArgumentException(
                    $"Agent '{agent.Name}' has level {agent.Level} after level {level}; list agents in the order of play, from level 0, without gaps.",
                    nameof(agents));
            }

            level = agent.Level;
            observationOffsets[i + 1] = observationOffsets[i] + agent.ObservationSpace.Size;
            actionOffsets[i + 1] = actionOffsets[i] + agent.ActionSpace.Size;
        }

        Levels = level + 1;
    }

    /// <summary>Number of agents.</summary>
    public int Count => agents.Length;

    /// <summary>Number of levels in the order of play; 1 when all move at the same time.</summary>
    public int Levels { get; }

    /// <summary>Numbers in a joint observation.</summary>
    public int ObservationSize => observationOffsets[^1];

    /// <summary>Numbers in a joint action.</summary>
    public int ActionSize => actionOffsets[^1];

    /// <summary>The <paramref name="index"/>-th agent in the order of play.</summary>
    public AgentSpec this[int index] => agents[index];

    /// <summary>Where an agent's observation begins in a joint observation.</summary>
    public int ObservationOffset(int agent) => observationOffsets[agent];

    /// <summary>Where an agent's action begins in a joint action.</summary>
    public int ActionOffset(int agent) => actionOffsets[agent];

    /// <summary>An agent's part of a joint observation.</summary>
    public Span<double> ObservationOf(int agent, Span<double> observations) =>
        observations[observationOffsets[agent]..observationOffsets[agent + 1]];

    /// <inheritdoc cref="ObservationOf(int, Span{double})"/>
    public ReadOnlySpan<double> ObservationOf(int agent, ReadOnlySpan<double> observations) => observations[observationOffsets[agent]..observationOffsets[agent + 1]];

    /// <summary>An agent's part of a joint action.</summary>
    public ReadOnlySpan<double> ActionOf(int agent, ReadOnlySpan<double> actions) => actions[actionOffsets[agent]..actionOffsets[agent + 1]];

    /// <inheritdoc cref="ActionOf(int, ReadOnlySpan{double})"/>
    public Span<double> ActionOf(int agent, Span<double> actions) => actions[actionOffsets[agent]..actionOffsets[agent + 1]];

    /// <inheritdoc/>
    public IEnumerator<AgentSpec> GetEnumerator() => ((IEnumerable<AgentSpec>)agents).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Refuses buffers and actions that do not fit; what an environment does first in a step.</summary>
    /// <param name="id">The environment's id, for the message.</param>
    /// <param name="actions">The joint action.</param>
    /// <param name="observations">Where the observations go.</param>
    /// <param name="rewards">Where the rewards go.</param>
    /// <param name="clipped">Whether the environment clips actions, so that any finite one will do.</param>
    /// <exception cref="EnvironmentException">A length is wrong, or an action is not in its space (with <paramref name="clipped"/>: not
    /// finite).</exception>
    public void RequireStep(string id, ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards, bool clipped = false)
    {
        RequireLength(id, "actions", actions.Length, ActionSize);
        RequireLength(id, "observations", observations.Length, ObservationSize);
        RequireLength(id, "rewards", rewards.Length, Count);
        for (int i = 0; i < agents.Length; i++)
        {
            ReadOnlySpan<double> action = ActionOf(i, actions);
            if (!(clipped ? AllFinite(action) : agents[i].ActionSpace.Contains(action)))
            {
                throw EnvironmentException.InvalidAction($"{id}, agent '{agents[i].Name}'", agents[i].ActionSpace, action);
            }
        }
    }

    /// <summary>Refuses a buffer that does not fit; what an environment does first in a reset.</summary>
    /// <exception cref="EnvironmentException">The length is wrong.</exception>
    public void RequireReset(string id, Span<double> observations) => RequireLength(id, "observations", observations.Length, ObservationSize);

    private static bool AllFinite(ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private void RequireLength(string id, string what, int given, int needed)
    {
        if (given != needed)
        {
            throw new EnvironmentException($"{id}: the buffer for the joint {what} has {given} number(s); the {Count} agents need exactly {needed}.");
        }
    }
}
