using Stackelberg.Agents.Games;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Algorithms;

/// <summary>Options of Nash-Q.</summary>
public sealed record NashQOptions : TabularOptions
{
    /// <summary>Among equilibria.</summary>
    [Option("Which pure equilibrium of a stage game counts: the first, the optimal one (largest sum), the leader's best, or a saddle. Without pure ones, the first mixed one.")]
    public EquilibriumRule Equilibrium { get; init; }
}

/// <summary>Nash-Q with tables for two agents: a state is worth to each what one Nash equilibrium of the stage game of their values is worth to it.</summary>
/// <remarks>
/// Hu and Wellman: Nash Q-learning for general-sum stochastic games (JMLR 2003). Both agents keep both tables and choose the same equilibrium by the same rule, so
/// one copy serves both. Neither looks at the other's action. docs/algorithms/games.md.
/// </remarks>
public sealed class NashQ : TabularLearner
{
    private readonly NashQOptions options;
    private readonly JointTable table;
    private readonly StageEquilibrium stage;
    private double regret;

    /// <summary>Makes empty tables.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There are not two agents, or an agent's actions are no finite list or too many.</exception>
    public NashQ(AlgorithmContext context, NashQOptions options)
        : base(context, options, "nash-q")
    {
        Agents.RequireTwo("nash-q");
        if (Counts.Max() > StageEquilibrium.MostActions)
        {
            throw new NotSupportedException($"'nash-q' looks through all sets of actions for mixed equilibria, and with {Counts.Max()} actions there are too many; {StageEquilibrium.MostActions} are possible.");
        }

        this.options = options;
        table = Keep("table", new JointTable(Counts, Agents.ObservationSize, options, context.Random.Split("table")));
        stage = new StageEquilibrium(Counts[0], Counts[1]);
    }

    /// <inheritdoc/>
    public override void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random)
    {
        ReadOnlySpan<double> strategy = StrategyOf(agent, observations);
        actions[agent] = strategy.IsEmpty ? 0 : mode == PolicyMode.Greedy ? SoftChoice.Largest(strategy) : SoftChoice.Draw(strategy, random);
    }

    /// <summary>An agent's strategy in the equilibrium; valid until the next call. Empty where the state was never met.</summary>
    public ReadOnlySpan<double> StrategyOf(int agent, ReadOnlySpan<double> observations)
    {
        if (table.Find(observations) is not (>= 0 and var state))
        {
            return [];
        }

        Solve(state);
        return agent == 0 ? stage.Row : stage.Column;
    }

    /// <summary>Q_i(s, a) of a joint observation and action; the initial value's lower bound where the state was never met.</summary>
    public double ValueOf(int agent, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) =>
        table.Find(observations) is >= 0 and var state ? table.Of(agent, state)[table.Number(actions)] : options.InitialLow;

    // (π₁, π₂) = an equilibrium of the bimatrix game (Q₁(s′, ·), Q₂(s′, ·));   δ_i = r_i + γ (1 − terminated) π₁ᵀ Q_i(s′) π₂ − Q_i(s, a);   Q_i(s, a) ← Q_i(s, a) + α δ_i
    /// <inheritdoc/>
    protected override double Learn(in Transition t)
    {
        int state = table.StateOf(t.Observation), action = table.Number(t.Action);
        (double first, double second) = (0, 0);
        if (!t.Result.Terminated)
        {
            Solve(table.StateOf(t.NextObservation));
            (first, second, regret) = (stage.FirstValue, stage.SecondValue, stage.Regret);
        }

        return Math.MaxMagnitude(Move(0, first, t.Rewards[0]), Move(1, second, t.Rewards[1]));

        double Move(int agent, double future, double reward)
        {
            ref double value = ref table.Of(agent, state)[action];
            double error = reward + (options.Gamma * future) - value;
            value += options.LearningRate * error;
            return error;
        }
    }

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        base.Update(sink);
        sink.Metric("game/regret", Finite("the regret of an equilibrium", regret));
    }

    private void Solve(int state) => stage.Solve(table.Of(0, state), table.Of(1, state), options.Equilibrium);
}
