using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;

namespace Stackelberg.Agents.Games;

/// <summary>How observations and actions of several agents are written for networks: indices one-hot, bounded numbers scaled to ±1, observed numbers as they are.</summary>
/// <typeparam name="T">Of the networks.</typeparam>
internal sealed class AgentCodes<T>(AgentRoster agents)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // asked for row by row: nothing may be allocated
    private readonly int[] actionColumns = [.. Enumerable.Range(0, agents.Count + 1).Select(agent => agents.Take(agent).Sum(static a => Inputs(a.ActionSpace)))];

    /// <summary>The agents in the order of play.</summary>
    public AgentRoster Agents => agents;

    /// <summary>Inputs that an agent's observation takes.</summary>
    public int ObservationInputs(int agent) => Inputs(agents[agent].ObservationSpace);

    /// <summary>Inputs that an agent's action takes.</summary>
    public int ActionInputs(int agent) => Inputs(agents[agent].ActionSpace);

    /// <summary>Inputs that all agents' actions take.</summary>
    public int JointActionInputs => actionColumns[^1];

    /// <summary>Where an agent's action begins among the inputs of all agents' actions.</summary>
    public int ActionColumn(int agent) => actionColumns[agent];

    /// <summary>Where another's action begins in what an agent sees before it chooses.</summary>
    /// <remarks>Those who are seen are the first ones in the order of play.</remarks>
    public int SeenColumn(int agent, int other) => ObservationInputs(agent) + actionColumns[other];

    /// <summary>The action of a bounded agent by its code, within ±1.</summary>
    public void ReadAction(int agent, ReadOnlySpan<T> code, Span<double> actions)
    {
        BoxSpace box = (BoxSpace)agents[agent].ActionSpace;
        Span<double> own = agents.ActionOf(agent, actions);
        for (int i = 0; i < own.Length; i++)
        {
            double share = (Math.Clamp(Widths.Widen(code[i]), -1, 1) + 1) / 2;
            own[i] = Math.Clamp((box.Low[i] * (1 - share)) + (box.High[i] * share), box.Low[i], box.High[i]);
        }
    }

    /// <summary>Whether an agent sees another's action before it chooses.</summary>
    public bool Sees(int agent, int other) => agents[other].Level < agents[agent].Level;

    /// <summary>Inputs of what an agent sees before it chooses: its observation and the actions of earlier levels.</summary>
    public int SeenInputs(int agent) => ObservationInputs(agent) + actionColumns[agents.Count(a => a.Level < agents[agent].Level)];

    /// <summary>Writes (o_i, a) for a joint action, the agents' actions in the order of play.</summary>
    public void WriteJoint(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions, Span<T> inputs)
    {
        inputs = WriteObservation(agent, observations, inputs);
        for (int k = 0; k < agents.Count; k++)
        {
            inputs = WriteAction(k, actions, inputs);
        }
    }

    /// <summary>Writes what an agent sees before it chooses: its observation and the actions of earlier levels in the order of play.</summary>
    public void WriteSeen(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions, Span<T> inputs)
    {
        inputs = WriteObservation(agent, observations, inputs);
        for (int k = 0; k < agent; k++)
        {
            if (Sees(agent, k))
            {
                inputs = WriteAction(k, actions, inputs);
            }
        }
    }

    /// <summary>Writes an agent's observation, and returns what is left of the inputs.</summary>
    public Span<T> WriteObservation(int agent, ReadOnlySpan<double> observations, Span<T> inputs)
    {
        int offset = agents.ObservationOffset(agent);
        Space space = agents[agent].ObservationSpace;
        if (space is DiscreteSpace discrete)
        {
            return WriteIndex(discrete.Count, observations[offset], inputs);
        }

        for (int i = 0; i < space.Size; i++)
        {
            inputs[i] = Widths.Narrow<T>(observations[offset + i]);
        }

        return inputs[space.Size..];
    }

    private Span<T> WriteAction(int agent, ReadOnlySpan<double> actions, Span<T> inputs)
    {
        int offset = agents.ActionOffset(agent);
        if (agents[agent].ActionSpace is DiscreteSpace discrete)
        {
            return WriteIndex(discrete.Count, actions[offset], inputs);
        }

        BoxSpace box = (BoxSpace)agents[agent].ActionSpace;
        for (int i = 0; i < box.Size; i++)
        {
            // a number that its bounds leave no choice says nothing
            inputs[i] = box.High[i] > box.Low[i] ? Widths.Narrow<T>(((2 * actions[offset + i]) - box.Low[i] - box.High[i]) / (box.High[i] - box.Low[i])) : T.Zero;
        }

        return inputs[box.Size..];
    }

    private static int Inputs(Space space) => space is DiscreteSpace discrete ? discrete.Count : space.Size;

    private static Span<T> WriteIndex(int count, double index, Span<T> inputs)
    {
        inputs[..count].Clear();
        inputs[(int)index] = T.One;
        return inputs[count..];
    }
}
