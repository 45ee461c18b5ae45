using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>
/// Several copies of an environment stepped together. A copy whose episode ended is reset in the same step; what it ended with is kept apart.
/// </summary>
/// <remarks>
/// <para>After <see cref="Step"/>, row i of <see cref="Observations"/> is the observation to act on next: the first of a new episode where copy i
/// ended. The observation the step itself led to is then row i of <see cref="FinalObservations"/>, which is NaN everywhere else so that reading
/// it by mistake shows. <see cref="SuccessorObservation"/> picks the right one of the two for bootstrapping and replay buffers.
/// <see cref="Terminated"/> and <see cref="Truncated"/> are never merged: bootstrap where Terminated is false.</para>
/// <para>Every copy has its own random stream, derived from the seed and its index alone, so a copy's episodes do not depend on how many
/// others there are. Spans returned are views of buffers that the next Step or Reset overwrites.</para>
/// </remarks>
public sealed class VectorEnvironment : IStateful, IDisposable
{
    private readonly IEnvironment[] copies;
    private readonly EpisodeStatistics[] statistics;
    private readonly double[] observations;
    private readonly double[] finalObservations;
    private readonly double[] rewards;
    private readonly bool[] terminated;
    private readonly bool[] truncated;
    private readonly double[] episodeReturns;
    private readonly long[] episodeLengths;
    private readonly int observationSize;
    private readonly int actionSize;
    private bool ready;

    /// <summary>Makes <paramref name="count"/> copies.</summary>
    /// <param name="create">Makes copy i, wrapped as wanted. Episode statistics come from its <see cref="EpisodeStatistics"/> wrapper, which is
    /// put around it where it has none.</param>
    /// <exception cref="ArgumentException">The count is not positive, or the copies do not have the same spaces.</exception>
    public VectorEnvironment(int count, Func<int, IEnvironment> create)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        copies = new IEnvironment[count];
        statistics = new EpisodeStatistics[count];
        for (int i = 0; i < count; i++)
        {
            IEnvironment copy = create(i);
            copies[i] = copy.Find<EpisodeStatistics>() is null ? new EpisodeStatistics(copy) : copy;
            statistics[i] = copies[i].Find<EpisodeStatistics>()!;
            RequireSameSpaces(copies[0], copies[i], i);
        }

