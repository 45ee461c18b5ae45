using System.Diagnostics;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>What methods with tables for several agents do alike: they act, and learn from every step as it is taken.</summary>
public abstract class TabularLearner : Learner<double>, IAgentChooser
{
    private readonly TabularOptions options;
    private readonly GameCollector collector;
    private readonly TakeTransition take;
    private double error;

    /// <summary>Seats the agents.</summary>
    /// <param name="options">Its own options.</param>
    /// <param name="algorithm">The method's id, for messages.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">There is one agent, or an agent's actions are no finite list.</exception>
    protected TabularLearner(AlgorithmContext context, TabularOptions options, string algorithm)
        : base(context)
    {
        OptionsCheck.Require(options, TabularOptions.Faults);
        this.options = options;
        Agents = context.Agents();
        Counts = Agents.ActionCounts(algorithm);
        collector = Keep("collector", new GameCollector(context, this, options.Exploration, options.Environments));
        Policy = new JointPolicy(this, Agents.Count);
        take = Take;
    }

    /// <inheritdoc/>
    public override long Steps => collector.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy { get; }

    /// <summary>The agents in the order of play.</summary>
    protected AgentRoster Agents { get; }

    /// <summary>How many actions each agent has.</summary>
    protected int[] Counts { get; }

    /// <inheritdoc/>
    public abstract void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random);

    /// <summary>Learns from a step.</summary>
    /// <returns>The temporal difference, of several the largest in size.</returns>
    protected abstract double Learn(in Transition t);

    /// <inheritdoc/>
    protected override void Collect(long maximumSteps, ITrainingSink sink) =>
        collector.Collect((int)Math.Min(options.StepsPerIteration, maximumSteps), take, sink, Clock);

    /// <inheritdoc/>
    protected override void Update(ITrainingSink sink)
    {
        sink.Metric("critic/td_error", Finite("the temporal difference", error));
        sink.Metric("exploration/epsilon", collector.Epsilon);
    }

    private void Take(in Transition t)
    {
        long start = Stopwatch.GetTimestamp();
        error = Learn(t);
        Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
