using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>
/// What methods with a replay buffer of joint transitions do alike: act, store, and learn every few steps. A method chooses for each agent and says how it
/// learns from a batch.
/// </summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public abstract class GameLearner<T> : Learner<T>, IAgentChooser
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GameOptions options;
    private readonly GameCollector collector;
    private readonly UpdateCount updates;
    private readonly TakeTransition take;
    private readonly (string Metric, string Quantity)[] reported;

    /// <summary>Makes collector and buffer.</summary>
    /// <exception cref="NotSupportedException">The environment has one agent.</exception>
    protected GameLearner(AlgorithmContext context, GameOptions options)
        : base(context)
    {
        OptionsCheck.Require(options, static _ => []);
        this.options = options;
        Agents = context.Agents();
        collector = Keep("collector", new GameCollector(context, this, options.Exploration, options.Environments));
        Replay = Keep("replay", new JointReplay(Agents, options.BufferSize, options.BatchSize, context.Random.Split("replay")));
        Losses = new double[Agents.Count];
        reported = [.. Agents.Select(static (a, i) => ($"critic{i}/loss", $"the critic's loss of agent '{a.Name}'"))];
        updates = Keep("updates", new UpdateCount(Losses));
        Policy = new JointPolicy(this, Agents.Count);
        take = (in Transition t) =>
        {
            Replay.Add(t);
            Take(t);
        };
    }

    /// <inheritdoc/>
    public override long Steps => collector.Steps;

    /// <inheritdoc/>
    public override IPolicy Policy { get; }

    /// <summary>The agents in the order of play.</summary>
    protected AgentRoster Agents { get; }

    /// <summary>The last joint transitions.</summary>
    protected JointReplay Replay { get; }

    /// <summary>Every agent's critic's loss in the last update, to be written by <see cref="Learn"/>. Reported, and saved: iterations without an update report it too.</summary>
    protected double[] Losses { get; }

    /// <summary>Updates made so far.</summary>
    protected long Updates => updates.Value;

    /// <inheritdoc/>
    public abstract void Choose(int agent, ReadOnlySpan<double> observations, Span<double> actions, PolicyMode mode, RandomStream random);

    /// <summary>Makes players belong to the learner.</summary>
    private protected void Keep(IEnumerable<AgentNetwork<T>> networks)
    {
        foreach (AgentNetwork<T> network in networks)
        {
            Keep(network.Player.Name, network.Player);
        }
    }

    /// <summary>Looks at a transition that was stored.</summary>
    protected virtual void Take(in Transition t)
    {
    }

    /// <summary>Learns from the batch that was drawn.</summary>
    protected abstract void Learn(JointBatch batch);

    /// <inheritdoc/>
    protected sealed override void Collect(long maximumSteps, ITrainingSink sink)
    {
        long end = Steps + Math.Min(options.StepsPerIteration, maximumSteps);
        while (Steps < end)
        {
            // up to the next update that falls due, so that it is made as soon as it is
            long due = options.UpdateEvery - (Steps % options.UpdateEvery);
            collector.Collect((int)Math.Min(due, end - Steps), take, sink, Clock);
            if (Steps < options.UpdateAfter || Steps % options.UpdateEvery != 0)
            {
                continue;
            }

            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < options.Updates; i++)
            {
                Replay.Sample();
                Learn(Replay.Batch);
                updates.Value++;
            }

            Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    /// <inheritdoc/>
    protected sealed override void Update(ITrainingSink sink)
    {
        sink.Metric("exploration/epsilon", collector.Epsilon);
        for (int i = 0; i < Losses.Length && Updates > 0; i++)
        {
            sink.Metric(reported[i].Metric, Finite(reported[i].Quantity, Losses[i]));
        }
    }

    private sealed class UpdateCount(double[] losses) : IStateful
    {
        public long Value { get; set; }

        public void Save(StateWriter writer)
        {
            writer.Write("count", Value);
            writer.WriteArray("losses", losses);
        }

        public void Load(StateReader reader)
        {
            Value = reader.ReadInt64("count");
            reader.ReadArray("losses", losses);
        }
    }
}
