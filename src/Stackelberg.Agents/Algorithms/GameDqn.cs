using System.Numerics;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of independent deep Q-learning, and of its hysteretic and lenient forms.</summary>
public sealed record GameDqnOptions : GameOptions
{
    /// <summary>The critics.</summary>
    public NetworkOptions Critic { get; init; } = Network(1e-3);

    /// <summary>Double DQN.</summary>
    [Option("Whether the online network chooses the next action and the target network values it (van Hasselt, Guez and Silver 2016).")]
    public bool DoubleQ { get; init; } = true;

    /// <summary>β</summary>
    [Option("Factor β of negative temporal differences: 1 for independent learners, below for hysteretic ones.", Minimum = 0, Maximum = 1)]
    public double NegativeRate { get; init; } = 1;

    /// <summary>K</summary>
    [Option("Leniency K: negative temporal differences count exp(−K T) times, T the temperature of observation and action; 0 for none.", Minimum = 0)]
    public double Leniency { get; init; }

    /// <summary>Factor of T.</summary>
    [Option("Factor of an action's temperature, at first 1, every time the agent takes it in an observation.", Minimum = 0, Maximum = 1)]
    public double TemperatureDecay { get; init; } = 0.995;

    /// <summary>Clipping of rewards.</summary>
    [Option("Rewards above it count as this much: 1 in the released hysteretic and lenient baselines, where payoffs of 10, 15 and 30 then look alike.", AllowsInfinity = true)]
    public double RewardCeiling { get; init; } = double.PositiveInfinity;

    /// <summary>The released I-DQN's fault.</summary>
    [Option("Whether the future counts beyond the end of an episode, as in the released independent DQN.")]
    public bool IgnoreTermination { get; init; }

    /// <summary>Settings that nothing reads.</summary>
    internal static IEnumerable<(string Key, string Message)> Ignored(object options)
    {
        GameDqnOptions given = (GameDqnOptions)options;
        IEnumerable<(string, string)> own = given.Leniency == 0 && given.TemperatureDecay != 0.995 ? [("temperature_decay", "leniency is 0.")] : [];
        return [.. own, .. given.Exploration.Unread(), .. given.Critic.Unread("critic")];
    }
}

