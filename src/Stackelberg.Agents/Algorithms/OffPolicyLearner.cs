using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// What off-policy methods share: acting, the replay buffer, the networks and their targets, the pieces of an update, saved state and faults.
/// </summary>
public abstract partial class OffPolicyLearner<T> : IAlgorithm
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyOptions options;
    private readonly long totalTimesteps;
    private readonly OffPolicyCollector<T> collector;
    private readonly RowParallelism? parallelism;
    private readonly Adam<T> actorOptimiser;
    private readonly RandomStream replayStream;
    private readonly int[] indices;
    private readonly StackelbergUpdate<T>? stackelberg;

    /// <summary>Builds critics, optimisers, buffer, collector and, where the options name a leader, the bilevel update.</summary>
    /// <param name="actor">Fresh; named <c>actor</c> in the state.</param>
    /// <param name="critics">1, or 2 for twins.</param>
    /// <param name="actorCritics">How many of the critics, from the first, the actor's loss takes the minimum of.</param>
    private protected OffPolicyLearner(
        AlgorithmContext context, OffPolicyOptions options, ReparameterisedActor<T> actor, int critics, int actorCritics)
    {
        this.options = options;
        totalTimesteps = context.TotalTimesteps;
        int rows = options.BatchSize;
        int observationSize = actor.Layout.Inputs;
        bool bilevel = options is IStackelbergOptions { Leader: not Leader.None };
        parallelism = context.Threads > 1 ? new RowParallelism(context.Threads) : null;
        Actor = actor;
        ActorCritics = actorCritics;
        Critics = [.. Enumerable.Range(0, critics).Select(i => new QCritic<T>(
            observationSize, actor.ActionSize, options.Critic, rows, context.Random.Split("critic", i), parallelism, bilevel))];
        Buffer = new ReplayBuffer<T>(options.BufferSize, observationSize, actor.ActionSize);
        Batch = new ReplayBatch<T>(rows, observationSize, actor.ActionSize);
        collector = new OffPolicyCollector<T>(context.Environment, actor, options.LearningStarts, options.ActionNoise, context.Random);
        replayStream = context.Random.Split("replay");
        NoiseStream = context.Random.Split("smoothing");
        actorOptimiser = new Adam<T>(actor.Parameters.Length, options.Actor.LearningRate);
        ActorGradient = new FlatVector<T>(actor.Parameters.Length);
        AtObservations = actor.CreatePoint(rows, parallelism);
        AtNext = bilevel ? actor.CreatePoint(rows, parallelism) : AtObservations;
        PolicyInputs = new Matrix<T>(rows, observationSize + actor.ActionSize);
        NextInputs = bilevel ? new Matrix<T>(rows, observationSize + actor.ActionSize) : PolicyInputs;
        ValueWeights = [.. Enumerable.Range(0, actorCritics).Select(_ => new Matrix<T>(rows, 1))];
        ActionCotangents = new Matrix<T>(rows, actor.ActionSize);
        criticCotangents = new Matrix<T>(rows, actor.ActionSize);
        logCotangents = new T[rows];
        smallest = new int[rows];
        indices = new int[rows];
        Targets = new T[rows];
        Array.ForEach(ValueWeights, m => m.Span.Fill(T.CreateTruncating(-1.0 / rows)));
        stackelberg = bilevel ? new StackelbergUpdate<T>(this, (IStackelbergOptions)options, context.Solvers, context.Random.Split("hypergradient")) : null;
    }

    /// <inheritdoc/>
    public long Steps => collector.Steps;

    /// <inheritdoc/>
    public long Iterations { get; private set; }

    /// <summary>Updates made so far.</summary>
    public long Updates { get; private set; }

    /// <inheritdoc/>
    public TrainingClock Clock { get; } = new();

    /// <inheritdoc/>
    public IPolicy Policy => Actor;

    /// <inheritdoc/>
    public IReadOnlyList<(string Network, int Parameters)> Networks =>
        [("actor", Actor.Layout.Parameters.Count), ("critic", Critics.Length * Critics[0].Layout.Parameters.Count)];

    /// <inheritdoc/>
    public ReplayMemory ReplayMemory => Buffer.Memory;

    /// <summary>The actor.</summary>
    public ReparameterisedActor<T> Actor { get; }

    /// <summary>Q_w, or both of twin critics.</summary>
    public IReadOnlyList<QCritic<T>> AllCritics => Critics;

    /// <summary>The transitions kept.</summary>
    public ReplayBuffer<T> Buffer { get; }

    /// <summary>The critics.</summary>
    internal QCritic<T>[] Critics { get; }

    /// <summary>The transitions of the present update.</summary>
    internal ReplayBatch<T> Batch { get; }

    /// <summary>y, one per transition of the batch.</summary>
    internal T[] Targets { get; }

    /// <summary>What the last actor step descended: ∂f₁/∂θ, or D f₁ where the actor leads.</summary>
    internal FlatVector<T> ActorGradient { get; }

    /// <summary>Where noise on next actions (TD3) and draws of a stochastic actor (SAC) come from.</summary>
    internal RandomStream NoiseStream { get; }

    /// <inheritdoc/>
    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        if (Steps == 0)
        {
            Forewarn(sink);
        }

        collector.Collect(Buffer, (int)Math.Min(options.UpdateEvery, maximumSteps), sink, Clock);
        long start = Stopwatch.GetTimestamp();
        if (Steps >= options.UpdateAfter)
        {
            double loss = 0;
            for (int i = 0; i < options.Updates; i++)
            {
                Sample();
                loss = stackelberg is null ? Update(Updates) : StackelbergUpdate(Updates, sink);
                Updates++;
            }

            double gradientNorm = Vectors.Norm<T>(ActorGradient.Span);
            RequireFinite(gradientNorm, loss);
            sink.Metric("critic/loss", loss);
            sink.Metric("critic/value", MeanTarget());
            sink.Metric("actor/gradient_norm", gradientNorm);
            Report(sink);
        }

        Iterations++;
        Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <inheritdoc/>
    public virtual void Save(StateWriter writer)
    {
        writer.Write("iterations", Iterations);
        writer.Write("updates", Updates);
        NetworkState.Save(writer.Group("actor"), Actor.Layout.Parameters, Actor.Parameters);
        NetworkState.Save(writer.Group("target_actor"), Actor.Layout.Parameters, Actor.Target);
        writer.Write("actor_optimiser", actorOptimiser);
        // shown as a metric until the next actor step
        ActorGradient.Save(writer, "actor_gradient");
        for (int i = 0; i < Critics.Length; i++)
        {
            writer.Write(CriticName(i), Critics[i]);
        }

        if (stackelberg is not null)
        {
            writer.Write("stackelberg", stackelberg);
        }

        writer.Write("replay_stream", replayStream);
        writer.Write("smoothing_stream", NoiseStream);
        writer.Write("buffer", Buffer);
        writer.Write("collector", collector);
    }

    /// <inheritdoc/>
    public virtual void Load(StateReader reader)
    {
        Iterations = reader.ReadInt64("iterations");
        Updates = reader.ReadInt64("updates");
        NetworkState.Load(reader.Group("actor"), Actor.Layout.Parameters, Actor.Parameters);
        NetworkState.Load(reader.Group("target_actor"), Actor.Layout.Parameters, Actor.Target);
        reader.Read("actor_optimiser", actorOptimiser);
        ActorGradient.Load(reader, "actor_gradient");
        for (int i = 0; i < Critics.Length; i++)
        {
            reader.Read(CriticName(i), Critics[i]);
        }

        if (stackelberg is not null)
        {
            reader.Read("stackelberg", stackelberg);
        }

        reader.Read("replay_stream", replayStream);
        reader.Read("smoothing_stream", NoiseStream);
        reader.Read("buffer", Buffer);
        reader.Read("collector", collector);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        collector.Dispose();
        parallelism?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes steps in the environment without learning.</summary>
    internal void Collect(int steps, ITrainingSink sink) => collector.Collect(Buffer, steps, sink, Clock);

    /// <summary>Draws the batch of the next update.</summary>
    internal void Sample()
    {
        Buffer.Draw(replayStream, indices);
        Buffer.Gather(indices, Batch);
    }

    /// <summary>One update with a leader on the drawn batch. Returns the critic's loss, the mean over twins.</summary>
    internal double StackelbergUpdate(long update, ITrainingSink sink) => stackelberg!.Update(update, sink);

    /// <summary>One update on the drawn batch. Returns the critic's loss, the mean over twins.</summary>
    internal abstract double Update(long update);

    /// <summary>Whether update number <paramref name="update"/>, counted from 0, moves the actor.</summary>
    internal virtual bool MovesActor(long update) => true;

    /// <summary>Whether update number <paramref name="update"/> moves the target networks.</summary>
    internal virtual bool MovesTargets(long update) => true;

    /// <summary>Whether a target actor follows the actor; otherwise it stays as it began.</summary>
    internal virtual bool HasTargetActor => true;

    /// <summary>Metrics of one method alone.</summary>
    private protected virtual void Report(ITrainingSink sink)
    {
    }

    /// <summary>What may help beside smaller learning rates when a number overflows; begins with a comma.</summary>
    private protected virtual string FurtherAdvice =>
        stackelberg is null ? "" : ", with a leader also a larger hypergradient.damping or a finite hypergradient.bound";

    /// <summary>The actor has taken a step.</summary>
    internal virtual void ActorStepped()
    {
    }

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

    private double MeanTarget()
    {
        double sum = 0;
        foreach (T target in Targets)
        {
            sum += double.CreateTruncating(target);
        }

        return sum / Targets.Length;
    }

    private void RequireFinite(double gradientNorm, double loss)
    {
        string? what = !double.IsFinite(loss) ? $"the critic's loss ({loss})"
            : !double.IsFinite(gradientNorm) ? $"the actor's gradient (norm {gradientNorm})"
            : !Vectors.AllFinite<T>(Actor.Parameters.Span) ? "the actor's parameters"
            : !Array.TrueForAll(Critics, static c => Vectors.AllFinite<T>(c.Parameters.Span)) ? "a critic's parameters"
            : null;
        if (what is not null)
        {
            throw new NumericalException(
                $"NaN or infinity in {what} in iteration {Iterations + 1}, at environment step {Steps}. " +
                $"Smaller actor.learning_rate or critic.learning_rate usually help{FurtherAdvice}.");
        }
    }
}
