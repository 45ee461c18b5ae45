using System.Diagnostics;
using Stackelberg.Agents.Games;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// Bi-level Q-learning with tables: the leader counts on the follower's best response to its action, and both values are those of the joint action that follows.
/// </summary>
/// <remarks>
/// Zhang et al.: Bi-level Actor-Critic for Multi-agent Coordination (AAAI 2020), equations 8 to 11; for n levels the outcome of a stage is found from the last
/// agent back to the first. Agents of one level answer each other in the order of play. Of equal values the action listed first is taken.
/// docs/algorithms/games.md.
/// </remarks>
public sealed class BilevelQ : Learner<double>, IAgentChooser
{
    private readonly TabularOptions options;
    private readonly GameCollector collector;
    private readonly JointTable table;
    private readonly AgentRoster agents;
    private readonly TakeTransition learn;
    private double error;

    /// <summary>Makes empty tables.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    public BilevelQ(AlgorithmContext context, TabularOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, TabularOptions.Faults);
        this.options = options;
        agents = context.Agents();
        collector = Keep("collector", new GameCollector(context, this, options.Exploration, options.Environments));
        table = Keep("table", new JointTable(agents.ActionCounts("bilevel-q"), agents.ObservationSize, options, context.Random.Split("table")));
        Policy = new JointPolicy(this, agents.Count);
        learn = Learn;
    }

    /// <inheritdoc/>
    public override long Steps => collector.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy { get; }

    /// <inheritdoc/>
    public void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        int state = table.Find(observations), prefix = 0;
        for (int i = 0; i < agent; i++)
        {
            prefix = (prefix * table.Counts[i]) + (int)agents.ActionOf(i, actions)[0];
        }

        agents.ActionOf(agent, actions)[0] = state < 0 ? 0 : table.ActionOf(agent, Outcome(state, agent, prefix));
    }

    /// <summary>Q_i(s, a) of a joint observation and action; the initial value's lower bound where the state was never met.</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) =>
        table.Find(observations) is >= 0 and var state ? table.Of(agent, state)[table.Number(actions)] : options.InitialLow;

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) =>
        collector.Collect((int)Math.Min(options.StepsPerIteration, maximumSteps), learn, sink, Clock);

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        sink.Metric("critic/td_error", Finite("the temporal difference", error));
        sink.Metric("exploration/epsilon", collector.Epsilon);
    }

    // δ_i = r_i + γ (1 − terminated) Q_i(s′, a′) − Q_i(s, a),  a′ = (argmax_{a₁} Q₁(s′, a₁, b(s′, a₁)), b(s′, a₁′)),  b(s, a₁) = argmax_{a₂} Q₂(s, a₁, a₂)
    // Q_i(s, a) ← Q_i(s, a) + α δ_i
    private void Learn(in Transition t)
    {
        long start = Stopwatch.GetTimestamp();
        int state = table.StateOf(t.Observation), action = table.Number(t.Action);
        int next = t.Result.Terminated ? -1 : table.StateOf(t.NextObservation);
        int following = next < 0 ? -1 : Outcome(next, 0, 0);
        for (int i = 0; i < agents.Count; i++)
        {
            double future = next < 0 ? 0 : table.Of(i, next)[following];
            ref double value = ref table.Of(i, state)[action];
            error = t.Rewards[i] + (options.Gamma * future) - value;
            value += options.LearningRate * error;
        }

        Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The joint action that follows when the agents before have chosen: the agent takes what is best for it, given what those after it answer.</summary>
    /// <param name="prefix">Number of the actions chosen so far, as of a joint action.</param>
    private int Outcome(int state, int agent, int prefix)
    {
        if (agent == agents.Count)
        {
            return prefix;
        }

        ReadOnlySpan<double> values = table.Of(agent, state);
        int best = -1;
        for (int a = 0; a < table.Counts[agent]; a++)
        {
            int outcome = Outcome(state, agent + 1, (prefix * table.Counts[agent]) + a);
            best = best < 0 || values[outcome] > values[best] ? outcome : best;
        }

        return best;
    }
}
