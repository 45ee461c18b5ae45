using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Q_i(s, a) of every agent for every joint action a, in states as they are met.</summary>
/// <remarks>Joint actions are numbered row by row: the last agent's action changes fastest.</remarks>
internal sealed class JointTable : IStateful
{
    private const int MostJointActions = 1_000_000;

    private readonly int[] counts;
    private readonly int tables;
    private readonly double low, high;
    private readonly RandomStream random;
    private readonly StateIndex states;
    private double[] values = [];

    /// <summary>An empty table.</summary>
    /// <param name="counts">Actions of each agent.</param>
    /// <param name="observationSize">Numbers of a joint observation.</param>
    /// <param name="options">Initial values.</param>
    /// <param name="random">Draws initial values.</param>
    /// <param name="tables">How many agents have values, from the first on; 0 for all.</param>
    /// <exception cref="NotSupportedException">There are too many joint actions.</exception>
    public JointTable(int[] counts, int observationSize, TabularOptions options, RandomStream random, int tables = 0)
    {
        this.tables = tables == 0 ? counts.Length : tables;
        long joint = counts.Aggregate(1L, (product, count) => product > int.MaxValue ? product : product * count);
        JointActions = joint <= MostJointActions
            ? (int)joint
            : throw new NotSupportedException($"{joint} joint actions are more than a table holds ({MostJointActions}). Use a method with networks.");
        (this.counts, this.random, low, high) = (counts, random, options.InitialLow, options.InitialHigh);
        states = new StateIndex(observationSize);
    }

    /// <summary>Number of joint actions.</summary>
    public int JointActions { get; }

    /// <summary>Actions of each agent.</summary>
    public ReadOnlySpan<int> Counts => counts;

    /// <summary>The state of a joint observation, new ones with their initial values.</summary>
    public int StateOf(ReadOnlySpan<double> observations)
    {
        int known = states.Count, state = states.Of(observations);
        if (state == known)
        {
            Begin(state);
        }

        return state;
    }

    /// <summary>The state of a joint observation; −1 where it was never met.</summary>
    public int Find(ReadOnlySpan<double> observations) => states.Find(observations);

    /// <summary>An agent's values in a state, by joint action.</summary>
    public Span<double> Of(int agent, int state) => values.AsSpan(((state * tables) + agent) * JointActions, JointActions);

    /// <summary>The number of a joint action.</summary>
    public int Number(ReadOnlySpan<double> actions)
    {
        int number = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            number = (number * counts[i]) + (int)actions[i];
        }

        return number;
    }

    /// <summary>An agent's action in a joint one.</summary>
    public int ActionOf(int agent, int number)
    {
        for (int i = counts.Length - 1; i > agent; i--)
        {
            number /= counts[i];
        }

        return number % counts[agent];
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("states", states);
        writer.Write("random", random);
        writer.WriteArray("values", values.AsSpan(0, states.Count * tables * JointActions));
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.Read("states", states);
        values = new double[states.Count * tables * JointActions];
        reader.ReadArray("values", values);
        reader.Read("random", random);
    }

    private void Begin(int state)
    {
        int width = tables * JointActions, first = state * width;
        if (first + width > values.Length)
        {
            Array.Resize(ref values, Math.Max(first + width, 2 * values.Length));
        }

        foreach (ref double value in values.AsSpan(first, width))
        {
            value = low == high ? low : low + ((high - low) * random.NextDouble());
        }
    }
}
