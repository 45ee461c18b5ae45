using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Replay;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Agents.Algorithms;

/// <summary>What DDPG and TD3 share: acting, the replay buffer, the networks and their targets, saved state and faults.</summary>
public abstract class OffPolicyLearner<T> : IAlgorithm
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OffPolicyOptions options;
    private readonly OffPolicyCollector<T> collector;
    private readonly RowParallelism? parallelism;
    private readonly Adam<T> actorOptimiser;
    private readonly RandomStream replayStream;
    private readonly int[] indices;
    private readonly Matrix<T> outputCotangents;
    private readonly Matrix<T> inputCotangents;
    private readonly Matrix<T> actionCotangents;
    private readonly int observationSize;

    /// <summary>Builds networks, optimisers, buffer and collector.</summary>
    private protected OffPolicyLearner(AlgorithmContext context, OffPolicyOptions options, int critics)
    {
        this.options = options;
        Space observations = context.Environment.ObservationSpace;
        Space actions = context.Environment.ActionSpace;
        int rows = options.BatchSize;
        observationSize = observations.Size;
        parallelism = context.Threads > 1 ? new RowParallelism(context.Threads) : null;
        Actor = new DeterministicActor<T>(observations, actions, options.Actor, rows, context.Random.Split("actor"), parallelism);
        Critics = [.. Enumerable.Range(0, critics).Select(i =>
            new QCritic<T>(observations.Size, actions.Size, options.Critic, rows, context.Random.Split("critic", i), parallelism))];
        Buffer = new ReplayBuffer<T>(options.BufferSize, observations.Size, actions.Size);
        Batch = new ReplayBatch<T>(rows, observations.Size, actions.Size);
        collector = new OffPolicyCollector<T>(context.Environment, Actor, options.LearningStarts, options.ActionNoise, context.Random);
        replayStream = context.Random.Split("replay");
        actorOptimiser = new Adam<T>(Actor.Parameters.Length, options.Actor.LearningRate);
        ActorGradient = new FlatVector<T>(Actor.Parameters.Length);
        indices = new int[rows];
        Targets = new T[rows];
        Joined = new Matrix<T>(rows, observations.Size + actions.Size);
        outputCotangents = new Matrix<T>(rows, 1);
        outputCotangents.Span.Fill(T.CreateTruncating(-1.0 / rows));
        inputCotangents = new Matrix<T>(rows, observations.Size + actions.Size);
        actionCotangents = new Matrix<T>(rows, actions.Size);
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

    /// <summary>μ_θ</summary>
    public DeterministicActor<T> Actor { get; }

    /// <summary>Q_w, or both of twin critics.</summary>
    public IReadOnlyList<QCritic<T>> AllCritics => Critics;

    /// <summary>The transitions kept.</summary>
    public ReplayBuffer<T> Buffer { get; }

    private protected QCritic<T>[] Critics { get; }

    /// <summary>The transitions of the present update.</summary>
    internal ReplayBatch<T> Batch { get; }

    /// <summary>y, one per transition of the batch.</summary>
    internal T[] Targets { get; }

    /// <summary>∂f₁/∂θ of the last actor step.</summary>
    internal FlatVector<T> ActorGradient { get; }

    /// <summary>A critic's input with the actions of an actor, [batch × (observation size + action size)].</summary>
    private protected Matrix<T> Joined { get; }

    /// <inheritdoc/>
    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        collector.Collect(Buffer, (int)Math.Min(options.UpdateEvery, maximumSteps), sink, Clock);
        long start = Stopwatch.GetTimestamp();
        Iterations++;
        if (Steps >= options.UpdateAfter)
        {
            double loss = 0;
            for (int i = 0; i < options.Updates; i++)
            {
                Sample();
                loss = Update(Updates);
                Updates++;
            }

            double gradientNorm = Vectors.Norm<T>(ActorGradient.Span);
            RequireFinite(gradientNorm, loss);
            sink.Metric("critic/loss", loss);
            sink.Metric("critic/value", MeanTarget());
            sink.Metric("actor/gradient_norm", gradientNorm);
        }

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
            writer.Write(i == 0 ? "critic" : $"critic{i + 1}", Critics[i]);
        }

        writer.Write("replay_stream", replayStream);
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
            reader.Read(i == 0 ? "critic" : $"critic{i + 1}", Critics[i]);
        }

        reader.Read("replay_stream", replayStream);
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

    /// <summary>One update on the drawn batch. Returns the critic's loss, the mean over twins.</summary>
    internal abstract double Update(long update);

    /// <summary>y ← r + γ (1 − terminated) min over critics of Q_target at the actions in <see cref="Joined"/>.</summary>
    private protected void Bootstrap()
    {
        for (int c = 0; c < Critics.Length; c++)
        {
            Linearisation<T> q = Critics[c].Linearisation;
            q.Forward(Critics[c].Target, Joined, Batch.Rows);
            ReadOnlySpan<T> values = q.Outputs.Span;
            for (int i = 0; i < Targets.Length; i++)
            {
                Targets[i] = c == 0 ? values[i] : T.Min(Targets[i], values[i]);
            }
        }

        T gamma = T.CreateTruncating(options.Gamma);
        for (int i = 0; i < Targets.Length; i++)
        {
            Targets[i] = Batch.Rewards[i] + (gamma * Batch.Continues[i] * Targets[i]);
        }
    }

    /// <summary>Gradient ← ∂f₁/∂θ of f₁ = −mean Q_w(s, μ_θ(s)), with the first critic; returns f₁.</summary>
    internal double ActorLossGradient()
    {
        Actor.Join(Actor.Parameters, Batch.Observations, Batch.Rows, Joined);
        Linearisation<T> q = Critics[0].Linearisation;
        q.Forward(Critics[0].Parameters, Joined, Batch.Rows);
        q.InputVjp(outputCotangents, inputCotangents);
        ReadOnlySpan<T> half = Actor.HalfRange;
        double sum = 0;
        for (int i = 0; i < Batch.Rows; i++)
        {
            ReadOnlySpan<T> from = inputCotangents.Row(i)[observationSize..];
            Span<T> to = actionCotangents.Row(i);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = half[j] * from[j];
            }

            sum += double.CreateTruncating(q.Outputs.Span[i]);
        }

        Actor.Linearisation.Vjp(actionCotangents, ActorGradient);
        return -sum / Batch.Rows;
    }

    /// <summary>θ ← Adam(θ, ∂f₁/∂θ), and the target actor follows.</summary>
    private protected void StepActor() =>
        actorOptimiser.StepAndTrack(Actor.Parameters, ActorGradient, Actor.Target, options.Polyak);

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
                $"NaN or infinity in {what} in iteration {Iterations}, at environment step {Steps}. " +
                "Smaller actor.learning_rate or critic.learning_rate usually help.");
        }
    }
}
