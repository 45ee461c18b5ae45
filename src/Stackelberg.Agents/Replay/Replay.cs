using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Replay;

/// <summary>
/// Collects transitions into a replay buffer and draws batches from it: first with actions drawn uniformly from the action space, then as the actor
/// explores.
/// </summary>
public sealed class Replay<T> : IStateful, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyOptions options;
    private readonly long totalTimesteps;
    private readonly Collector collector;
    private readonly RandomStream explorationStream;
    private readonly RandomStream replayStream;
    private readonly int[] indices;
    private readonly ChooseAction choose;
    private readonly TakeTransition take;

    /// <summary>Makes an empty buffer; the first copy of the environment is the context's.</summary>
    /// <param name="actor">Who acts once <see cref="OffPolicyOptions.LearningStarts"/> steps are taken.</param>
    public Replay(AlgorithmContext context, ReparameterisedActor<T> actor, OffPolicyOptions options)
    {
        this.options = options;
        totalTimesteps = context.TotalTimesteps;
        collector = new Collector(context, options.Environments);
        explorationStream = context.Random.Split("exploration");
        replayStream = context.Random.Split("replay");
        Buffer = new ReplayBuffer<T>(options.BufferSize, actor.Layout.Inputs, actor.ActionSize);
        Batch = new ReplayBatch<T>(options.BatchSize, actor.Layout.Inputs, actor.ActionSize);
        indices = new int[options.BatchSize];
        choose = (_, observation, action) =>
        {
            if (Steps < options.LearningStarts)
            {
                context.Environment.ActionSpace.Sample(explorationStream, action);
            }
            else
            {
                actor.Explore(observation, action, options.ActionNoise, explorationStream);
            }
        };
        take = (in Transition t) => Buffer.Add(t.Observation, t.Action, t.Result.Reward, t.NextObservation, t.Result.Terminated);
    }

    /// <summary>Environment steps so far.</summary>
    public long Steps => collector.Steps;

    /// <summary>Updates that are due after the last collecting.</summary>
    public int UpdatesDue => Steps >= options.UpdateAfter ? options.Updates : 0;

    /// <summary>The transitions kept.</summary>
    public ReplayBuffer<T> Buffer { get; }

    /// <summary>The transitions of the last <see cref="Sample"/>.</summary>
    public ReplayBatch<T> Batch { get; }

    /// <summary>Takes <see cref="OffPolicyOptions.UpdateEvery"/> steps, or as many as are left.</summary>
    public void Collect(long maximumSteps, ITrainingSink sink, TrainingClock clock)
    {
        if (Steps == 0)
        {
            Forewarn(sink);
        }

        collector.Collect((int)Math.Min(options.UpdateEvery, maximumSteps), choose, take, sink, clock);
    }

    /// <summary>Takes steps without learning.</summary>
    internal void Collect(int steps, ITrainingSink sink) => collector.Collect(steps, choose, take, sink, new TrainingClock());

    /// <summary>Draws a batch, uniformly with replacement.</summary>
    public void Sample()
    {
        Buffer.Draw(replayStream, indices);
        Buffer.Gather(indices, Batch);
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("exploration_stream", explorationStream);
        writer.Write("replay_stream", replayStream);
        writer.Write("buffer", Buffer);
        writer.Write("collector", collector);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        reader.Read("exploration_stream", explorationStream);
        reader.Read("replay_stream", replayStream);
        reader.Read("buffer", Buffer);
        reader.Read("collector", collector);
    }

    /// <inheritdoc/>
    public void Dispose() => collector.Dispose();

    /// <summary>Says before the first step what will keep the run from learning.</summary>
    private void Forewarn(ITrainingSink sink)
    {
        if (options.LearningStarts >= totalTimesteps)
        {
            sink.Notice($"All {totalTimesteps} actions will be drawn at random: learning_starts is {options.LearningStarts}.");
        }

        if (options.UpdateAfter > totalTimesteps)
        {
            sink.Notice($"There will be no update in {totalTimesteps} steps: update_after is {options.UpdateAfter}.");
        }

        if (options.BufferSize < options.BatchSize)
        {
            sink.Notice($"The replay buffer holds {options.BufferSize} transitions, fewer than a batch of {options.BatchSize}.");
        }
    }
}
