using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// Bi-level Q-learning with tables: the leader counts on the follower's best response to its action, and both values are those of the joint action that follows.
/// </summary>
/// <remarks>
/// Zhang et al.: Bi-level Actor-Critic for Multi-agent Coordination (AAAI 2020), equations 8 to 11; for n levels the outcome of a stage is found from the last
/// agent back to the first. Agents of one level answer each other in the order of play. docs/algorithms/games.md.
/// </remarks>
public sealed class BilevelQ : TabularLearner
{
    private readonly TabularOptions options;
    private readonly JointTable table;
    private readonly RandomStream? ties;

    /// <summary>Makes empty tables.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    public BilevelQ(AlgorithmContext context, TabularOptions options)
        : base(context, options, "bilevel-q")
    {
        this.options = options;
        table = Keep("table", new JointTable(Counts, Agents.ObservationSize, options, context.Random.Split("table")));
        ties = options.Ties == TieRule.Random ? Keep("ties", context.Random.Split("ties")) : null;
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        int state = table.Find(observations), prefix = 0;
        for (int i = 0; i < agent; i++)
        {
            prefix = (prefix * Counts[i]) + (int)actions[i];
        }

        RandomStream? among = ties is not null && mode == PolicyMode.Stochastic ? random : null;
        actions[agent] = state < 0 ? 0 : table.ActionOf(agent, Outcome(state, agent, prefix, among));
    }

    /// <summary>Q_i(s, a) of a joint observation and action; the initial value's lower bound where the state was never met.</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) =>
        table.Find(observations) is >= 0 and var state ? table.Of(agent, state)[table.Number(actions)] : options.InitialLow;

    // δ_i = r_i + γ (1 − terminated) Q_i(s′, a′) − Q_i(s, a),  a′ = (argmax_{a₁} Q₁(s′, a₁, b(s′, a₁)), b(s′, a₁′)),  b(s, a₁) = argmax_{a₂} Q₂(s, a₁, a₂)
    // Q_i(s, a) ← Q_i(s, a) + α δ_i
    /// <inheritdoc/>
    protected override double Learn(in Transition t)
    {
        int state = table.StateOf(t.Observation), action = table.Number(t.Action);
        int next = t.Result.Terminated ? -1 : table.StateOf(t.NextObservation);
        int following = next < 0 ? -1 : Outcome(next, 0, 0, ties);
        double largest = 0;
        for (int i = 0; i < Counts.Length; i++)
        {
            double future = next < 0 ? 0 : table.Of(i, next)[following];
            ref double value = ref table.Of(i, state)[action];
            double error = t.Rewards[i] + (options.Gamma * future) - value;
            value += options.LearningRate * error;
            largest = Math.MaxMagnitude(largest, error);
        }

        return largest;
    }

    /// <summary>The joint action that follows when the agents before have chosen: the agent takes what is best for it, given what those after it answer.</summary>
    /// <param name="prefix">Number of the actions chosen so far, as of a joint action.</param>
    /// <param name="among">Draws among equals; null for the first.</param>
    private int Outcome(int state, int agent, int prefix, RandomStream? among)
    {
        if (agent == Counts.Length)
        {
            return prefix;
        }

        ReadOnlySpan<double> values = table.Of(agent, state);
        var best = new Best(among);
        for (int a = 0; a < Counts[agent]; a++)
        {
            int outcome = Outcome(state, agent + 1, (prefix * Counts[agent]) + a, among);
            best.Offer(outcome, values[outcome]);
        }

        return best.Index;
    }
}