/// <summary>
/// Independent deep Q-learning: every agent learns Q_i(o_i, a_i) as if the others were part of the environment. Hysteretic agents learn less from
/// disappointments, lenient ones forgive them while an action is new.
/// </summary>
/// <remarks>
/// Tampuu et al. 2017 (independent DQN); Omidshafiei et al. 2017 (hysteretic); Palmer et al. 2018 (lenient), as the baselines of Zhang et al. 2020. An agent
/// sees its own observation and no other's action, whatever its level. docs/algorithms/games.md.
/// </remarks>
public sealed class GameDqn<T> : GameLearner<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GameDqnOptions options;
    private readonly AgentCodes<T> codes;
    private readonly AgentNetwork<T>[] critics;
    private readonly Temperatures[] temperatures;
    private readonly double[] targets;

    /// <summary>Builds networks and buffer.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    public GameDqn(AlgorithmContext context, GameDqnOptions options)
        : base(context, options)
    {
        this.options = options;
        codes = new AgentCodes<T>(Agents);
        int rows = Replay.Batch.Capacity;
        int[] counts = Agents.ActionCounts("i-dqn");
        critics = [.. counts.Select((count, i) => new AgentNetwork<T>(
            $"critic{i}", codes.ObservationInputs(i), count, options.Critic, options, rows, context.Random.Split("critic", i), Parallelism))];
        Keep(critics);
        temperatures = options.Leniency == 0 ? [] : [.. counts.Select((count, i) => Keep($"temperatures{i}", new Temperatures(Agents[i].ObservationSpace.Size, count)))];
        targets = new double[rows];
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        codes.WriteObservation(agent, observations, critics[agent].Input);
        actions[agent] = Largest(critics[agent].Evaluate());
    }

    /// <inheritdoc/>
    protected override void Take(in Transition t)
    {
        for (int i = 0; i < temperatures.Length; i++)
        {
            temperatures[i].Cool(Agents.ObservationOf(i, t.Observation), (int)t.Action[i], options.TemperatureDecay);
        }
    }

    /// <inheritdoc/>
    protected override void Learn(JointBatch batch)
    {
        for (int i = 0; i < critics.Length; i++)
        {
            // δ = r_i + γ (1 − terminated) Q̄_i(o_i′, argmax_a Q_i(o_i′, a)) − Q_i(o_i, a_i);   w_i ← w_i − α ∇ mean c Huber(δ),  c = 1 for δ ≥ 0,
            // else β (hysteretic) and 1 − l = exp(−K T_i(o_i, a_i)) (lenient)
            Bootstrap(i, batch);
            Losses[i] = Regress(i, batch);
        }
    }

    private void Bootstrap(int agent, JointBatch batch)
    {
        AgentNetwork<T> critic = critics[agent];
        bool bootstraps = options.IgnoreTermination || !batch.AllTerminated;
        for (int r = 0; bootstraps && r < batch.Rows; r++)
        {
            codes.WriteObservation(agent, batch.NextObservations(r), critic.Inputs.Row(r));
        }

        if (bootstraps && options.DoubleQ)
        {
            critic.Forward(batch.Rows);
            for (int r = 0; r < batch.Rows; r++)
            {
                targets[r] = Largest(critic.Outputs(r));
            }
        }

        if (bootstraps)
        {
            critic.Forward(batch.Rows, target: true);
        }

        for (int r = 0; r < batch.Rows; r++)
        {
            bool goesOn = options.IgnoreTermination || !batch.Terminated(r);
            double future = goesOn ? critic[r, options.DoubleQ ? (int)targets[r] : Largest(critic.Outputs(r))] : 0;
            targets[r] = (options.RewardScale * Math.Min(batch.Reward(r, agent), options.RewardCeiling)) + (options.Gamma * future);
        }
    }

    private double Regress(int agent, JointBatch batch)
    {
        AgentNetwork<T> critic = critics[agent];
        for (int r = 0; r < batch.Rows; r++)
        {
            codes.WriteObservation(agent, batch.Observations(r), critic.Inputs.Row(r));
        }

        critic.Forward(batch.Rows);
        double loss = 0;
        for (int r = 0; r < batch.Rows; r++)
        {
            int action = (int)batch.Actions(r)[agent];
            double difference = targets[r] - critic[r, action];
            (double part, double slope) = options.LossOf(difference);
            double weight = batch.Weights[r] * (difference < 0 ? Forgiveness(agent, batch, r, action) : 1);
            loss += weight * part;
            critic.Cotangents.Row(r).Clear();
            critic.Cotangents.Row(r)[action] = Widths.Narrow<T>(-weight * slope);
        }

        critic.Step(Updates);
        return loss;
    }

    private double Forgiveness(int agent, JointBatch batch, int row, int action) => options.NegativeRate
        * (temperatures.Length == 0 ? 1 : Math.Exp(-options.Leniency * temperatures[agent].Of(Agents.ObservationOf(agent, batch.Observations(row)), action)));

    private static int Largest(ReadOnlySpan<T> values)
    {
        int best = 0;
        for (int a = 1; a < values.Length; a++)
        {
            best = values[a] > values[best] ? a : best;
        }

        return best;
    }

    /// <summary>T(o, a): 1 before the agent took the action there, a little less every time.</summary>
    private sealed class Temperatures(int observationSize, int actions) : IStateful
    {
        private readonly StateIndex states = new(observationSize);
        private readonly List<double> values = [];

        public double Of(ReadOnlySpan<double> observation, int action) => states.Find(observation) is >= 0 and var state ? values[(state * actions) + action] : 1;

        public void Cool(ReadOnlySpan<double> observation, int action, double factor)
        {
            int state = states.Of(observation);
            while (values.Count < states.Count * actions)
            {
                values.Add(1);
            }

            values[(state * actions) + action] *= factor;
        }

        public void Save(StateWriter writer)
        {
            writer.Write("states", states);
            writer.WriteArray("values", System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));
        }

        public void Load(StateReader reader)
        {
            reader.Read("states", states);
            double[] saved = new double[states.Count * actions];
            reader.ReadArray("values", saved);
            values.Clear();
            values.AddRange(saved);
        }
    }
}
