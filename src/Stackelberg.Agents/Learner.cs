using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Replay;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents;

/// <summary>
/// What every method does alike: it owns parts that are saved, loaded and disposed together, and repeats <see cref="Collect"/> and <see cref="Update"/>.
/// A method is a constructor that builds its parts and these two.
/// </summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public abstract class Learner<T> : IAlgorithm
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<(string Name, IStateful Part)> parts = [];
    private readonly long totalTimesteps;

    /// <summary>Takes the planned length of the run and the number of threads.</summary>
    protected Learner(AlgorithmContext context)
    {
        totalTimesteps = context.TotalTimesteps;
        Parallelism = context.Threads > 1 ? new RowParallelism(Math.Min(context.Threads, RowParallelism.MaximumThreads)) : null;
    }

    /// <inheritdoc/>
    public abstract long Steps { get; }

    /// <inheritdoc/>
    public long Iterations { get; private set; }

    /// <inheritdoc/>
    public TrainingClock Clock { get; } = new();

    /// <inheritdoc/>
    public abstract IPolicy Policy { get; }

    /// <inheritdoc/>
    public virtual ReplayMemory? ReplayMemory => null;

    /// <inheritdoc/>
    public IReadOnlyList<(string Network, int Parameters)> Networks => [.. Players.Select(static p => (p.Name, p.Layout.Count))];

    /// <summary>The players, in the order in which they were kept.</summary>
    public IEnumerable<Player<T>> Players => parts.Select(static p => p.Part).OfType<Player<T>>();

    /// <summary>Threads that share the rows of large batches; null for the caller's own.</summary>
    protected RowParallelism? Parallelism { get; }

    /// <inheritdoc/>
    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        foreach ((_, IStateful part) in parts)
        {
            (part as Player<T>)?.Anneal(Steps, totalTimesteps);
        }

        Collect(maximumSteps, sink);
        long start = Stopwatch.GetTimestamp();
        Update(sink);
        Clock.UpdateSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach ((_, IStateful part) in parts)
        {
            if (part is Player<T> player && !Vectors.AllFinite<T>(player.Parameters.Span))
            {
                throw NonFinite($"the {player.Name}'s parameters");
            }
        }

        Iterations++;
    }

    /// <inheritdoc/>
    /// <exception cref="NumericalException">The state holds infinity, or an array NaN.</exception>
    public void Save(StateWriter writer)
    {
        writer = new FiniteWriter(writer, "", place => NonFinite($"'{place}' of what is to be saved"));
        writer.Write("iterations", Iterations);
        foreach ((string name, IStateful part) in parts)
        {
            writer.Write(name, part);
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Iterations = reader.ReadInt64("iterations");
        foreach ((string name, IStateful part) in parts)
        {
            reader.Read(name, part);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parallelism?.Dispose();
        GC.SuppressFinalize(this);
        foreach ((_, IStateful part) in parts)
        {
            (part as IDisposable)?.Dispose();
        }
    }

    /// <summary>Takes environment steps.</summary>
    /// <param name="maximumSteps">At most so many, and at least 1.</param>
    protected abstract void Collect(long maximumSteps, ITrainingSink sink);

    /// <summary>Learns from what was collected, and reports metrics.</summary>
    /// <exception cref="NumericalException">NaN or infinity arose.</exception>
    protected abstract void Update(ITrainingSink sink);

    /// <summary>Makes a part belong to the learner: saved and loaded under its name, and disposed with it.</summary>
    /// <param name="name">Unique in this learner, snake_case.</param>
    protected TPart Keep<TPart>(string name, TPart part)
        where TPart : IStateful
    {
        if (parts.Exists(p => p.Name == name))
        {
            throw new ArgumentException($"The learner keeps a part '{name}' already; names must differ.", nameof(name));
        }

        parts.Add((name, part));
        return part;
    }

    /// <summary>Passes a finite number on.</summary>
    /// <param name="what">With its article, such as <c>the critic's loss</c>.</param>
    /// <exception cref="NumericalException">The number is not finite.</exception>
    protected double Finite(string what, double value) => double.IsFinite(value) ? value : throw NonFinite($"{what} ({value})");

    private NumericalException NonFinite(string what) => new(
        $"NaN or infinity in {what} in iteration {Iterations + 1}, at environment step {Steps}. Smaller learning rates (actor.learning_rate, critic.learning_rate), "
        + "or with a leader a larger hypergradient.damping or a finite hypergradient.bound, usually help.");
}
