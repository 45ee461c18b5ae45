using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of independent Q-learning with tables, and of its hysteretic and lenient forms.</summary>
public sealed record IndependentQOptions : TabularOptions
{
    /// <summary>The defaults, in which every agent explores by itself.</summary>
    public IndependentQOptions() => Exploration = Exploration with { Together = false };

    /// <summary>β</summary>
    [Option("Factor β of negative temporal differences: 1 for independent learners, below for hysteretic ones, 0 for optimistic ones.", Minimum = 0, Maximum = 1)]
    public double NegativeRate { get; init; } = 1;

    /// <summary>K</summary>
    [Option("Leniency K: negative temporal differences count exp(−K T) times, T the temperature of observation and action; 0 for none.", Minimum = 0)]
    public double Leniency { get; init; }

    /// <summary>Factor of T.</summary>
    [Option("Factor of an action's temperature, at first 1, every time the agent takes it in an observation.", Minimum = 0, Maximum = 1)]
    public double TemperatureDecay { get; init; } = 0.995;

    /// <summary>Settings that nothing reads.</summary>
    internal static new IEnumerable<(string Key, string Message)> Ignored(object options)
    {
        IndependentQOptions given = (IndependentQOptions)options;
        IEnumerable<(string, string)> own = given.Leniency == 0 && given.TemperatureDecay != 0.995 ? [("temperature_decay", "leniency is 0.")] : [];
        return [.. own, .. TabularOptions.Ignored(options)];
    }
}

/// <summary>
/// Independent Q-learning with tables: every agent learns Q_i(o_i, a_i) as if the others were part of the environment. Hysteretic agents learn less from
/// disappointments, lenient ones forgive them while an action is new.
/// </summary>
/// <remarks>
/// Tan: Multi-agent reinforcement learning: independent vs. cooperative agents (ICML 1993). Matignon, Laurent, Le Fort-Piat: Hysteretic Q-learning (IROS 2007).
/// Panait, Tuyls, Luke: Theoretical advantages of lenient learners (JMLR 2008); Wei and Luke: Lenient learning in independent-learner stochastic cooperative
/// games (JMLR 2016), here with the forgiveness in expectation. An agent sees its own observation and no other's action, whatever its level.
/// docs/algorithms/games.md.
/// </remarks>
public sealed class IndependentQ : TabularLearner
{
    private static readonly TabularOptions Ones = new() { InitialLow = 1, InitialHigh = 1 };

    private readonly IndependentQOptions options;
    private readonly JointTable[] tables, temperatures;
    private readonly RandomStream? ties;

    /// <summary>Makes empty tables.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    public IndependentQ(AlgorithmContext context, IndependentQOptions options)
        : base(context, options, "independent-q")
    {
        this.options = options;
        tables = [.. Counts.Select((_, i) => Keep($"table{i}", Table(i, options)))];
        temperatures = options.Leniency == 0 ? [] : [.. Counts.Select((_, i) => Keep($"temperatures{i}", Table(i, Ones)))];
        ties = options.Ties == TieRule.Random ? Keep("ties", context.Random.Split("ties")) : null;

        JointTable Table(int agent, TabularOptions initial) =>
            new([Counts[agent]], Agents[agent].ObservationSpace.Size, initial, context.Random.Split("table", agent));
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        int state = tables[agent].Find(Agents.ObservationOf(agent, observations));
        actions[agent] = state < 0 ? 0 : Largest(tables[agent].Of(0, state), ties is not null && mode == PolicyMode.Stochastic ? random : null);
    }

    /// <summary>Q_i(o_i, a_i) by the joint observation; the initial value's lower bound where the observation was never met.</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, int action) =>
        tables[agent].Find(Agents.ObservationOf(agent, observations)) is >= 0 and var state ? tables[agent].Of(0, state)[action] : options.InitialLow;

    // δ = r_i + γ (1 − terminated) max_a Q_i(o_i′, a) − Q_i(o_i, a_i);   Q_i(o_i, a_i) ← Q_i(o_i, a_i) + α c δ,  c = 1 for δ ≥ 0,
    // else β (hysteretic) and 1 − l = exp(−K T_i(o_i, a_i)) (lenient);   T_i(o_i, a_i) ← κ T_i(o_i, a_i)
    /// <inheritdoc/>
    protected override double Learn(in Transition t)
    {
        double largest = 0;
        for (int i = 0; i < tables.Length; i++)
        {
            JointTable table = tables[i];
            int state = table.StateOf(Agents.ObservationOf(i, t.Observation)), action = (int)t.Action[i];
            int next = t.Result.Terminated ? -1 : table.StateOf(Agents.ObservationOf(i, t.NextObservation));
            double future = next < 0 ? 0 : table.Of(0, next)[Largest(table.Of(0, next), null)];
            ref double value = ref table.Of(0, state)[action];
            double error = t.Rewards[i] + (options.Gamma * future) - value;
            double forgiveness = Forgiveness(i, Agents.ObservationOf(i, t.Observation), action);
            value += options.LearningRate * (error < 0 ? forgiveness : 1) * error;
            largest = Math.MaxMagnitude(largest, error);
        }

        return largest;
    }

    private double Forgiveness(int agent, ReadOnlySpan<double> observation, int action)
    {
        if (temperatures.Length == 0)
        {
            return options.NegativeRate;
        }

        JointTable table = temperatures[agent];
        ref double temperature = ref table.Of(0, table.StateOf(observation))[action];
        double counts = options.NegativeRate * Math.Exp(-options.Leniency * temperature);
        temperature *= options.TemperatureDecay;
        return counts;
    }

    private static int Largest(ReadOnlySpan<double> values, RandomStream? among)
    {
        var best = new Best(among);
        for (int a = 0; a < values.Length; a++)
        {
            best.Offer(a, values[a]);
        }

        return best.Index;
    }
}
