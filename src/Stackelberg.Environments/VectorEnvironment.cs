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
/// <para>With <see cref="StepWorkers"/> each thread makes, resets, steps, saves and loads a fixed slice of the copies; the results have the same bits
/// whatever the number of threads. A step that fails names the lowest failing copy; after it a Reset with a seed is due.</para>
/// </remarks>
public sealed partial class VectorEnvironment : IStateful, IDisposable
{
    private readonly IEnvironment[] copies;
    private readonly EpisodeStatistics[] statistics;
    private readonly double[] observations;
    private readonly double[] finalObservations;
    private readonly double[] rewards;
    private readonly bool[] terminated;
    private readonly bool[] truncated;
    private readonly bool[] ended;
    private readonly double[] episodeReturns;
    private readonly long[] episodeLengths;
    private readonly int observationSize;
    private readonly int actionSize;
    private readonly VectorNormalisation? normalisation;
    private bool ready;
    private bool disposed;

    /// <summary>Makes <paramref name="count"/> copies.</summary>
    /// <param name="create">Makes copy i, wrapped as wanted. Episode statistics come from its <see cref="EpisodeStatistics"/> wrapper, which is
    /// put around it where it has none. Called for one copy after another, on the thread that will step the copy.</param>
    /// <param name="workers">Threads that step the copies, owned from now on even if this constructor throws; null to step on the calling
    /// thread.</param>
    /// <param name="normalisation">Normalises over all copies; null for none.</param>
    /// <exception cref="ArgumentException">The count is not positive, the copies do not have the same spaces, the normalisation does not fit,
    /// or copies on several threads share running moments.</exception>
    public VectorEnvironment(
        int count, Func<int, IEnvironment> create, StepWorkers? workers = null, VectorNormalisation? normalisation = null)
    {
        this.workers = workers;
        this.normalisation = normalisation;
        current = new int[workers?.Count ?? 1];
        (resetSlice, stepSlice, resetCopy, stepCopy) = (ResetSlice, StepSlice, ResetCopy, StepCopy);
        copies = [];
        try
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
            copies = new IEnvironment[count];
            statistics = new EpisodeStatistics[count];
            CreateCopies(create);
            RequireSeparateMoments();
            observationSize = copies[0].ObservationSpace.Size;
            actionSize = copies[0].ActionSpace.Size;
            normalisation?.Attach(count, observationSize);
        }
        catch
        {
            Dispose();
            throw;
        }

        observations = new double[count * observationSize];
        finalObservations = new double[count * observationSize];
        actionsToTake = new double[count * actionSize];
        seeds = new ulong?[count];
        rewards = new double[count];
        terminated = new bool[count];
        truncated = new bool[count];
        ended = new bool[count];
        episodeReturns = new double[count];
        episodeLengths = new long[count];
    }

    /// <inheritdoc cref="VectorEnvironment(int, Func{int, IEnvironment}, StepWorkers, VectorNormalisation)"/>
    public VectorEnvironment(int count, Func<IEnvironment> create, StepWorkers? workers = null, VectorNormalisation? normalisation = null)
        : this(count, _ => create(), workers, normalisation)
    {
    }

    /// <summary>Number of copies.</summary>
    public int Count => copies.Length;

    /// <summary>The copies, with their wrappers.</summary>
    public IReadOnlyList<IEnvironment> Copies => copies;

    /// <summary>Normalisation over all copies; null for none.</summary>
    public VectorNormalisation? Normalisation => normalisation;

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
    public bool Ended(int index) => ended[index];

    /// <summary>The observation of copy <paramref name="index"/> to act on.</summary>
    public ReadOnlySpan<double> Observation(int index) => observations.AsSpan(index * observationSize, observationSize);

    /// <summary>The observation that the last step of copy <paramref name="index"/> led to, before any reset.</summary>
    public ReadOnlySpan<double> SuccessorObservation(int index) =>
        (Ended(index) ? finalObservations : observations).AsSpan(index * observationSize, observationSize);

    /// <summary>Starts an episode in every copy.</summary>
    /// <param name="seed">Root of the copies' random streams, or null to go on with the present ones. Copies never seeded would all go on
    /// from the same stream, so the first reset needs a seed.</param>
    /// <exception cref="InvalidOperationException">The first reset, or the one after a failed step, has no seed.</exception>
    /// <exception cref="EnvironmentException">A copy failed: the message names it.</exception>
    public void Reset(ulong? seed)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (seed is null && !ready)
        {
            throw new InvalidOperationException("The first Reset of a vector environment, and the one after a failed step, needs a seed; " +
                "without one all copies would run the same episodes, or go on from where the failure left them.");
        }

        for (int i = 0; i < copies.Length; i++)
        {
            seeds[i] = seed is ulong root ? RandomStream.FromSeed(root).Split("copy", i).NextUInt64() : null;
        }

        OnSlices(resetSlice);
        normalisation?.AfterReset(observations);
        ready = true;
    }

    /// <summary>Steps every copy once, and resets those that ended.</summary>
    /// <param name="actions">Row-major [Count × ActionSpace.Size].</param>
    /// <exception cref="EnvironmentException">No Reset came first, the number of actions is wrong, or a copy failed: the message names it.</exception>
    public void Step(ReadOnlySpan<double> actions)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!ready)
        {
            throw EnvironmentException.NoEpisodeRunning(Spec.Id);
        }

        if (actions.Length != copies.Length * actionSize)
        {
            throw new EnvironmentException(
                $"{Spec.Id}: got {actions.Length} numbers as actions of {copies.Length} copies; {copies.Length} × {actionSize} are needed.");
        }

        actions.CopyTo(actionsToTake);
        OnSlices(stepSlice);
        normalisation?.AfterStep(observations, finalObservations, rewards, ended);
    }

    /// <summary>Disposes the copies and ends the threads.</summary>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            try
            {
                DisposeCopies();
            }
            finally
            {
                workers?.Dispose();
            }
        }
    }
}
