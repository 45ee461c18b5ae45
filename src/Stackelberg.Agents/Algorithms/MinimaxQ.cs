using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Minimax-Q with tables for two agents of opposite interests: a state is worth what its stage game is worth to an agent that plays safe.</summary>
/// <remarks>
/// Littman: Markov games as a framework for multi-agent reinforcement learning (ICML 1994). One table, of what the first agent gets; the second one's values are
/// the opposite. Both play mixed strategies, and neither looks at the other's action. Equilibria are computed when they are needed instead of being kept by state,
/// which is the same. docs/algorithms/games.md.
/// </remarks>
public sealed class MinimaxQ : TabularLearner
{
    private readonly TabularOptions options;
    private readonly JointTable table;
    private readonly ZeroSumGame stage;
    private bool isNotZeroSum, isTold;

    /// <summary>Makes an empty table.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There are not two agents, or an agent's actions are no finite list.</exception>
    public MinimaxQ(AlgorithmContext context, TabularOptions options)
        : base(context, options, "minimax-q")
    {
        Agents.RequireTwo("minimax-q");
        this.options = options;
        table = Keep("table", new JointTable(Counts, Agents.ObservationSize, options, context.Random.Split("table"), tables: 1));
        stage = new ZeroSumGame(Counts[0], Counts[1]);
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        ReadOnlySpan<double> strategy = StrategyOf(agent, observations);
        actions[agent] = strategy.IsEmpty ? 0 : mode == PolicyMode.Greedy ? SoftChoice.Largest(strategy) : SoftChoice.Draw(strategy, random);
    }

    /// <summary>An agent's mixed strategy; valid until the next call. Empty where the state was never met.</summary>
    public ReadOnlySpan<double> StrategyOf(int agent, ReadOnlySpan<double> observations)
    {
        if (table.Find(observations) is not (>= 0 and var state))
        {
            return [];
        }

        stage.Solve(table.Of(0, state));
        return agent == 0 ? stage.Row : stage.Column;
    }

    /// <summary>V(s): what the first agent is sure to get, and the second one's loss; the initial value's lower bound where the state was never met.</summary>
    public double ValueOf(ReadOnlySpan<double> observations) => table.Find(observations) is >= 0 and var state ? Value(state) : options.InitialLow;

    // V(s′) = max_π min_{a₂} Σ_{a₁} π(a₁) Q(s′, a₁, a₂);   δ = r₁ + γ (1 − terminated) V(s′) − Q(s, a);   Q(s, a) ← Q(s, a) + α δ
    /// <inheritdoc/>
    protected override double Learn(in Transition t)
    {
        isNotZeroSum |= Math.Abs(t.Rewards[0] + t.Rewards[1]) > 1e-9 * (Math.Abs(t.Rewards[0]) + Math.Abs(t.Rewards[1]));
        int state = table.StateOf(t.Observation);
        double future = t.Result.Terminated ? 0 : Value(table.StateOf(t.NextObservation));
        ref double value = ref table.Of(0, state)[table.Number(t.Action)];
        double error = t.Rewards[0] + (options.Gamma * future) - value;
        value += options.LearningRate * error;
        return error;
    }

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        if (isNotZeroSum && !isTold)
        {
            isTold = true;
            sink.Notice("The agents' rewards do not add up to 0. minimax-q learns from the first agent's alone and takes the second one's to be the opposite; nash-q learns from both.");
        }

        base.Update(sink);
    }

    private double Value(int state)
    {
        stage.Solve(table.Of(0, state));
        return stage.Value;
    }
}