        observationSize = copies[0].ObservationSpace.Size;
        actionSize = copies[0].ActionSpace.Size;
        observations = new double[count * observationSize];
        finalObservations = new double[count * observationSize];
        rewards = new double[count];
        terminated = new bool[count];
        truncated = new bool[count];
        episodeReturns = new double[count];
        episodeLengths = new long[count];
    }

    /// <inheritdoc cref="VectorEnvironment(int, Func{int, IEnvironment})"/>
    public VectorEnvironment(int count, Func<IEnvironment> create)
        : this(count, _ => create())
    {
    }

    /// <summary>Number of copies.</summary>
    public int Count => copies.Length;

    /// <summary>The copies, with their wrappers.</summary>
    public IReadOnlyList<IEnvironment> Copies => copies;

    /// <summary>Facts of one copy.</summary>
    public EnvironmentSpec Spec => copies[0].Spec;

    /// <summary>Observations of one copy.</summary>
    public Space ObservationSpace => copies[0].ObservationSpace;

    /// <summary>Actions of one copy.</summary>
    public Space ActionSpace => copies[0].ActionSpace;

    /// <summary>The observations to act on, row-major [Count × ObservationSpace.Size].</summary>
    public ReadOnlySpan<double> Observations => observations;

    /// <summary>Where an episode ended in the last step, the observation it ended with; NaN in all other rows. [Count ×
    /// ObservationSpace.Size].</summary>
    public ReadOnlySpan<double> FinalObservations => finalObservations;

    /// <summary>Rewards of the last step.</summary>
    public ReadOnlySpan<double> Rewards => rewards;

    /// <summary>Which copies ended inside the problem in the last step: no future reward exists.</summary>
    public ReadOnlySpan<bool> Terminated => terminated;

    /// <summary>Which copies were cut by a time limit in the last step: bootstrap from the final observation, unless also terminated.</summary>
    public ReadOnlySpan<bool> Truncated => truncated;

    /// <summary>Undiscounted return of the episode that ended in the last step; NaN where none did.</summary>
    public ReadOnlySpan<double> EpisodeReturns => episodeReturns;

    /// <summary>Steps of the episode that ended in the last step; 0 where none did.</summary>
    public ReadOnlySpan<long> EpisodeLengths => episodeLengths;

    /// <summary>Whether copy <paramref name="index"/> ended an episode in the last step, for either reason.</summary>
    public bool Ended(int index) => terminated[index] || truncated[index];

    /// <summary>The observation of copy <paramref name="index"/> to act on.</summary>
    public ReadOnlySpan<double> Observation(int index) => observations.AsSpan(index * observationSize, observationSize);

    /// <summary>The observation that the last step of copy <paramref name="index"/> led to, before any reset.</summary>
    public ReadOnlySpan<double> SuccessorObservation(int index) =>
        (Ended(index) ? finalObservations : observations).AsSpan(index * observationSize, observationSize);

    /// <summary>Starts an episode in every copy.</summary>
    /// <param name="seed">Root of the copies' random streams, or null to go on with the present ones. Copies never seeded would all go on
    /// from the same stream, so the first reset needs a seed.</param>
    /// <exception cref="InvalidOperationException">The first reset has no seed.</exception>
    public void Reset(ulong? seed)
    {
        if (seed is null && !ready)
        {
            throw new InvalidOperationException(
                "The first Reset of a vector environment needs a seed; without one all copies would run the same episodes.");
        }

        for (int i = 0; i < copies.Length; i++)
        {
            ulong? own = seed is ulong root ? RandomStream.FromSeed(root).Split("copy", i).NextUInt64() : null;
            Clear(i);
            copies[i].Reset(own, Row(observations, i));
        }

        ready = true;
    }

    /// <summary>Steps every copy once, and resets those that ended.</summary>
    /// <param name="actions">Row-major [Count × ActionSpace.Size].</param>
    /// <exception cref="EnvironmentException">No Reset came first, the number of actions is wrong, or a copy failed: the message names it.</exception>
    public void Step(ReadOnlySpan<double> actions)
    {
        if (!ready)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (actions.Length != copies.Length * actionSize)
        {
            throw new EnvironmentException(
                $"{Spec.Id}: got {actions.Length} numbers as actions of {copies.Length} copies; {copies.Length} × {actionSize} are needed.");
        }

        for (int i = 0; i < copies.Length; i++)
        {
            StepCopy(i, actions.Slice(i * actionSize, actionSize));
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        StateWriter group = writer.Group("copies");
        for (int i = 0; i < copies.Length; i++)
        {
            group.Write($"{i}", copies[i]);
        }

        writer.Write("count", (long)copies.Length);
        writer.Write("ready", ready);
        writer.WriteArray("observations", observations);
        writer.WriteArray("final_observations", finalObservations);
        writer.WriteArray("rewards", rewards);
        writer.WriteArray("terminated", Bytes(terminated));
        writer.WriteArray("truncated", Bytes(truncated));
        writer.WriteArray("episode_returns", episodeReturns);
        writer.WriteArray("episode_lengths", episodeLengths);
    }

    /// <inheritdoc/>
    /// <exception cref="StateException">The state is of another number of copies.</exception>
    public void Load(StateReader reader)
    {
        long count = reader.ReadInt64("count");
        if (count != copies.Length)
        {
            throw new StateException($"The saved vector environment has {count} copies, this one {copies.Length}; make as many as were saved.");
        }

        StateReader group = reader.Group("copies");
        for (int i = 0; i < copies.Length; i++)
        {
            group.Read($"{i}", copies[i]);
        }

        ready = reader.ReadBoolean("ready");
        reader.ReadArray("observations", observations);
        reader.ReadArray("final_observations", finalObservations);
        reader.ReadArray("rewards", rewards);
        ReadFlags(reader, "terminated", terminated);
        ReadFlags(reader, "truncated", truncated);
        reader.ReadArray("episode_returns", episodeReturns);
        reader.ReadArray("episode_lengths", episodeLengths);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IEnvironment copy in copies)
        {
            copy.Dispose();
        }
    }

    // Touches nothing but row i of every buffer and copy i, so that copies may be stepped on different threads.
    private void StepCopy(int i, ReadOnlySpan<double> action)
    {
        try
        {
            Span<double> observation = Row(observations, i);
            StepResult result = copies[i].Step(action, observation);
            Clear(i);
            rewards[i] = result.Reward;
            terminated[i] = result.Terminated;
            truncated[i] = result.Truncated;
            if (result.Ended)
            {
                observation.CopyTo(Row(finalObservations, i));
                episodeReturns[i] = statistics[i].Return;
                episodeLengths[i] = statistics[i].Length;
                copies[i].Reset(null, observation);
            }
        }
        catch (EnvironmentException exception)
        {
            throw new EnvironmentException($"Copy {i} of {copies.Length}: {exception.Message}", exception);
        }
    }

    private void Clear(int i)
    {
        Row(finalObservations, i).Fill(double.NaN);
        rewards[i] = 0;
        terminated[i] = false;
        truncated[i] = false;
        episodeReturns[i] = double.NaN;
        episodeLengths[i] = 0;
    }

    private Span<double> Row(double[] rows, int i) => rows.AsSpan(i * observationSize, observationSize);

    private static void RequireSameSpaces(IEnvironment first, IEnvironment other, int index)
    {
        if (first.ObservationSpace.ToString() != other.ObservationSpace.ToString() || first.ActionSpace.ToString() != other.ActionSpace.ToString())
        {
            throw new ArgumentException($"Copy {index} has spaces {other.ObservationSpace} and {other.ActionSpace}, " +
                $"copy 0 {first.ObservationSpace} and {first.ActionSpace}; all copies need the same.");
        }
    }

    private static byte[] Bytes(bool[] flags) => Array.ConvertAll(flags, f => f ? (byte)1 : (byte)0);

    private static void ReadFlags(StateReader reader, string key, bool[] into)
    {
        byte[] bytes = new byte[into.Length];
        reader.ReadArray(key, bytes);
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = bytes[i] != 0;
        }
    }
}
